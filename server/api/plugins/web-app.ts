// Serves the built web app: hashed assets for a year, the page itself never from a cache. Paths that no route answers
// belong to the app's own router, except under /api and /v2 and except names of files.

import fastifyStatic from '@fastify/static';
import { AppError } from '../../shared/app-error.ts';
import type { ApiDeps, App } from '../types.ts';

const YEAR = 'public, max-age=31536000, immutable';

export async function registerWebApp(app: App, deps: ApiDeps): Promise<void> {
  const { webRoot } = deps.settings;
  if (webRoot === null) return;
  // `serve: false`: the plugin only knows how to send a file; the one route below says who may ask for it.
  await app.register(fastifyStatic, { root: webRoot, serve: false, cacheControl: false });
  app.get('/*', { config: { access: { kind: 'public' } } }, (request, reply) => {
    const path = decodeURI(request.url.split('?', 1)[0] ?? '/');
    if (/^\/(api|v2)(\/|$)/.test(path)) throw new AppError('not-found', 'NOT_FOUND', `No route ${request.url}`);
    const isFile = /\.[a-z0-9]+$/i.test(path);
    void reply.header('cache-control', path.startsWith('/assets/') ? YEAR : 'no-cache');
    return reply.sendFile(isFile ? path.slice(1) : 'index.html');
  });
}
