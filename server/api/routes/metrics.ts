// `GET /metrics` for Prometheus: a machine client with the scope `metrics` that sees all agencies, because the figures are
// those of all. Refusals read like those of /v2, because the same kind of client gets them.

import { AppError } from '../../shared/app-error.ts';
import type { ApiDeps, App } from '../types.ts';
import { registerErrorProblems } from '../v2/error-handler.ts';
import { principalOf } from '../v2/principal.ts';

export async function registerMetrics(app: App, deps: ApiDeps): Promise<void> {
  const { metrics, runtime } = deps;
  app.addHook('onResponse', (request, reply, done) => {
    // What matches no route is counted together: paths are invented by whoever asks.
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)');
    metrics.observeRequest({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
  await app.register((branch, _options, done) => {
    registerErrorProblems(branch as App); // the same instance with its types
    branch.get(
      '/metrics',
      { config: { access: { kind: 'client', scope: 'metrics' } }, schema: { hide: true } },
      async (request, reply) => {
        if (principalOf(request).tenantId !== null) {
          throw new AppError('forbidden', 'FORBIDDEN', 'The figures are those of all agencies');
        }
        const text = await metrics.read(await runtime.commands.countWork());
        return reply.type(metrics.contentType).send(text);
      },
    );
    done();
  });
}
