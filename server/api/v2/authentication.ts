// Reads the caller of /v2 from `Authorization`: Basic (a local account), Bearer (a token of a machine client, or a
// session of the web app), or the session cookie. An empty header counts as none. Verified passwords are remembered for
// half a minute as a keyed hash: an argon2 per request would cost more than the request.

import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { findClient, findSessionActor, verifyAccount } from '../../modules/agencies/index.ts';
import { AppError } from '../../shared/app-error.ts';
import { sessionTokenOf } from '../plugins/session-token.ts';
import type { Access, ApiDeps } from '../types.ts';
import { ANONYMOUS, type Principal, personPrincipal } from './principal.ts';
import { Problem } from './problem.ts';

type ClientAccess = Extract<Access, { kind: 'client' }>;

export type PrincipalReader = (request: FastifyRequest, access: ClientAccess) => Promise<Principal>;

export function createPrincipalReader(deps: ApiDeps): PrincipalReader {
  const passwords = createPasswordMemory(deps);
  return async (request, access) => {
    const principal = await identify(deps, passwords, request);
    if (!principal.scopes.has(access.scope)) {
      throw new AppError('forbidden', 'FORBIDDEN', `Unauthorized to perform this operation: needs '${access.scope}'`);
    }
    return principal;
  };
}

async function identify(deps: ApiDeps, passwords: PasswordMemory, request: FastifyRequest): Promise<Principal> {
  const header = request.headers.authorization?.trim() ?? '';
  if (/^basic /i.test(header)) return passwords.verify(header.slice('basic '.length), request.ip);
  const token = sessionTokenOf(request);
  if (token === null) {
    if (header === '' && deps.settings.isTestMode) return ANONYMOUS;
    throw unauthorized('Expected credentials: Basic, or Bearer with a token');
  }
  const now = deps.clock.now();
  const principal = await deps.transactions.run(async (tx): Promise<Principal | null> => {
    const client = await findClient(tx, deps.tokens, token);
    if (client !== null) {
      const { clientId, tenantId, scopes } = client;
      return { kind: 'client', id: clientId, name: clientId, tenantId, groups: [], scopes: new Set(scopes) };
    }
    const actor = await findSessionActor(tx, deps.tokens, token, now);
    return actor === null ? null : personPrincipal(actor, actor.userId);
  });
  if (principal === null) throw unauthorized('The token is unknown or has ended');
  return principal;
}

const unauthorized = (detail: string): Problem => new Problem('Unauthorized', detail);

interface PasswordMemory {
  verify(credentials: string, address: string): Promise<Principal>;
}

const REMEMBER_MS = 30_000;
const MAX_REMEMBERED = 10_000;
const WINDOW_MS = 60_000;

function createPasswordMemory(deps: ApiDeps): PasswordMemory {
  const secret = randomBytes(32);
  const verified = new Map<string, { readonly principal: Principal; readonly until: number }>();
  const failures = createFailureCounter(() => deps.settings.loginsPerMinute);
  return {
    async verify(credentials, address) {
      const seal = createHmac('sha256', secret).update(credentials).digest('base64');
      const known = verified.get(seal);
      if (known !== undefined && known.until > performance.now()) return known.principal;
      failures.check(address);
      const [username, password] = splitCredentials(credentials);
      const actor = await deps.transactions.run((tx) => verifyAccount(tx, deps.hasher, { username, password }));
      if (actor === null) {
        failures.add(address);
        throw unauthorized('Unknown account or wrong password');
      }
      if (verified.size >= MAX_REMEMBERED) verified.clear();
      const principal = personPrincipal(actor, username);
      verified.set(seal, { principal, until: performance.now() + REMEMBER_MS });
      return principal;
    },
  };
}

function splitCredentials(credentials: string): readonly [string, string] {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1 || text.includes('\u0000')) throw unauthorized('Basic credentials are not readable');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** Wrong passwords per address and minute; guessing must not be faster here than at the login of the web app. */
function createFailureCounter(limit: () => number): { check(address: string): void; add(address: string): void } {
  let windowEnds = 0;
  const counts = new Map<string, number>();
  return {
    check(address) {
      if (performance.now() > windowEnds) {
        counts.clear();
        windowEnds = performance.now() + WINDOW_MS;
      }
      if ((counts.get(address) ?? 0) >= limit()) {
        throw new AppError('rate-limited', 'RATE_LIMITED', 'Too many wrong passwords from this address');
      }
    },
    add(address) {
      counts.set(address, (counts.get(address) ?? 0) + 1);
    },
  };
}
