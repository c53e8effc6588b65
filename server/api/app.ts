// Builds the Fastify instance from given dependencies; does not listen. Order matters and is written out: parsers and
// guards first, then the access hook, then the routes that must declare their access, last the web app.

import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import { AppError } from '../shared/app-error.ts';
import { registerAccess } from './plugins/access.ts';
import { registerErrorHandler } from './plugins/error-handler.ts';
import { registerValidation } from './plugins/validation.ts';
import { registerWebApp } from './plugins/web-app.ts';
import { registerCaseFileRoutes } from './routes/case-files.ts';
import { registerCatalogRoutes } from './routes/catalog.ts';
import { registerDocumentRoutes } from './routes/documents.ts';
import { registerFileRoutes } from './routes/files.ts';
import { registerOperationRoutes } from './routes/operations.ts';
import { registerMetrics } from './routes/metrics.ts';
import { registerHealthRoute } from './routes/health.ts';
import { registerSessionRoutes } from './routes/session.ts';
import { registerSigningRoutes } from './routes/signing.ts';
import { registerTaskRoutes } from './routes/tasks.ts';
import { registerValidationRoutes } from './routes/validation.ts';
import type { ApiDeps, App } from './types.ts';
import { registerV2 } from './v2/index.ts';
import { withoutPrefix } from './v2/older-answers.ts';

const SLOWEST_REQUEST_MS = 5 * 60_000;
const JSON_BODY_LIMIT_BYTES = 2 * 1024 * 1024;

export async function buildApp(deps: ApiDeps): Promise<App> {
  const app = Fastify({
    loggerInstance: deps.logger,
    // Behind a gateway of the same network the address of the caller is in its headers.
    trustProxy: deps.settings.isSecure ? ['loopback', 'linklocal', 'uniquelocal'] : false,
    bodyLimit: JSON_BODY_LIMIT_BYTES,
    rewriteUrl: withoutPrefix,
    // A request must have arrived within this time; long polls have, and wait for their answer.
    requestTimeout: SLOWEST_REQUEST_MS,
    logController: new Fastify.LogController({ disableRequestLogging: true }),
  }).withTypeProvider<TypeBoxTypeProvider>();

  registerValidation(app);
  registerErrorHandler(app);
  parseEmptyJsonAsNoBody(app);
  await app.register(cookie);
  await app.register(helmet, { contentSecurityPolicy: contentSecurityPolicy(deps), hsts: deps.settings.isSecure });
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: () => new AppError('rate-limited', 'RATE_LIMITED', 'Too many requests'),
  });
  await app.register(multipart, {
    limits: { fileSize: deps.settings.uploadLimitBytes, files: 1, fields: 5, parts: 6 },
    throwFileSizeLimit: true,
  });
  registerAccess(app, deps);
  await registerMetrics(app, deps);

  registerSessionRoutes(app, deps);
  registerCatalogRoutes(app, deps);
  registerTaskRoutes(app, deps);
  registerDocumentRoutes(app, deps);
  registerFileRoutes(app, deps);
  registerSigningRoutes(app, deps);
  registerCaseFileRoutes(app, deps);
  registerOperationRoutes(app, deps);
  registerValidationRoutes(app, deps);
  registerHealthRoute(app, deps);
  await registerV2(app, deps);
  await registerWebApp(app, deps);
  return app;
}

/** Clients send `content-type: application/json` with no body on DELETE and POST; that is no error. */
function parseEmptyJsonAsNoBody(app: App): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text.length === 0) {
      done(null, undefined);
      return;
    }
    try {
      done(null, JSON.parse(text.toString()));
    } catch (cause) {
      done(new AppError('invalid-input', 'REQUEST_INVALID', 'The body is not JSON', { cause }));
    }
  });
}

const localServices = (deps: ApiDeps): string[] =>
  deps.flow.signing.providers.flatMap((provider) => (provider.kind === 'file' ? [provider.origin] : []));

/** Everything from our own origin; styles inline because the component library writes them at run time. */
const contentSecurityPolicy = (
  deps: ApiDeps,
): { useDefaults: boolean; directives: Record<string, string[] | null> } => ({
  useDefaults: true,
  directives: {
    'default-src': ["'self'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:'],
    'worker-src': ["'self'", 'blob:'],
    // The page talks to the signing service on the signer's own machine.
    'connect-src': ["'self'", ...localServices(deps)],
    'frame-ancestors': ["'none'"],
    'upgrade-insecure-requests': deps.settings.isSecure ? [] : null,
  },
});
