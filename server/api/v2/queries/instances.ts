// Process instances: one, many, where they stand, which way they took, what troubles them and everything they called.

import { Type } from 'typebox';
import {
  elementCountsOfInstance,
  incidents,
  listAncestors,
  listTakenFlows,
  processInstances,
  withinTree,
} from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { KeyParams, KeyText, Nullable, Strict } from '../schemas.ts';
import { ElementCounts } from './definitions.ts';
import { getItem, READ, registerGet, registerSearch, search, viewerOf } from './entity-routes.ts';
import { itemSchema, listOf, pageOf, searchBody } from './entity-schemas.ts';

const tag = 'Process instance';
const noun = 'Process instance';
const path = '/process-instances/:processInstanceKey';
const params = KeyParams('processInstanceKey');
const entity = processInstances;

export function registerInstanceQueries(app: App, deps: ApiDeps): void {
  registerSearch(app, deps, { path: '/process-instances/search', operationId: 'searchProcessInstances', tag, entity });
  registerGet(app, deps, {
    path,
    operationId: 'getProcessInstance',
    tag,
    entity,
    parameter: 'processInstanceKey',
    noun,
  });
  registerIncidentsOfInstance(app, deps);
  registerStatistics(app, deps);
}

function registerIncidentsOfInstance(app: App, deps: ApiDeps): void {
  app.post(
    `${path}/incidents/search`,
    {
      schema: {
        tags: [tag],
        operationId: 'searchProcessInstanceIncidents',
        params,
        body: searchBody(incidents),
        response: { 200: pageOf(itemSchema(incidents)) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.processInstanceKey;
      await getItem(deps, request, { entity, key, noun });
      return search(deps, request, { entity: incidents, request: request.body, within: withinTree(key) });
    },
  );
}

const TakenFlow = Strict({
  sequenceFlowId: Type.String(),
  processInstanceKey: KeyText,
  rootProcessInstanceKey: Nullable(KeyText),
  processDefinitionKey: KeyText,
  processDefinitionId: Type.String(),
  elementId: Type.String(),
  tenantId: Type.String(),
});

const Ancestor = Strict({
  processInstanceKey: KeyText,
  processDefinitionKey: KeyText,
  processDefinitionName: Type.String(),
});

function registerStatistics(app: App, deps: ApiDeps): void {
  app.get(
    `${path}/statistics/element-instances`,
    {
      schema: {
        tags: [tag],
        operationId: 'getProcessInstanceStatistics',
        params,
        response: { 200: listOf(ElementCounts) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.processInstanceKey;
      return { items: await deps.runtime.history.read((tx) => elementCountsOfInstance(tx, viewerOf(request), key)) };
    },
  );
  app.get(
    `${path}/sequence-flows`,
    {
      schema: {
        tags: [tag],
        operationId: 'getProcessInstanceSequenceFlows',
        params,
        response: { 200: listOf(TakenFlow) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.processInstanceKey;
      return { items: await deps.runtime.history.read((tx) => listTakenFlows(tx, viewerOf(request), key)) };
    },
  );
  app.get(
    `${path}/call-hierarchy`,
    {
      schema: {
        tags: [tag],
        operationId: 'getProcessInstanceCallHierarchy',
        params,
        response: { 200: Type.Array(Ancestor) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.processInstanceKey;
      await getItem(deps, request, { entity, key, noun });
      return [...(await deps.runtime.history.read((tx) => listAncestors(tx, viewerOf(request), key)))];
    },
  );
}
