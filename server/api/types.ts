// What the API is built from, and what each route must declare. Nothing here reads the environment.

import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Flow, FlowDeps } from '../flow/index.ts';
import type { ArchivePackager } from '../modules/archive/index.ts';
import type { ClientScope, PasswordHasher, TokenSource } from '../modules/agencies/index.ts';
import type { Runtime, WorkSnapshot } from '../runtime/index.ts';
import type { Actor, Role } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { Instant } from '../shared/time.ts';
import type { Transactions } from '../shared/transactions.ts';
import type { Principal } from './v2/principal.ts';

/** Who may call a route. A route without this declaration cannot be registered (deny by default). */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'session' }
  | { readonly kind: 'role'; readonly roles: readonly Role[] }
  /** The interface under /v2: a machine client with this scope, or a person whose role gives it. */
  | { readonly kind: 'client'; readonly scope: ClientScope }
  /** Open only on a server started with --test-mode; elsewhere the route answers 404. */
  | { readonly kind: 'test-mode' };

export interface PinnableClock extends Clock {
  pin(instant: Instant): Promise<void>;
  reset(): Promise<void>;
}

/** What the server counts about itself; see adapters/metrics. */
export interface ServerMetrics {
  observeRequest(
    request: { readonly method: string; readonly route: string; readonly status: number },
    seconds: number,
  ): void;
  setWaiting(count: () => number): void;
  readonly contentType: string;
  read(snapshot: readonly WorkSnapshot[]): Promise<string>;
}

export interface ApiDeps {
  readonly transactions: Transactions;
  readonly clock: PinnableClock;
  readonly runtime: Runtime;
  readonly flow: Flow;
  /** Ports that the modules' queries and commands take. */
  readonly files: FlowDeps & { readonly packager: ArchivePackager };
  readonly hasher: PasswordHasher;
  readonly tokens: TokenSource;
  readonly metrics: ServerMetrics;
  readonly logger: FastifyBaseLogger;
  readonly settings: {
    readonly version: string;
    readonly role: string;
    readonly isTestMode: boolean;
    /** Folder of the built web app; null when it is served elsewhere. */
    readonly webRoot: string | null;
    /** The session cookie is sent over HTTPS only. */
    readonly isSecure: boolean;
    readonly uploadLimitBytes: number;
    /** Failed and successful logins per minute and address. */
    readonly loginsPerMinute: number;
  };
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface AccessRow {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with its rule, as registered; the authorisation matrix of the tests is checked against it. */
    accessTable: AccessRow[];
  }
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Set by the access hook for every route that needs a session. */
    actor: Actor | null;
    /** Set by the access hook for every route under /v2 that needs one. */
    principal: Principal | null;
  }
}
