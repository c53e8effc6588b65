// Mounts a component of the web app for a test: real texts, real router with the two routes that links name most.

import { mount, type ComponentMountingOptions } from '@vue/test-utils';
import type { Component } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { i18n } from '../../designer/src/i18n/index.ts';

const Nothing = { template: '<div />' };

export function makeRouter() {
  return createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: Nothing },
      { path: '/tasks', name: 'tasks', component: Nothing },
      { path: '/tasks/:taskKey', name: 'task', component: Nothing },
      { path: '/documents/:documentId', name: 'document', component: Nothing },
      { path: '/documents/:documentId/edit', name: 'draft-edit', component: Nothing },
    ],
  });
}

/** Attached to the page, because focus and labels only work there; unmount it at the end of the test. */
export function mountApp(component: Component, options: ComponentMountingOptions<Component> = {}) {
  return mount(component, {
    attachTo: document.body,
    ...options,
    global: { plugins: [i18n, makeRouter()], ...options.global },
  });
}
