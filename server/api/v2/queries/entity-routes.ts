// The two routes that every entity has: a search, and the answer for one key. What belongs to somebody else answers like
// something that does not exist.

import type { FastifyRequest } from 'fastify';
import type { Entity, SearchRequest, Viewer, Within } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { principalOf, refuseOtherTenants } from '../principal.ts';
import { notFound } from '../problem.ts';
import { KeyParams } from '../schemas.ts';
import { itemSchema, pageOf, searchBody } from './entity-schemas.ts';

export const READ = { access: { kind: 'client', scope: 'read' } } as const;

export const viewerOf = (request: FastifyRequest): Viewer => ({ tenantId: principalOf(request).tenantId });

export interface SearchRoute {
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly entity: Entity;
}

export function registerSearch(app: App, deps: ApiDeps, { path, operationId, tag, entity }: SearchRoute): void {
  app.post(
    path,
    {
      schema: { tags: [tag], operationId, body: searchBody(entity), response: { 200: pageOf(itemSchema(entity)) } },
      config: READ,
    },
    (request) => search(deps, request, { entity, request: request.body }),
  );
}

export interface Question {
  readonly entity: Entity;
  readonly request: SearchRequest;
  readonly within?: Within;
}

export async function search(deps: ApiDeps, request: FastifyRequest, { entity, ...question }: Question) {
  refuseForeignTenant(question.request.filter?.['tenantId']);
  return deps.runtime.history.search(entity, viewerOf(request), question);
}

/** A plain name of another tenant is refused as everywhere; an operator is a question, and finds nothing. */
function refuseForeignTenant(given: unknown): void {
  if (typeof given === 'string') refuseOtherTenants([given]);
}

export interface GetRoute extends SearchRoute {
  /** The parameter of the path. */
  readonly parameter: string;
  /** What it is called in the answer when it does not exist. */
  readonly noun: string;
}

export function registerGet(app: App, deps: ApiDeps, route: GetRoute): void {
  const { path, operationId, tag, entity, parameter, noun } = route;
  app.get(
    path,
    {
      schema: { tags: [tag], operationId, params: KeyParams(parameter), response: { 200: itemSchema(entity) } },
      config: READ,
    },
    async (request) => {
      const key = request.params[parameter] ?? '';
      return getItem(deps, request, { entity, key, noun });
    },
  );
}

export async function getItem(
  deps: ApiDeps,
  request: FastifyRequest,
  { entity, key, noun }: { readonly entity: Entity; readonly key: string; readonly noun: string },
) {
  const item = await deps.runtime.history.find(entity, viewerOf(request), key);
  if (item === null) throw notFound(`${noun} with key '${key}' not found`);
  return item;
}
