// Deny by default. Each route declares who may call it; a route without a declaration stops the start of the server.
// Where a session comes from stands in session-token.ts; who calls /v2, in v2/authentication.ts.

import type { FastifyRequest } from 'fastify';
import { findSessionActor } from '../../modules/agencies/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Access, ApiDeps, App } from '../types.ts';
import { createPrincipalReader, type PrincipalReader } from '../v2/authentication.ts';
import { sessionTokenOf } from './session-token.ts';

export function registerAccess(app: App, deps: ApiDeps): void {
  app.decorateRequest('actor', null);
  app.decorateRequest('principal', null);
  app.decorate('accessTable', []);
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === undefined) {
      throw new Error(`Route ${String(route.method)} ${route.url} does not declare who may call it (config.access)`);
    }
    for (const method of [route.method].flat()) app.accessTable.push({ method, url: route.url, access });
  });
  const readPrincipal = createPrincipalReader(deps);
  // Before the body is read: a stranger's upload is refused without taking its bytes in.
  app.addHook('onRequest', async (request) => {
    // The handler of unknown routes answers, in the words of its own branch.
    if (request.is404) return;
    const access = request.routeOptions.config.access;
    if (access === undefined) throw new AppError('not-found', 'NOT_FOUND', `No route ${request.method} ${request.url}`);
    await checkAccess({ deps, readPrincipal }, access, request);
  });
}

interface Guard {
  readonly deps: ApiDeps;
  readonly readPrincipal: PrincipalReader;
}

async function checkAccess({ deps, readPrincipal }: Guard, access: Access, request: FastifyRequest): Promise<void> {
  switch (access.kind) {
    case 'public':
      return;
    case 'test-mode':
      if (!deps.settings.isTestMode) throw new AppError('not-found', 'NOT_FOUND', 'Only with --test-mode');
      return;
    case 'client':
      request.principal = await readPrincipal(request, access);
      return;
    case 'session':
      request.actor = await readActor(deps, request);
      return;
    case 'role': {
      const actor = await readActor(deps, request);
      if (!access.roles.some((role) => actor.roles.includes(role))) {
        throw new AppError('forbidden', 'FORBIDDEN', `Needs one of the roles ${access.roles.join(', ')}`);
      }
      request.actor = actor;
    }
  }
}

async function readActor(deps: ApiDeps, request: FastifyRequest): Promise<Actor> {
  const token = sessionTokenOf(request);
  if (token === null) throw new AppError('unauthenticated', 'LOGIN_REQUIRED', 'No session');
  const actor = await deps.transactions.run((tx) => findSessionActor(tx, deps.tokens, token, deps.clock.now()));
  if (actor === null) throw new AppError('unauthenticated', 'LOGIN_REQUIRED', 'The session has ended');
  return actor;
}

/** The actor of a route that declared `session` or `role`. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new AppError('bug', 'ROUTE_WITHOUT_ACTOR', 'The route has not declared a session');
  return request.actor;
}
