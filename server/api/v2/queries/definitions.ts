// Process definitions: versions, their BPMN source, and how many instances stand at which element.

import { Type } from 'typebox';
import {
  elementCountsOfDefinition,
  getDefinitionXml,
  processDefinitions,
  processInstances,
} from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { notFound } from '../problem.ts';
import { KeyParams, Strict } from '../schemas.ts';
import { getItem, READ, registerGet, registerSearch, viewerOf } from './entity-routes.ts';
import { filterBody, listOf } from './entity-schemas.ts';

const tag = 'Process definition';
const noun = 'Process definition';

export const ElementCounts = Strict({
  elementId: Type.String(),
  active: Type.Integer(),
  canceled: Type.Integer(),
  incidents: Type.Integer(),
  completed: Type.Integer(),
});

export function registerDefinitionQueries(app: App, deps: ApiDeps): void {
  const entity = processDefinitions;
  const path = '/process-definitions/:processDefinitionKey';
  registerSearch(app, deps, {
    path: '/process-definitions/search',
    operationId: 'searchProcessDefinitions',
    tag,
    entity,
  });
  registerGet(app, deps, {
    path,
    operationId: 'getProcessDefinition',
    tag,
    entity,
    parameter: 'processDefinitionKey',
    noun,
  });
  const params = KeyParams('processDefinitionKey');
  app.get(
    `${path}/xml`,
    { schema: { tags: [tag], operationId: 'getProcessDefinitionXML', params }, config: READ },
    async (request, reply) => {
      const { processDefinitionKey: key } = request.params;
      const xml = await deps.runtime.history.read((tx) => getDefinitionXml(tx, key));
      if (xml === null) throw notFound(`${noun} with key '${key}' not found`);
      return reply.type('text/xml; charset=utf-8').send(xml);
    },
  );
  app.post(
    `${path}/statistics/element-instances`,
    {
      schema: {
        tags: [tag],
        operationId: 'getProcessDefinitionStatistics',
        params,
        body: Strict({ filter: Type.Optional(filterBody(processInstances)) }),
        response: { 200: listOf(ElementCounts) },
      },
      config: READ,
    },
    async (request) => {
      const { processDefinitionKey: key } = request.params;
      await getItem(deps, request, { entity, key, noun });
      const { filter } = request.body as { filter?: Readonly<Record<string, unknown>> }; // by the schema
      const question = { definitionKey: key, filter: filter ?? {} };
      return {
        items: await deps.runtime.history.read((tx) => elementCountsOfDefinition(tx, viewerOf(request), question)),
      };
    },
  );
}
