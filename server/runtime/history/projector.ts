// Derives the read model from the events, by snapshot: the mark is a PostgreSQL snapshot, and an event is new when its
// transaction is not visible in it. A transaction that commits late is found although later ones were applied before
// it, none is applied twice, and a foreign transaction that stays open holds nobody up (docs/decisions/0013).
// Invariant: the rows and the mark move in one transaction, under the lock of the mark.

import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import type { Transactions, Tx } from '../../shared/transactions.ts';
import { foldEvents } from './fold.ts';
import type { FoldContext, RecordedEvent } from './occurrence.ts';
import { joinSnapshot, snapshotOf } from './snapshot.ts';
import { storeChanges } from './store/changes.ts';
import {
  clearHistory,
  findBoundary,
  findEarlierSteps,
  findNews,
  type KnownProcess,
  listEventsOf,
  listHeaders,
  listProcesses,
  lockMark,
  type Range,
  storeMark,
  takeSnapshot,
} from './store/projection.ts';

export interface Projector {
  /** Returns when everything that was committed before the call is in the read model. */
  catchUp(): Promise<void>;
  /** Derives everything anew. Searches wait until it is done. */
  rebuild(): Promise<void>;
}

/** Events per transaction: large enough that statements cost little per event, small enough for memory and locks. */
const CHUNK_EVENTS = 4_000;

export function createProjector(
  deps: { readonly transactions: Transactions },
  options: { readonly chunkEvents?: number } = {},
): Projector {
  const { transactions } = deps;
  const chunkEvents = options.chunkEvents ?? CHUNK_EVENTS;
  const processes = new Map<Key, KnownProcess>();

  async function run(): Promise<void> {
    const news = await transactions.run(findNews);
    if (!news.hasNews) return;
    for (;;) {
      const reached = await transactions.run((tx) => applyChunk(tx, processes, chunkEvents));
      // Events that were committed before the call have lower ids. Later ones are somebody else's request.
      if (reached >= BigInt(news.horizon)) return;
    }
  }

  // A request may share a catch-up that has not begun yet, never one that has: its snapshot may be too old.
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  function begin(): Promise<void> {
    running = run().finally(() => {
      running = null;
    });
    return running;
  }
  return {
    catchUp() {
      if (running === null) return begin();
      next ??= running
        .catch(() => undefined) // whoever asked for that one hears of it
        .then(() => {
          next = null;
          return begin();
        });
      return next;
    },
    async rebuild() {
      await transactions.run(async (tx) => {
        await lockMark(tx);
        await clearHistory(tx);
      });
      await run();
    },
  };
}

/** Applies the oldest events that are new; answers below which transaction id everything visible is applied now. */
async function applyChunk(tx: Tx, processes: Map<Key, KnownProcess>, chunkEvents: number): Promise<bigint> {
  const applied = await lockMark(tx);
  const current = await takeSnapshot(tx);
  const range = { applied, current };
  const upTo = await findEnd(tx, range, chunkEvents);
  const events = await listEventsOf(tx, range, upTo.toString());
  if (events.length > 0) await storeChanges(tx, foldEvents(events, await loadContext(tx, processes, events)));
  const reached = joinSnapshot(applied, current, upTo);
  await storeMark(tx, reached);
  return snapshotOf(reached).xmax;
}

/** The last transaction of the chunk. Transactions are never cut, and no step is applied before an earlier one. */
async function findEnd(tx: Tx, range: Range, chunkEvents: number): Promise<bigint> {
  const newest = snapshotOf(range.current).xmax - 1n;
  const boundary = await findBoundary(tx, range, chunkEvents);
  if (boundary === null) return newest;
  let end = BigInt(boundary);
  for (;;) {
    const extended = BigInt(await findEarlierSteps(tx, range, end.toString()));
    if (extended === end) return end;
    end = extended;
  }
}

async function loadContext(
  tx: Tx,
  processes: Map<Key, KnownProcess>,
  events: readonly RecordedEvent[],
): Promise<FoldContext> {
  const firstSteps = new Map<Key, number>();
  const wanted = new Set<Key>();
  for (const { instanceKey, seq, event } of events) {
    if (!firstSteps.has(instanceKey)) firstSteps.set(instanceKey, seq);
    if (event.type === 'instance-migrated') wanted.add(event.targetKey);
  }
  const headers = await listHeaders(tx, firstSteps);
  for (const header of headers.values()) wanted.add(header.owner.definition_key);
  const missing = [...wanted].filter((key) => !processes.has(key));
  for (const [key, process] of await listProcesses(tx, missing)) processes.set(key, process);
  return {
    header(instanceKey) {
      const header = headers.get(instanceKey);
      if (header !== undefined) return header;
      throw new AppError('bug', 'HISTORY_INSTANCE_MISSING', `Events of instance ${instanceKey} without its row`);
    },
    process: (definitionKey) => processes.get(definitionKey)?.model,
    version: (definitionKey) => processes.get(definitionKey)?.version ?? 0,
  };
}
