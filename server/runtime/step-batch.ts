// One batch of steps: read, decide, write. Invariants: every command that is taken is answered, put back or put aside
// exactly once; a refusal, or a failure of the write, reaches the caller that caused it and nobody else.

import { isNews, newsOf } from './announce.ts';
import type { Command, Decision, InstanceState } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Statements } from '../shared/transactions.ts';
import { decideAtOnce, FIRST_RESERVE } from './decide-step.ts';
import { rejected } from './errors.ts';
import { eventsAt } from './event-history.ts';
import { contextOf, newInstance, startCommand, type StepOwner } from './execute.ts';
import { projectEvents } from './project.ts';
import type { StepAloneDeps } from './step-alone.ts';
import type { StepQueue, Waiting } from './step-queue.ts';
import type { CachedInstance, StepCache } from './step-cache.ts';
import { emptyRows, type EventBatch, type JobGuard, type NewInstance, type StepWrite } from './step-rows.ts';
import type { DefinitionRow } from './store/definitions.ts';
import type { InstanceRow } from './store/instances.ts';
import { readTargets, type StepKeys, type StepTargets } from './store/step-reads.ts';
import { composeWrite, sendWrite, sizeOf } from './store/steps.ts';

export interface StepBatchDeps extends StepAloneDeps {
  /** Each statement a transaction of its own. */
  readonly statements: Statements;
  readonly cache: StepCache;
}

/** After as many lost races a command waits for the lock of its instance. */
const MAX_TRIES = 2;
/** A longer statement makes all of its callers wait; some hundred steps of ordinary size stay far below. */
const MAX_CHARACTERS = 4_000_000;

/** Never throws: what fails is told to the callers. */
export async function runBatch(running: StepBatchDeps, queue: StepQueue, entries: readonly Waiting[]): Promise<void> {
  // One moment for all that is decided together: what was due when it was read is due when it is decided.
  const now = running.clock.now();
  const deps: StepBatchDeps = { ...running, clock: { now: () => now } };
  const batch = openBatch(queue, entries);
  try {
    const targets = await findTargets(deps, entries);
    const groups = groupByInstance(batch, entries, targets);
    const definitions = await loadDefinitions(deps, batch, groups, targets);
    const decided: Decided[] = [];
    for (const group of groups) {
      const done = decideGroup(deps, batch, group, { targets, definition: definitions.get(group.key) });
      if (done !== null) decided.push(done);
    }
    if (decided.length > 0) await store(deps, batch, decided);
  } catch (error) {
    batch.fail(error);
  } finally {
    batch.close();
  }
}

/** What has not been answered, put back or put aside yet. */
interface Batch {
  hold(key: Key): boolean;
  resolve(entry: Waiting, decision: Decision): void;
  reject(entry: Waiting, error: unknown): void;
  /** It was not its turn yet. */
  putBack(entries: readonly Waiting[]): void;
  /** They have lost a race. */
  tryAgain(entries: readonly Waiting[]): void;
  putAside(entry: Waiting): void;
  /** The statement failed as a whole, so nothing of it is stored. */
  fail(error: unknown): void;
  close(): void;
}

function openBatch(queue: StepQueue, entries: readonly Waiting[]): Batch {
  const open = new Set(entries);
  const held: Key[] = [];
  /** Those who lost a race begin again; who has lost too often waits for the lock. */
  const tryAgain = (losers: readonly Waiting[]): void => {
    for (const entry of losers) entry.tries += 1;
    queue.putBack(losers.filter(({ tries }) => tries < MAX_TRIES));
    queue.putAside(
      losers.filter(({ tries }) => tries >= MAX_TRIES),
      'locked',
    );
  };
  return {
    hold(key) {
      const isOurs = queue.hold(key);
      if (isOurs) held.push(key);
      return isOurs;
    },
    resolve(entry, decision) {
      if (open.delete(entry)) entry.resolve(decision);
    },
    reject(entry, error) {
      if (open.delete(entry)) entry.reject(error);
    },
    putBack(late) {
      for (const entry of late) open.delete(entry);
      queue.putBack(late);
    },
    tryAgain(losers) {
      for (const entry of losers) open.delete(entry);
      tryAgain(losers);
    },
    putAside(entry) {
      if (open.delete(entry)) queue.putAside([entry], 'alone');
    },
    fail(error) {
      const left = [...open];
      open.clear();
      if (error instanceof AppError && error.code === 'DATABASE_CONTENTION') tryAgain(left);
      // Unreachable is unreachable for all. Any other failure has one of them as its cause: each on its own then.
      else if (error instanceof AppError && error.kind === 'transient') for (const entry of left) entry.reject(error);
      else queue.putAside(left, 'alone');
    },
    close() {
      for (const key of held) queue.release(key);
    },
  };
}

interface Targets extends StepTargets {
  /** Commands whose instance this process remembered; the others were read. */
  readonly remembered: ReadonlyMap<Waiting, CachedInstance>;
}

/** Reads what this process does not remember, or what has just lost a race. */
async function findTargets(deps: StepBatchDeps, entries: readonly Waiting[]): Promise<Targets> {
  const remembered = new Map<Waiting, CachedInstance>();
  const unknown: Waiting[] = [];
  for (const entry of entries) {
    const found = entry.tries === 0 ? findCached(deps.cache, entry) : null;
    if (found === null) unknown.push(entry);
    else remembered.set(entry, found);
  }
  const isComplete = unknown.every(({ work }) => work.kind === 'start' && work.request.definition !== undefined);
  const read = isComplete ? NOTHING : await readTargets(deps.statements, keysOf(unknown), deps.clock.now());
  return { ...read, remembered };
}

const NOTHING: StepTargets = { instances: new Map(), tasks: new Map(), jobs: new Map(), latest: new Map() };

function findCached(cache: StepCache, { work }: Waiting): CachedInstance | null {
  if (work.kind === 'start') return null;
  // Leases change without a step of the instance: only a job that the write checks itself need not be read.
  if (work.request.target.kind === 'job' && work.request.jobGuard === undefined) return null;
  return cache.find(work.request.target);
}

function keysOf(entries: readonly Waiting[]): StepKeys {
  const keys = { instance: new Set<Key>(), task: new Set<Key>(), job: new Set<Key>() };
  const processes = new Set<string>();
  for (const { work } of entries) {
    if (work.kind === 'give') keys[work.request.target.kind].add(work.request.target.key);
    else if (work.request.definition === undefined) processes.add(work.request.processId);
  }
  return { instances: [...keys.instance], tasks: [...keys.task], jobs: [...keys.job], processes: [...processes] };
}

/** Commands of one instance, in order. */
interface Group {
  readonly key: Key;
  /** Null when the one command starts it. */
  readonly instance: InstanceRow | null;
  /** Null when it was read. */
  readonly remembered: CachedInstance | null;
  readonly entries: Waiting[];
}

/**
 * Those whose instance the other lane is working on go back, what was read of it is old already; so do those that would
 * be decided on a memory of an instance that this batch has read for another command.
 */
function groupByInstance(batch: Batch, entries: readonly Waiting[], targets: Targets): readonly Group[] {
  const groups = new Map<Key, Group>();
  const late: Waiting[] = [];
  for (const entry of entries) {
    const remembered = targets.remembered.get(entry) ?? null;
    const key = remembered?.instance.key ?? instanceKeyOf(entry, targets);
    const instance = remembered?.instance ?? (key === null ? undefined : targets.instances.get(key));
    if (key === null || (instance === undefined && entry.work.kind === 'give')) {
      batch.reject(entry, entry.work.kind === 'give' ? entry.work.request.missing() : null);
      continue;
    }
    entry.instanceKey = key;
    const group = groups.get(key);
    if (group !== undefined) (group.remembered === remembered ? group.entries : late).push(entry);
    else if (batch.hold(key)) groups.set(key, { key, instance: instance ?? null, remembered, entries: [entry] });
    else late.push(entry);
  }
  batch.putBack(late);
  return [...groups.values()];
}

function instanceKeyOf({ work }: Waiting, targets: StepTargets): Key | null {
  if (work.kind === 'start') return work.key;
  const { kind, key } = work.request.target;
  if (kind === 'instance') return key;
  return (kind === 'task' ? targets.tasks : targets.jobs).get(key)?.instanceKey ?? null;
}

/** Nearly always in memory already. */
async function loadDefinitions(
  deps: StepBatchDeps,
  batch: Batch,
  groups: readonly Group[],
  targets: StepTargets,
): Promise<ReadonlyMap<Key, DefinitionRow>> {
  const definitions = new Map<Key, DefinitionRow>();
  for (const { key, instance, entries } of groups) {
    const [first] = entries;
    if (first === undefined) continue;
    const { work } = first;
    const wanted = work.kind === 'start' ? targets.latest.get(work.request.processId) : instance?.definitionKey;
    const given = work.kind === 'start' ? work.request.definition : undefined;
    if (given === undefined && wanted === undefined) {
      const what = work.kind === 'start' ? work.request.processId : key;
      batch.reject(first, deps.definitions.notFound(what));
      continue;
    }
    const row = given ?? (wanted === undefined ? null : deps.definitions.getCached(wanted));
    if (row !== null) definitions.set(key, row);
    else if (wanted !== undefined) definitions.set(key, await deps.definitions.getDefinition(deps.statements, wanted));
  }
  return definitions;
}

interface Decided {
  readonly accepted: readonly { readonly entry: Waiting; readonly decision: Decision }[];
  readonly group: Group;
  readonly instance: Omit<InstanceRow, 'step' | 'state' | 'status' | 'eventCount'>;
  readonly write: StepWrite;
}

/** The commands of one instance as a chain: each is decided on the state that the one before has left. */
function decideGroup(
  deps: StepBatchDeps,
  batch: Batch,
  group: Group,
  read: { readonly targets: Targets; readonly definition: DefinitionRow | undefined },
): Decided | null {
  const { instance, remembered } = group;
  const { definition } = read;
  if (definition === undefined) return null;
  const guards: JobGuard[] = [];
  let state: InstanceState | null = instance?.state ?? null;
  let eventCount = instance?.eventCount ?? 0;
  let begins: NewInstance | null = null;
  const rows = emptyRows();
  const history: EventBatch[] = [];
  const accepted: { entry: Waiting; decision: Decision }[] = [];
  const now = deps.clock.now();
  for (const entry of group.entries) {
    const decision = decideEntry(deps, batch, entry, { group, state, targets: read.targets, definition });
    if (decision === null) continue;
    const owner = ownerOf(entry, instance);
    projectEvents(rows, contextOf(deps, decision.state, owner), decision.events);
    const { actorId } = owner;
    const events = eventsAt(deps.historyLevel ?? 'full', decision.events);
    history.push({ firstSeq: eventCount + 1, at: now, actorId, events });
    eventCount += events.length;
    ({ state } = decision);
    if (entry.work.kind === 'start') begins = newInstance(deps, entry.work.request, definition);
    else if (remembered !== null && entry.work.request.jobGuard !== undefined) guards.push(entry.work.request.jobGuard);
    accepted.push({ entry, decision });
  }
  const identity =
    instance ?? (begins === null ? null : { ...begins, key: group.key, processId: definition.processId });
  if (state === null || identity === null || accepted.length === 0) return null;
  const expectedStep = instance?.step ?? null;
  const write = { state, begins, expectedStep, guards, steps: accepted.length, eventCount, at: now, history, rows };
  return { accepted, group, instance: identity, write };
}

const ownerOf = ({ work }: Waiting, instance: InstanceRow | null): StepOwner =>
  work.kind === 'start'
    ? work.request
    : {
        tenantId: instance?.tenantId ?? '',
        businessKey: instance?.businessKey ?? null,
        actorId: work.request.actorId,
      };

interface Given {
  readonly group: Group;
  readonly state: InstanceState | null;
  readonly targets: Targets;
  readonly definition: DefinitionRow;
}

/** Null when the command has been answered with a refusal, or runs alone. */
function decideEntry(deps: StepBatchDeps, batch: Batch, entry: Waiting, given: Given): Decision | null {
  let command: Command;
  try {
    command = commandOf(entry, given);
  } catch (error) {
    refuse(deps, batch, entry, { group: given.group, error });
    return null;
  }
  try {
    const { state, definition } = given;
    const result = decideAtOnce(deps, { model: definition.model, state, command }, FIRST_RESERVE);
    if (!result.ok) {
      refuse(deps, batch, entry, { group: given.group, error: rejected(result.error, { command: command.type }) });
      return null;
    }
    if (!needsTransaction(result.value, correlationOf(entry, given))) return result.value;
  } catch {
    // It took more keys than a batch holds, or it broke an invariant of the core: alone it answers for itself.
    batch.putAside(entry);
    return null;
  }
  batch.putAside(entry);
  return null;
}

/**
 * What is remembered may be old, and no write proves the opposite of a refusal: it counts when it was decided on what
 * was read.
 */
function refuse(
  deps: StepBatchDeps,
  batch: Batch,
  entry: Waiting,
  { group, error }: { readonly group: Group; readonly error: unknown },
): void {
  if (group.remembered === null) {
    batch.reject(entry, error);
    return;
  }
  deps.cache.forget(group.key);
  batch.tryAgain([entry]);
}

function commandOf({ work }: Waiting, { group, targets }: Given): Command {
  if (work.kind === 'start') return startCommand(work.request, work.key);
  const { target, toCommand, missing } = work.request;
  const { instance, remembered } = group;
  if (instance === null) throw missing();
  if (remembered !== null) return toCommand({ instance, task: remembered.tasks.get(target.key) ?? null, job: null });
  const { tasks, jobs } = targets;
  return toCommand({ instance, task: tasks.get(target.key) ?? null, job: jobs.get(target.key) ?? null });
}

const correlationOf = ({ work }: Waiting, { group: { instance } }: Given): string | null =>
  work.kind === 'start' ? (work.request.startCorrelation ?? null) : (instance?.startCorrelation ?? null);

/**
 * Publishing and subscribing meet under an advisory lock on the name and key of the message, and what is looked at must
 * be read after the lock was taken: several statements. So a step that opens a subscription or leaves one open for the
 * next message runs alone, and so does the end of an instance that a message with a key had started.
 */
function needsTransaction({ state, events }: Decision, startCorrelation: string | null): boolean {
  if (startCorrelation !== null && state.status !== 'active') return true;
  return events.some(({ type }) => type === 'message-subscribed' || type === 'message-correlated');
}

async function store(deps: StepBatchDeps, batch: Batch, decided: readonly Decided[]): Promise<void> {
  // One order over all processes, so that two batches that share instances wait for each other and do not deadlock.
  const ordered = [...decided].sort((a, b) => compareKeys(a.write.state.key, b.write.state.key));
  const composed = composeWrite(ordered.map(({ write }) => write));
  if (ordered.length > 1 && sizeOf(composed.values) > MAX_CHARACTERS) {
    // Large variables: two statements, each answered by itself, so that the second cannot spoil the first.
    const half = Math.ceil(ordered.length / 2);
    await store(deps, batch, ordered.slice(0, half));
    await store(deps, batch, ordered.slice(half));
    return;
  }
  deps.atPoint?.('batch-decided');
  const stored = await sendWrite(deps.statements, composed);
  deps.atPoint?.('batch-written');
  const wakeUps: Key[] = [];
  const written: StepWrite[] = [];
  for (const { accepted, write, group, instance } of ordered) {
    const step = stored.get(write.state.key);
    if (step === undefined) {
      deps.cache.forget(write.state.key);
      batch.tryAgain(accepted.map(({ entry }) => entry));
      continue;
    }
    const { state, eventCount } = write;
    deps.cache.keep(group.remembered, { ...instance, state, status: state.status, step, eventCount }, write);
    wakeUps.push(...write.rows.wakeUps);
    written.push(write);
    for (const { entry, decision } of accepted) batch.resolve(entry, decision);
  }
  if (wakeUps.length > 0) deps.wake(wakeUps);
  const news = newsOf(written);
  if (isNews(news)) deps.announce?.(news);
}

/** Digit strings in numeric order. */
const compareKeys = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
