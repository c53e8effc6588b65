// Variables: of an instance, and those that a user task sees.

import { Type } from 'typebox';
import {
  cutVariables,
  effectiveOnly,
  fullVariables,
  userTasks,
  variable,
  withinScopesOf,
} from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { KeyParams, Strict } from '../schemas.ts';
import { getItem, READ, registerGet, search } from './entity-routes.ts';
import { itemSchema, pageOf, searchBody, TextFilter } from './entity-schemas.ts';

const Truncation = Strict({ truncateValues: Type.Optional(Type.Boolean()) });
const answer = { 200: pageOf(itemSchema(cutVariables)) };

const entityOf = ({ truncateValues }: { readonly truncateValues?: boolean }) =>
  truncateValues === false ? fullVariables : cutVariables;

export function registerVariableQueries(app: App, deps: ApiDeps): void {
  const tag = 'Variable';
  app.post(
    '/variables/search',
    {
      schema: {
        tags: [tag],
        operationId: 'searchVariables',
        querystring: Truncation,
        body: searchBody(cutVariables),
        response: answer,
      },
      config: READ,
    },
    (request) => search(deps, request, { entity: entityOf(request.query), request: request.body }),
  );
  registerGet(app, deps, {
    path: '/variables/:variableKey',
    operationId: 'getVariable',
    tag,
    entity: variable,
    parameter: 'variableKey',
    noun: 'Variable',
  });
  registerTaskVariables(app, deps);
}

/** All that stand in a scope around the task, or of each name only the nearest. */
function registerTaskVariables(app: App, deps: ApiDeps): void {
  const kinds = [
    { path: 'variables', operationId: 'searchUserTaskVariables', within: withinScopesOf },
    { path: 'effective-variables', operationId: 'searchUserTaskEffectiveVariables', within: effectiveOnly },
  ];
  for (const { path, operationId, within } of kinds) {
    app.post(
      `/user-tasks/:userTaskKey/${path}/search`,
      {
        schema: {
          tags: ['User task'],
          operationId,
          params: KeyParams('userTaskKey'),
          querystring: Truncation,
          body: searchBody(cutVariables, Strict({ name: Type.Optional(TextFilter) })),
          response: answer,
        },
        config: READ,
      },
      async (request) => {
        const key = request.params.userTaskKey;
        const task = await getItem(deps, request, { entity: userTasks, key, noun: 'User task' });
        const entity = entityOf(request.query);
        return search(deps, request, {
          entity,
          request: request.body,
          within: within(String(task['elementInstanceKey'])),
        });
      },
    );
  }
}
