// Business time, moved from outside: only on a server started with --test-mode. Pinned time stands still until it is
// moved again or reset.

import { instantOf } from '../../../shared/time.ts';
import { PinClockBody } from '../../contract/index.ts';
import type { ApiDeps, App } from '../../types.ts';

export function registerClockRoutes(app: App, deps: ApiDeps): void {
  const config = { access: { kind: 'test-mode' } } as const;
  app.put('/clock', { schema: { tags: ['Clock'], body: PinClockBody }, config }, async (request, reply) => {
    await deps.clock.pin(instantOf(new Date(request.body.timestamp)));
    return reply.status(204).send();
  });
  app.post('/clock/reset', { schema: { tags: ['Clock'] }, config }, async (_request, reply) => {
    await deps.clock.reset();
    return reply.status(204).send();
  });
}
