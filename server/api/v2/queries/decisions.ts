// Decisions: what is deployed, its source, and what was evaluated.

import { Type } from 'typebox';
import {
  decisionDefinitions,
  decisionInstance,
  decisionInstances,
  decisionRequirements,
  getDecisionXml,
  type SearchRequest,
} from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { badRequest, notFound } from '../problem.ts';
import { KeyParams, Strict } from '../schemas.ts';
import { READ, registerGet, registerSearch, search } from './entity-routes.ts';
import { itemSchema } from './entity-schemas.ts';

export function registerDecisionQueries(app: App, deps: ApiDeps): void {
  const definitions = { tag: 'Decision definition', entity: decisionDefinitions };
  registerSearch(app, deps, {
    ...definitions,
    path: '/decision-definitions/search',
    operationId: 'searchDecisionDefinitions',
  });
  registerGet(app, deps, {
    ...definitions,
    path: '/decision-definitions/:decisionDefinitionKey',
    operationId: 'getDecisionDefinition',
    parameter: 'decisionDefinitionKey',
    noun: 'Decision definition',
  });
  const requirements = { tag: 'Decision requirements', entity: decisionRequirements };
  registerSearch(app, deps, {
    ...requirements,
    path: '/decision-requirements/search',
    operationId: 'searchDecisionRequirements',
  });
  registerGet(app, deps, {
    ...requirements,
    path: '/decision-requirements/:decisionRequirementsKey',
    operationId: 'getDecisionRequirements',
    parameter: 'decisionRequirementsKey',
    noun: 'Decision requirements',
  });
  registerXml(app, deps);
  registerInstances(app, deps);
}

function registerXml(app: App, deps: ApiDeps): void {
  for (const { path, parameter, noun, tag, operationId } of [
    {
      path: 'decision-definitions',
      parameter: 'decisionDefinitionKey',
      noun: 'Decision definition',
      tag: 'Decision definition',
      operationId: 'getDecisionDefinitionXML',
    },
    {
      path: 'decision-requirements',
      parameter: 'decisionRequirementsKey',
      noun: 'Decision requirements',
      tag: 'Decision requirements',
      operationId: 'getDecisionRequirementsXML',
    },
  ]) {
    app.get(
      `/${path}/:${parameter}/xml`,
      { schema: { tags: [tag], operationId, params: KeyParams(parameter) }, config: READ },
      async (request, reply) => {
        const key = request.params[parameter] ?? '';
        const xml = await deps.runtime.history.read((tx) => getDecisionXml(tx, key));
        if (xml === null) throw notFound(`${noun} with key '${key}' not found`);
        return reply.type('text/xml; charset=utf-8').send(xml);
      },
    );
  }
}

const INSTANCE_KEY = /^\d{1,19}-\d{1,9}$/;

function registerInstances(app: App, deps: ApiDeps): void {
  const tag = 'Decision instance';
  registerSearch(app, deps, {
    tag,
    entity: decisionInstances,
    path: '/decision-instances/search',
    operationId: 'searchDecisionInstances',
  });
  app.get(
    '/decision-instances/:decisionEvaluationInstanceKey',
    {
      schema: {
        tags: [tag],
        operationId: 'getDecisionInstance',
        params: Strict({ decisionEvaluationInstanceKey: Type.String() }),
        response: { 200: itemSchema(decisionInstance) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.decisionEvaluationInstanceKey;
      if (!INSTANCE_KEY.test(key)) {
        throw badRequest(`Failed to convert 'decisionEvaluationInstanceKey' with value: '${key}'`);
      }
      const [evaluation = ''] = key.split('-', 1);
      const filter = { decisionEvaluationKey: evaluation, decisionEvaluationInstanceKey: key };
      const asked: SearchRequest = { filter, page: { limit: 1 } };
      const { items } = await search(deps, request, { entity: decisionInstance, request: asked });
      const [item] = items;
      if (item === undefined) throw notFound(`Decision instance with key '${key}' not found`);
      return item;
    },
  );
}
