// What the runtime in memory (world.ts) keeps of the events, as an installation keeps rows.

import type { ExecutableProcess, InstanceState, Json, ResolvedStart, Variables } from '../../server/engine/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import type { Instant } from '../../server/shared/time.ts';

export interface Deployed {
  readonly key: Key;
  readonly version: number;
  readonly process: ExecutableProcess;
}

export interface WorldJob {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly kind: string;
  readonly elementId: string;
  retries: number;
  status: 'open' | 'taken' | 'failed' | 'ended';
}

export interface WorldTask {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key;
  elementId: string;
  state: 'CREATING' | 'CREATED' | 'ASSIGNING' | 'UPDATING' | 'COMPLETING' | 'COMPLETED' | 'CANCELED';
  readonly attributes: Record<string, Json>;
}

export interface WorldIncident {
  readonly key: Key;
  readonly instanceKey: Key;
  elementId: string;
  readonly errorType: string;
  readonly message: string;
  readonly jobKey: Key | null;
  isOpen: boolean;
}

export interface ElementTrace {
  readonly key: Key;
  elementId: string;
  readonly isBody: boolean;
  state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
}

export interface WorldInstance {
  readonly key: Key;
  deployed: Deployed;
  state: InstanceState;
  readonly startCorrelation: string | null;
  readonly elements: Map<Key, ElementTrace>;
  /** All scopes that ever were; locals stay readable after the end. */
  readonly variables: Map<string, Variables>;
  readonly flows: Set<string>;
}

export interface Subscription {
  readonly key: Key;
  readonly instanceKey: Key;
  readonly name: string;
  readonly correlationKey: string | null;
}

export interface Message {
  readonly key: Key;
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: Variables;
  readonly expiresAt: number;
  readonly seenBy: Set<string>;
}

export interface Timer {
  readonly key: Key;
  readonly instanceKey: Key | null;
  readonly dueAt: Instant;
  readonly start: { readonly deployed: Deployed; readonly resolved: ResolvedStart & { readonly kind: 'timer' } } | null;
}
