// Counts over all instances, for the overview of operators.

import { Type } from 'typebox';
import {
  type Entity,
  errorsByDefinition,
  instancesByError,
  instancesByProcess,
  instancesByVersion,
} from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { Int, Strict } from '../schemas.ts';
import { READ, registerSearch, search } from './entity-routes.ts';
import { itemSchema, pageOf, searchBody } from './entity-schemas.ts';

export function registerStatistics(app: App, deps: ApiDeps): void {
  registerSearch(app, deps, {
    path: '/process-definitions/statistics/process-instances',
    operationId: 'getProcessDefinitionInstanceStatistics',
    tag: 'Process definition',
    entity: instancesByProcess,
  });
  registerFiltered(app, deps, {
    path: '/process-definitions/statistics/process-instances-by-version',
    operationId: 'getProcessDefinitionInstanceVersionStatistics',
    tag: 'Process definition',
    entity: instancesByVersion,
    filter: Strict({ processDefinitionId: Type.String(), tenantId: Type.Optional(Type.String()) }),
  });
  registerSearch(app, deps, {
    path: '/incidents/statistics/process-instances-by-error',
    operationId: 'getProcessInstanceStatisticsByError',
    tag: 'Incident',
    entity: instancesByError,
  });
  registerFiltered(app, deps, {
    path: '/incidents/statistics/process-instances-by-definition',
    operationId: 'getProcessInstanceStatisticsByDefinition',
    tag: 'Incident',
    entity: errorsByDefinition,
    filter: Strict({ errorHashCode: Int }),
  });
}

interface FilteredRoute {
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly entity: Entity;
  /** Must be given: the question makes no sense without it. */
  readonly filter: ReturnType<typeof Strict>;
}

function registerFiltered(app: App, deps: ApiDeps, { path, operationId, tag, entity, filter }: FilteredRoute): void {
  app.post(
    path,
    {
      schema: {
        tags: [tag],
        operationId,
        body: searchBody(entity, filter, { isFilterRequired: true }),
        response: { 200: pageOf(itemSchema(entity)) },
      },
      config: READ,
    },
    (request) => search(deps, request, { entity, request: request.body }),
  );
}
