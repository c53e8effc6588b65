// Health for load balancers, and the clock that tests may move (only with --test-mode).

import { instantOf } from '../../shared/time.ts';
import { HealthView, PinClockBody } from '../contract/index.ts';
import type { ApiDeps, App } from '../types.ts';

export function registerClockRoutes(app: App, deps: ApiDeps): void {
  app.get(
    '/api/health',
    { schema: { response: { 200: HealthView } }, config: { access: { kind: 'public' } } },
    async () => {
      // A round trip to the database: a server that cannot reach it is not healthy.
      await deps.transactions.run((tx) => deps.runtime.countOpenJobs(tx));
      return { status: 'ok' as const, version: deps.settings.version, now: deps.clock.now(), role: deps.settings.role };
    },
  );

  const access = { kind: 'test-mode' } as const;
  app.put('/v2/clock', { schema: { body: PinClockBody }, config: { access } }, async (request, reply) => {
    await deps.clock.pin(instantOf(new Date(request.body.timestamp)));
    return reply.status(204).send();
  });
  app.post('/v2/clock/reset', { config: { access } }, async (_request, reply) => {
    await deps.clock.reset();
    return reply.status(204).send();
  });
}
