// What operators look at: who did what, operations on many instances, and what elements wait for.

import {
  auditLogs,
  batchItems,
  batchOperations,
  countWaitsOfInstance,
  userTasks,
  waitStates,
  withinTask,
} from '../../../runtime/index.ts';
import { Type } from 'typebox';
import type { ApiDeps, App } from '../../types.ts';
import { notFound } from '../problem.ts';
import { KeyParams, Strict } from '../schemas.ts';
import { isKey } from '../validation.ts';
import { getItem, READ, registerGet, registerSearch, search, viewerOf } from './entity-routes.ts';
import { itemSchema, listOf, pageOf, searchBody } from './entity-schemas.ts';

export function registerOperationQueries(app: App, deps: ApiDeps): void {
  registerAudit(app, deps);
  registerBatches(app, deps);
  registerWaits(app, deps);
}

function registerAudit(app: App, deps: ApiDeps): void {
  const route = { tag: 'Audit Log', entity: auditLogs };
  registerSearch(app, deps, { ...route, path: '/audit-logs/search', operationId: 'searchAuditLogs' });
  registerGet(app, deps, {
    ...route,
    path: '/audit-logs/:auditLogKey',
    operationId: 'getAuditLog',
    parameter: 'auditLogKey',
    noun: 'Audit log',
  });
  app.post(
    '/user-tasks/:userTaskKey/audit-logs/search',
    {
      schema: {
        tags: ['User task'],
        operationId: 'searchUserTaskAuditLogs',
        params: KeyParams('userTaskKey'),
        body: searchBody(auditLogs),
        response: { 200: pageOf(itemSchema(auditLogs)) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.userTaskKey;
      await getItem(deps, request, { entity: userTasks, key, noun: 'User task' });
      return search(deps, request, { entity: auditLogs, request: request.body, within: withinTask(key) });
    },
  );
}

function registerBatches(app: App, deps: ApiDeps): void {
  const tag = 'Batch operation';
  registerSearch(app, deps, {
    tag,
    entity: batchOperations,
    path: '/batch-operations/search',
    operationId: 'searchBatchOperations',
  });
  registerSearch(app, deps, {
    tag,
    entity: batchItems,
    path: '/batch-operation-items/search',
    operationId: 'searchBatchOperationItems',
  });
  app.get(
    '/batch-operations/:batchOperationKey',
    {
      schema: {
        tags: [tag],
        operationId: 'getBatchOperation',
        // Any text is a key of a batch operation; ours are numbers, so that others do not exist.
        params: Strict({ batchOperationKey: Type.String() }),
        response: { 200: itemSchema(batchOperations) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.batchOperationKey;
      const noun = 'Batch operation';
      if (!isKey(key)) throw notFound(`${noun} with key '${key}' not found`);
      return getItem(deps, request, { entity: batchOperations, key, noun });
    },
  );
}

function registerWaits(app: App, deps: ApiDeps): void {
  registerSearch(app, deps, {
    tag: 'Element instance',
    entity: waitStates,
    path: '/element-instances/wait-states/search',
    operationId: 'searchElementInstanceWaitStates',
  });
  app.get(
    '/process-instances/:processInstanceKey/statistics/wait-states',
    {
      schema: {
        tags: ['Process instance'],
        operationId: 'getProcessInstanceWaitStateStatistics',
        params: KeyParams('processInstanceKey'),
        response: { 200: listOf(Strict({ elementId: Type.String(), waitingCount: Type.Integer() })) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.processInstanceKey;
      return { items: await deps.runtime.history.read((tx) => countWaitsOfInstance(tx, viewerOf(request), key)) };
    },
  );
}
