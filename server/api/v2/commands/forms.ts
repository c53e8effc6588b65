// Forms of tasks and of start events, and files of any other kind that were deployed.

import { Type } from 'typebox';
import type { ApiDeps, App } from '../../types.ts';
import { DEFAULT_TENANT, maySee, principalOf } from '../principal.ts';
import { notFound } from '../problem.ts';
import { Int, Int64, KeyParams, KeyText, Strict } from '../schemas.ts';
import { keyOf } from './command.ts';

const FormView = Strict({
  tenantId: Type.String(),
  formId: Type.String(),
  schema: Type.String(),
  version: Int64,
  formKey: KeyText,
});
const ResourceView = Strict({
  resourceName: Type.String(),
  version: Int,
  versionTag: Type.Null(),
  resourceId: Type.String(),
  tenantId: Type.String(),
  resourceKey: KeyText,
});

interface Form {
  readonly formId: string;
  readonly schema: string;
  readonly version: number;
  readonly key: string;
}
const formView = ({ formId, schema, version, key }: Form) => ({
  tenantId: DEFAULT_TENANT,
  formId,
  schema,
  version,
  formKey: key,
});

const config = { access: { kind: 'client', scope: 'read' } } as const;

export function registerFormRoutes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  app.get(
    '/forms/:formKey',
    {
      schema: { tags: ['Form'], operationId: 'getForm', params: KeyParams('formKey'), response: { 200: FormView } },
      config,
    },
    async (request) => {
      const form = await commands.findForm(keyOf(request.params.formKey));
      if (form === null) throw notFound(`Form with key '${request.params.formKey}' not found`);
      return formView(form);
    },
  );
  app.get(
    '/process-definitions/:processDefinitionKey/form',
    {
      schema: {
        tags: ['Process definition'],
        operationId: 'getStartProcessForm',
        params: KeyParams('processDefinitionKey'),
        response: { 200: FormView, 204: Type.Null() },
      },
      config,
    },
    async (request, reply) => {
      const form = await commands.findStartForm(keyOf(request.params.processDefinitionKey));
      return form === null ? reply.status(204).send(null) : formView(form);
    },
  );
  app.get(
    '/user-tasks/:userTaskKey/form',
    {
      schema: {
        tags: ['User task'],
        operationId: 'getUserTaskForm',
        params: KeyParams('userTaskKey'),
        response: { 200: FormView, 204: Type.Null() },
      },
      config,
    },
    async (request, reply) => {
      const { userTaskKey } = request.params;
      const task = await commands.findTask(keyOf(userTaskKey));
      if (task === null || !maySee(principalOf(request), task.tenantId)) {
        throw notFound(`User task with key '${userTaskKey}' not found`);
      }
      const form = task.formKey === null ? null : await commands.findForm(task.formKey);
      return form === null ? reply.status(204).send(null) : formView(form);
    },
  );
  registerResourceRoutes(app, deps);
}

function registerResourceRoutes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  const params = KeyParams('resourceKey');
  const tags = ['Resource'];
  app.get(
    '/resources/:resourceKey',
    { schema: { tags, operationId: 'getResource', params, response: { 200: ResourceView } }, config },
    async (request) => {
      const { resourceKey } = request.params;
      const resource = await commands.findResource(keyOf(resourceKey));
      if (resource === null) throw notFound(`Resource with key '${resourceKey}' not found`);
      const { resourceName, version, resourceId } = resource;
      return { resourceName, version, versionTag: null, resourceId, tenantId: DEFAULT_TENANT, resourceKey };
    },
  );
  app.get(
    '/resources/:resourceKey/content',
    { schema: { tags, operationId: 'getResourceContent', params, produces: ['application/octet-stream'] }, config },
    async (request, reply) => {
      const { resourceKey } = request.params;
      const content = await commands.findResourceContent(keyOf(resourceKey));
      if (content === null) throw notFound(`Resource with key '${resourceKey}' not found`);
      // A foreign file: never shown by a browser as a page of ours.
      return reply
        .type('application/octet-stream')
        .header('content-disposition', 'attachment')
        .send(Buffer.from(content));
    },
  );
}
