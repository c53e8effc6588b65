// Forms and other files that were deployed beside processes. They belong to everybody, like the processes themselves.

import { Type } from 'typebox';
import {
  findFormOfDefinition,
  findFormOfTask,
  forms,
  processDefinitions,
  resources,
  userTasks,
} from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { KeyParams } from '../schemas.ts';
import { getItem, READ, registerGet } from './entity-routes.ts';
import { itemSchema } from './entity-schemas.ts';

export function registerResourceQueries(app: App, deps: ApiDeps): void {
  registerGet(app, deps, {
    path: '/forms/:formKey',
    operationId: 'getFormByKey',
    tag: 'Form',
    entity: forms,
    parameter: 'formKey',
    noun: 'Form',
  });
  registerGet(app, deps, {
    path: '/resources/:resourceKey',
    operationId: 'getResource',
    tag: 'Resource',
    entity: resources,
    parameter: 'resourceKey',
    noun: 'Resource',
  });
  registerLinkedForms(app, deps);
}

/** The form of a user task, or of the none start event; no content when there is none. */
function registerLinkedForms(app: App, deps: ApiDeps): void {
  const response = { 200: itemSchema(forms), 204: Type.Null() };
  app.get(
    '/user-tasks/:userTaskKey/form',
    {
      schema: { tags: ['User task'], operationId: 'getUserTaskForm', params: KeyParams('userTaskKey'), response },
      config: READ,
    },
    async (request, reply) => {
      const key = request.params.userTaskKey;
      await getItem(deps, request, { entity: userTasks, key, noun: 'User task' });
      const formKey = await deps.runtime.history.read((tx) => findFormOfTask(tx, key));
      if (formKey === null) return reply.status(204).send(null);
      return getItem(deps, request, { entity: forms, key: formKey, noun: 'Form' });
    },
  );
  app.get(
    '/process-definitions/:processDefinitionKey/form',
    {
      schema: {
        tags: ['Process definition'],
        operationId: 'getStartProcessForm',
        params: KeyParams('processDefinitionKey'),
        response,
      },
      config: READ,
    },
    async (request, reply) => {
      const key = request.params.processDefinitionKey;
      await getItem(deps, request, { entity: processDefinitions, key, noun: 'Process definition' });
      const formKey = await deps.runtime.history.read((tx) => findFormOfDefinition(tx, key));
      if (formKey === null) return reply.status(204).send(null);
      return getItem(deps, request, { entity: forms, key: formKey, noun: 'Form' });
    },
  );
}
