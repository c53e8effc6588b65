// Reads the caller of /v2 from `Authorization`: Basic (a local account), Bearer (a token of a machine client, or a
// session of the web app), or the session cookie. An empty header counts as none. Verified passwords are remembered for
// half a minute and tokens of machine clients for five seconds, as keyed hashes: argon2, or a question to the database,
// would cost more than many a request. A revoked token therefore opens nothing five seconds later; a session, at once.

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
  const memories = { passwords: createPasswordMemory(deps), clients: createMemory(CLIENT_REMEMBERED_MS) };
  return async (request, access) => {
    const principal = await identify(deps, memories, request);
    if (!principal.scopes.has(access.scope)) {
      throw new AppError('forbidden', 'FORBIDDEN', `Unauthorized to perform this operation: needs '${access.scope}'`);
    }
    return principal;
  };
}

interface Memories {
  readonly passwords: PasswordMemory;
  readonly clients: Memory;
}

async function identify(deps: ApiDeps, memories: Memories, request: FastifyRequest): Promise<Principal> {
  const header = request.headers.authorization?.trim() ?? '';
  if (/^basic /i.test(header)) return memories.passwords.verify(header.slice('basic '.length), request.ip);
  const token = sessionTokenOf(request);
  if (token === null) {
    if (header === '' && deps.settings.isTestMode) return ANONYMOUS;
    throw unauthorized('Expected credentials: Basic, or Bearer with a token');
  }
  const seal = memories.clients.sealOf(token);
  const known = memories.clients.find(seal);
  if (known !== null) return known;
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
  if (principal.kind === 'client') memories.clients.keep(seal, principal);
  return principal;
}

const unauthorized = (detail: string): Problem => new Problem('Unauthorized', detail);

/** Who was known a moment ago, by a hash that is worth nothing outside of this process. */
interface Memory {
  sealOf(secret: string): string;
  find(seal: string): Principal | null;
  keep(seal: string, principal: Principal): void;
}

const PASSWORD_REMEMBERED_MS = 30_000;
const CLIENT_REMEMBERED_MS = 5_000;
const MAX_REMEMBERED = 10_000;
const WINDOW_MS = 60_000;

function createMemory(rememberMs: number): Memory {
  const secret = randomBytes(32);
  const known = new Map<string, { readonly principal: Principal; readonly until: number }>();
  return {
    sealOf: (text) => createHmac('sha256', secret).update(text).digest('base64'),
    find(seal) {
      const entry = known.get(seal);
      return entry !== undefined && entry.until > performance.now() ? entry.principal : null;
    },
    keep(seal, principal) {
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(seal, { principal, until: performance.now() + rememberMs });
    },
  };
}

interface PasswordMemory {
  verify(credentials: string, address: string): Promise<Principal>;
}

function createPasswordMemory(deps: ApiDeps): PasswordMemory {
  const verified = createMemory(PASSWORD_REMEMBERED_MS);
  const failures = createFailureCounter(() => deps.settings.loginsPerMinute);
  return {
    async verify(credentials, address) {
      const seal = verified.sealOf(credentials);
      const known = verified.find(seal);
      if (known !== null) return known;
      failures.check(address);
      const [username, password] = splitCredentials(credentials);
      const actor = await deps.transactions.run((tx) => verifyAccount(tx, deps.hasher, { username, password }));
      if (actor === null) {
        failures.add(address);
        throw unauthorized('Unknown account or wrong password');
      }
      const principal = personPrincipal(actor, username);
      verified.keep(seal, principal);
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
