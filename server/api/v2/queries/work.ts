// What waits for somebody: user tasks, jobs, messages.

import { correlatedSubscriptions, jobs, messageSubscriptions, userTasks } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { registerGet, registerSearch } from './entity-routes.ts';

export function registerWorkQueries(app: App, deps: ApiDeps): void {
  const tasks = { tag: 'User task', entity: userTasks };
  registerSearch(app, deps, { ...tasks, path: '/user-tasks/search', operationId: 'searchUserTasks' });
  registerGet(app, deps, {
    ...tasks,
    path: '/user-tasks/:userTaskKey',
    operationId: 'getUserTask',
    parameter: 'userTaskKey',
    noun: 'User task',
  });
  registerSearch(app, deps, { tag: 'Job', entity: jobs, path: '/jobs/search', operationId: 'searchJobs' });
  registerSearch(app, deps, {
    tag: 'Message subscription',
    entity: messageSubscriptions,
    path: '/message-subscriptions/search',
    operationId: 'searchMessageSubscriptions',
  });
  registerSearch(app, deps, {
    tag: 'Message subscription',
    entity: correlatedSubscriptions,
    path: '/correlated-message-subscriptions/search',
    operationId: 'searchCorrelatedMessageSubscriptions',
  });
}
