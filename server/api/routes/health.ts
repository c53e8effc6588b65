// Health for load balancers.

import { HealthView } from '../contract/index.ts';
import type { ApiDeps, App } from '../types.ts';

export function registerHealthRoute(app: App, deps: ApiDeps): void {
  app.get(
    '/api/health',
    { schema: { response: { 200: HealthView } }, config: { access: { kind: 'public' } } },
    async () => {
      // A round trip to the database: a server that cannot reach it is not healthy.
      await deps.transactions.run((tx) => deps.runtime.countOpenJobs(tx));
      return { status: 'ok' as const, version: deps.settings.version, now: deps.clock.now(), role: deps.settings.role };
    },
  );
}
