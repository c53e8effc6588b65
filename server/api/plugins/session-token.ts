// Where the token of a caller is found: `Authorization: Bearer` (programs) or the session cookie (browsers). A browser's
// unsafe request must be same-origin: the cookie is SameSite=Strict, and an `Origin` of another host is refused.

import type { FastifyRequest } from 'fastify';
import { AppError } from '../../shared/app-error.ts';

export const SESSION_COOKIE = 'tram_session';

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
