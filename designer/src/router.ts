// All routes, in the order of the menu. Areas are loaded when first visited; a page that needs a session sends
// strangers to the login and back.

import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { useSession } from './composables/useSession.ts';
import { i18n } from './i18n/index.ts';

const routes: RouteRecordRaw[] = [
  {
    path: '/login',
    name: 'login',
    component: () => import('./areas/session/LoginPage.vue'),
    meta: { isPublic: true, title: 'login.title' },
  },
  {
    path: '/verify',
    name: 'verify',
    component: () => import('./areas/verify/VerifyPage.vue'),
    meta: { isPublic: true, title: 'verify.title' },
  },
  { path: '/', redirect: '/tasks' },
  {
    path: '/tasks',
    name: 'tasks',
    component: () => import('./areas/inbox/InboxPage.vue'),
    meta: { title: 'inbox.title' },
  },
  {
    path: '/tasks/:taskKey',
    name: 'task',
    component: () => import('./areas/documents/actions/TaskPage.vue'),
    meta: { title: 'task.title' },
  },
  {
    path: '/documents',
    name: 'documents',
    component: () => import('./areas/documents/list/DocumentListPage.vue'),
    meta: { title: 'documents.title' },
  },
  {
    path: '/case-files',
    name: 'case-files',
    component: () => import('./areas/case-files/CaseFilesPage.vue'),
    meta: { title: 'caseFiles.title' },
  },
  {
    path: '/documents/new',
    name: 'draft-new',
    component: () => import('./areas/documents/draft/NewDraftPage.vue'),
    meta: { title: 'draft.newTitle' },
  },
  {
    path: '/documents/:documentId/edit',
    name: 'draft-edit',
    component: () => import('./areas/documents/draft/EditDraftPage.vue'),
    meta: { title: 'draft.editTitle' },
  },
  {
    path: '/documents/:documentId',
    name: 'document',
    component: () => import('./areas/documents/one/DocumentPage.vue'),
    meta: { title: 'document.title' },
  },
  {
    path: '/operations',
    name: 'operations',
    component: () => import('./areas/operations/InstancesPage.vue'),
    meta: { title: 'operations.title' },
  },
  {
    path: '/operations/:instanceKey',
    name: 'operation',
    component: () => import('./areas/operations/InstancePage.vue'),
    meta: { title: 'operations.oneTitle' },
  },
  {
    path: '/:rest(.*)*',
    name: 'nowhere',
    component: () => import('./areas/frame/NowherePage.vue'),
    meta: { title: 'nowhere.title' },
  },
];

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  const { state, refreshSession } = useSession();
  if (to.meta['isPublic'] === true) return true;
  if (state.value === 'unknown') await refreshSession();
  // Without an answer (offline) the page opens and shows that state itself.
  if (state.value === 'closed' || state.value === 'lost') return { name: 'login', query: { next: to.fullPath } };
  return true;
});

router.afterEach((to) => {
  const title = to.meta['title'];
  document.title = typeof title === 'string' ? `${i18n.global.t(title)} · Trạm` : 'Trạm';
});
