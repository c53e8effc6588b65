// The only place that does lock → load → decide → store → wake. One call is one step of one instance inside the
// caller's transaction, so a domain command and the step that it belongs to become visible together or not at all.

import {
  type Command,
  decide,
  type Decision,
  type ExecutableProcess,
  type InstanceState,
  type Variables,
} from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Tx } from '../shared/transactions.ts';
import type { ExecuteDeps } from './execute-deps.ts';
import { matchBufferedStart } from './messages.ts';
import type { DefinitionRow } from './store/definitions.ts';
import { rejected } from './errors.ts';
import { projectEvents } from './project.ts';
import { appendEvents, insertInstance, type InstanceRow, lockInstance, updateInstance } from './store/instances.ts';

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
  readonly actorId: string | null;
}

/** Keys that one step may use before the decision is repeated with a larger reserve. */
const FIRST_RESERVE = 200;

export async function startInstance(tx: Tx, deps: ExecuteDeps, request: StartRequest): Promise<Key> {
  const definition = request.definition ?? (await deps.definitions.getLatest(tx, request.processId));
  await deps.keys.reserve(1);
  const instanceKey = request.instanceKey ?? deps.keys.next();
  const command: Command = {
    type: 'start-instance',
    instanceKey,
    variables: request.variables,
    parent: request.parent ?? null,
    ...(request.startElementId !== undefined && { startElementId: request.startElementId }),
    ...(request.callDepth !== undefined && { callDepth: request.callDepth }),
  };
  const decision = await decideWithKeys(deps, definition.model, null, command);
  await insertInstance(tx, {
    definitionKey: definition.key,
    version: definition.version,
    tenantId: request.tenantId,
    businessKey: request.businessKey,
    state: decision.state,
    eventCount: decision.events.length,
    startCorrelation: request.startCorrelation ?? null,
    startedAt: deps.clock.now(),
  });
  await storeStep(tx, deps, decision, { ...request, instanceKey, firstSeq: 1 });
  await startNextOfKey(tx, deps, decision, {
    processId: request.processId,
    correlationKey: request.startCorrelation ?? null,
  });
  return instanceKey;
}

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
  const decision = await decideWithKeys(deps, model, instance.state, step.command);
  await updateInstance(tx, decision.state, instance.eventCount + decision.events.length, deps.clock.now());
  await storeStep(tx, deps, decision, {
    instanceKey: instance.key,
    processId: instance.processId,
    tenantId: instance.tenantId,
    businessKey: instance.businessKey,
    actorId: step.actorId,
    firstSeq: instance.eventCount + 1,
  });
  await startNextOfKey(tx, deps, decision, {
    processId: instance.processId,
    correlationKey: instance.startCorrelation,
  });
  return decision;
}

/** One instance started by a message with a key runs at a time: when it has ended, the next kept message is due. */
async function startNextOfKey(
  tx: Tx,
  deps: ExecuteDeps,
  decision: Decision,
  started: { readonly processId: string; readonly correlationKey: string | null },
): Promise<void> {
  const { processId, correlationKey } = started;
  if (decision.state.status === 'active' || correlationKey === null) return;
  await matchBufferedStart(tx, deps, { processId, correlationKey });
}

interface StepIdentity {
  readonly instanceKey: Key;
  readonly processId: string;
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly actorId: string | null;
  readonly firstSeq: number;
}

async function storeStep(tx: Tx, deps: ExecuteDeps, decision: Decision, step: StepIdentity): Promise<void> {
  const now = deps.clock.now();
  await deps.keys.reserve(decision.events.length);
  await appendEvents(tx, {
    instanceKey: step.instanceKey,
    firstSeq: step.firstSeq,
    at: now,
    actorId: step.actorId,
    events: decision.events,
  });
  const wakeUps = await projectEvents(
    tx,
    { ...step, parent: decision.state.parent, now, nextKey: () => deps.keys.next() },
    decision.events,
  );
  if (wakeUps.length > 0) tx.afterCommit(() => deps.wake(wakeUps));
}

/** Keys are leased before the pure decision; when it needs more than reserved it is simply made again. */
async function decideWithKeys(
  deps: ExecuteDeps,
  model: ExecutableProcess,
  state: InstanceState | null,
  command: Command,
): Promise<Decision> {
  for (let reserve = FIRST_RESERVE; ; reserve *= 4) {
    await deps.keys.reserve(reserve);
    let used = 0;
    const nextKey = (): Key => {
      used += 1;
      if (used > reserve) throw new KeysUsedUp();
      return deps.keys.next();
    };
    try {
      const result = decide(model, state, command, { now: deps.clock.now(), nextKey });
      if (!result.ok) throw rejected(result.error, { command: command.type });
      return result.value;
    } catch (error) {
      if (!(error instanceof KeysUsedUp)) throw error;
    }
  }
}

class KeysUsedUp extends Error {}
