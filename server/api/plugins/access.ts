// Deny by default. Each route declares who may call it; a route without a declaration stops the start of the server.
// The session comes from a cookie (browsers) or from `Authorization: Bearer` (programs). A browser's unsafe request
// must be same-origin: the cookie is SameSite=Strict, and an `Origin` of another host is refused.

import type { FastifyRequest } from 'fastify';
import { findSessionActor } from '../../modules/agencies/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Access, ApiDeps, App } from '../types.ts';

export const SESSION_COOKIE = 'tram_session';

export function registerAccess(app: App, deps: ApiDeps): void {
  app.decorateRequest('actor', null);
  app.decorate('accessTable', []);
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === undefined) {
      throw new Error(`Route ${String(route.method)} ${route.url} does not declare who may call it (config.access)`);
    }
    for (const method of [route.method].flat()) app.accessTable.push({ method, url: route.url, access });
  });
  // Before the body is read: a stranger's upload is refused without taking its bytes in.
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === undefined) throw new AppError('not-found', 'NOT_FOUND', `No route ${request.method} ${request.url}`);
    await checkAccess(deps, access, request);
  });
}

async function checkAccess(deps: ApiDeps, access: Access, request: FastifyRequest): Promise<void> {
  switch (access.kind) {
    case 'public':
      return;
    case 'test-mode':
      if (!deps.settings.isTestMode) throw new AppError('not-found', 'NOT_FOUND', 'Only with --test-mode');
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

export function sessionTokenOf(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  if (header !== undefined && header !== '') {
    const match = /^Bearer (\S+)$/i.exec(header);
    return match?.[1] ?? null;
  }
  const cookie = request.cookies[SESSION_COOKIE];
  if (cookie === undefined) return null;
  refuseForeignOrigin(request);
  return cookie;
}

function refuseForeignOrigin(request: FastifyRequest): void {
  const origin = request.headers.origin;
  if (origin === undefined || request.method === 'GET' || request.method === 'HEAD') return;
  if (URL.canParse(origin) && new URL(origin).host === request.headers.host) return;
  throw new AppError('forbidden', 'FORBIDDEN', `Request from foreign origin ${origin}`);
}

/** The actor of a route that declared `session` or `role`. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new AppError('bug', 'ROUTE_WITHOUT_ACTOR', 'The route has not declared a session');
  return request.actor;
}
