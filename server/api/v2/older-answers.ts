// Answers for clients of the style before: a field without a value is left out instead of null. Such a client is given
// the address `http://host:port/8.8`; everything else is the same.

import type { IncomingMessage } from 'node:http';
import type { App } from '../types.ts';

const PREFIX = '/8.8';

/** For Fastify's `rewriteUrl`. */
export function withoutPrefix(request: IncomingMessage): string {
  const url = request.url ?? '/';
  return url.startsWith(`${PREFIX}/v2/`) ? url.slice(PREFIX.length) : url;
}

export function registerOlderAnswers(app: App): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const isJson = String(reply.getHeader('content-type')).startsWith('application/json');
    if (!request.originalUrl.startsWith(`${PREFIX}/`) || !isJson || typeof payload !== 'string') {
      done(null, payload);
      return;
    }
    const text = JSON.stringify(withoutNulls(JSON.parse(payload)));
    void reply.header('content-length', Buffer.byteLength(text));
    done(null, text);
  });
}

/** What belongs to processes is data, and its nulls are values. */
const DATA = new Set(['variables', 'customHeaders', 'result']);

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, DATA.has(name) ? inner : withoutNulls(inner)]),
  );
}
