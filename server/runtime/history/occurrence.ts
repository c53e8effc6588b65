// One event as the fold sees it, and what is known about where it happened.

import type { EngineEvent, ExecutableProcess } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Owner } from './rows.ts';

export interface RecordedEvent {
  readonly instanceKey: Key;
  readonly seq: number;
  readonly at: Instant;
  readonly actorId: string | null;
  readonly event: EngineEvent;
}

/** What the rows of an instance have in common. */
export interface InstanceHeader {
  readonly owner: Owner;
  readonly version: number;
  readonly businessId: string | null;
  readonly tags: readonly string[];
}

export interface FoldContext {
  header(instanceKey: Key): InstanceHeader;
  process(definitionKey: Key): ExecutableProcess | undefined;
  version(definitionKey: Key): number;
}

/** One event, and all that is known about where it happened. */
export interface Occurrence extends RecordedEvent {
  readonly header: InstanceHeader;
  readonly process: ExecutableProcess | undefined;
}
