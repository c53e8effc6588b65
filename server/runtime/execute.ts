// A step inside the caller's transaction: lock → load → decide → store → wake. A domain command and the step that it
// belongs to become visible together or not at all. Commands that come alone take the other way, step-batcher.ts; both
// build the same rows (project.ts) and write them with the same statement (store/steps.ts).

import type { Command, Decision, InstanceState, Variables } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Tx } from '../shared/transactions.ts';
import { isNews, newsOf } from './announce.ts';
import { decideWithKeys } from './decide-step.ts';
import { eventsAt } from './event-history.ts';
import type { ExecuteDeps } from './execute-deps.ts';
import { matchBufferedStart } from './messages.ts';
import { matchBufferedMessages, projectEvents, reuseSubscriptions, type StepContext } from './project.ts';
import { emptyRows, type NewInstance, type StepWrite } from './step-rows.ts';
import type { DefinitionRow } from './store/definitions.ts';
import { type InstanceRow, lockInstance } from './store/instances.ts';
import { writeSteps } from './store/steps.ts';

export type { ExecuteDeps } from './execute-deps.ts';

export interface StartRequest {
  readonly instanceKey?: Key;
  readonly processId: string;
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly variables: Variables;
  readonly parent?: { readonly instanceKey: Key; readonly elementInstanceKey: Key };
  /** The deployed version to run; default: the latest of the process. */
  readonly definition?: DefinitionRow;
  /** The start event that was triggered; default: the none start event. */
  readonly startElementId?: string;
  readonly callDepth?: number;
  /** Correlation key of the message that starts it; one such instance runs at a time. */
  readonly startCorrelation?: string;
  /** Labels for searches. */
  readonly tags?: readonly string[];
  /** Begin at these elements instead of the start event. */
  readonly activateElementIds?: readonly string[];
  readonly actorId: string | null;
}

export const startCommand = (request: StartRequest, instanceKey: Key): Command => ({
  type: 'start-instance',
  instanceKey,
  variables: request.variables,
  parent: request.parent ?? null,
  ...(request.startElementId !== undefined && { startElementId: request.startElementId }),
  ...(request.callDepth !== undefined && { callDepth: request.callDepth }),
  ...(request.activateElementIds !== undefined && { activateElementIds: request.activateElementIds }),
});

export async function startInstance(tx: Tx, deps: ExecuteDeps, request: StartRequest): Promise<Key> {
  await deps.keys.reserve(1);
  const instanceKey = request.instanceKey ?? deps.keys.next();
  await startWithKey(tx, deps, { ...request, instanceKey });
  return instanceKey;
}

export async function startWithKey(
  tx: Tx,
  deps: ExecuteDeps,
  request: StartRequest & { readonly instanceKey: Key },
): Promise<Decision> {
  const definition = request.definition ?? (await deps.definitions.getLatest(tx, request.processId));
  const decision = await decideWithKeys(deps, { tx, definition }, null, startCommand(request, request.instanceKey));
  const begins = newInstance(deps, request, definition);
  await storeDecision(tx, deps, decision, { ...request, begins, eventCount: 0 });
  await startNextOfKey(tx, deps, decision.state, request.startCorrelation ?? null);
  return decision;
}

export const newInstance = (deps: ExecuteDeps, request: StartRequest, definition: DefinitionRow): NewInstance => ({
  definitionKey: definition.key,
  version: definition.version,
  tenantId: request.tenantId,
  businessKey: request.businessKey,
  startCorrelation: request.startCorrelation ?? null,
  tags: request.tags ?? [],
  startedAt: deps.clock.now(),
});

/** Locks the instance row; everything else of the instance is locked after it. */
export async function lockInstanceFor(tx: Tx, instanceKey: Key): Promise<InstanceRow> {
  const instance = await lockInstance(tx, instanceKey);
  if (instance === null) {
    throw new AppError('not-found', 'INSTANCE_NOT_FOUND', `Expected an instance with key ${instanceKey}`);
  }
  return instance;
}

/** One step of a locked instance. Throws the engine's rejection as an AppError. */
export async function executeStep(
  tx: Tx,
  deps: ExecuteDeps,
  instance: InstanceRow,
  step: { readonly command: Command; readonly actorId: string | null },
): Promise<Decision> {
  const model = await deps.definitions.getModel(tx, instance.definitionKey);
  const definition = { key: instance.definitionKey, model };
  const decision = await decideWithKeys(deps, { tx, definition }, instance.state, step.command);
  const { tenantId, businessKey, eventCount, startCorrelation } = instance;
  await storeDecision(tx, deps, decision, { tenantId, businessKey, eventCount, actorId: step.actorId, begins: null });
  await startNextOfKey(tx, deps, decision.state, startCorrelation);
  return decision;
}

/** One instance started by a message with a key runs at a time: when it has ended, the next kept message is due. */
async function startNextOfKey(
  tx: Tx,
  deps: ExecuteDeps,
  state: InstanceState,
  correlationKey: string | null,
): Promise<void> {
  if (state.status === 'active' || correlationKey === null) return;
  await matchBufferedStart(tx, deps, { processId: state.processId, correlationKey });
}

export interface StepOwner {
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly actorId: string | null;
}

export const contextOf = (deps: ExecuteDeps, state: InstanceState, owner: StepOwner): StepContext => ({
  instanceKey: state.key,
  processId: state.processId,
  tenantId: owner.tenantId,
  businessKey: owner.businessKey,
  actorId: owner.actorId,
  parent: state.parent,
  now: deps.clock.now(),
  nextKey: () => deps.keys.next(),
});

async function storeDecision(
  tx: Tx,
  deps: ExecuteDeps,
  { state, events }: Decision,
  step: StepOwner & { readonly begins: NewInstance | null; readonly eventCount: number },
): Promise<void> {
  await deps.keys.reserve(events.length);
  const context = contextOf(deps, state, step);
  const rows = emptyRows();
  projectEvents(rows, context, events);
  await matchBufferedMessages(tx, rows, context);
  const kept = eventsAt(deps.historyLevel ?? 'full', events);
  const write: StepWrite = {
    state,
    begins: step.begins,
    expectedStep: null,
    guards: [],
    steps: 1,
    eventCount: step.eventCount + kept.length,
    at: context.now,
    history: [{ firstSeq: step.eventCount + 1, at: context.now, actorId: step.actorId, events: kept }],
    rows,
  };
  await writeSteps(tx, [write]);
  deps.atPoint?.('step-written');
  await reuseSubscriptions(tx, rows, context);
  tx.afterCommit(() => deps.atPoint?.('committed'));
  if (rows.wakeUps.size > 0) tx.afterCommit(() => deps.wake([...rows.wakeUps]));
  const news = newsOf([write]);
  if (isNews(news)) tx.afterCommit(() => deps.announce?.(news));
}
