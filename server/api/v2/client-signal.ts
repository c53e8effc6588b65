// Whether the client is still there. The response's socket tells it: the request's own stream is over as soon as its
// body has been read.

import type { FastifyReply } from 'fastify';

export function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
