// Work between instances and beyond them: starting, completing and cancelling called instances, errors and escalations
// on their way up, messages and signals that reach or start instances. Each is a job, so that a step never locks a
// second instance, and each ends its row in the transaction of its effect, so that it happens once.

import type { Binding, Command, Json, Variables } from '../engine/index.ts';
import { nextStartTimer } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Transactions, Tx } from '../shared/transactions.ts';
import { answerTask, type DecisionCatalog } from './decisions.ts';
import { startTimerJob } from './definitions.ts';
import { type ExecuteDeps, executeStep, lockInstanceFor, startInstance } from './execute.ts';
import { matchMessage } from './messages.ts';
import type { StepBatcher } from './step-batcher.ts';
import { fireTimerAlone } from './step-commands.ts';
import { findInstance, type InstanceRow, lockInstance } from './store/instances.ts';
import { endJobs, insertJobs, type JobKind, type JobRow, lockDueJob, type NewJob } from './store/jobs.ts';
import {
  findMessageAddress,
  findMessageVariables,
  findSubscription,
  forgetCorrelation,
  lockCorrelation,
} from './store/messages.ts';
import { holdJobs } from './store/operations.ts';
import { hasSignalSubscription, listWaitingFor } from './store/signals.ts';
import { listStartsBySignal } from './store/starts.ts';

export interface ContinuationDeps extends ExecuteDeps {
  readonly steps: StepBatcher;
  readonly decisions: DecisionCatalog;
  readonly transactions: Transactions;
}

/** Instances that a message, a signal or a timer starts belong to nobody in particular. */
export const DEFAULT_TENANT = '<default>';
/** Subscriptions that one step of a broadcast serves, so that a signal to 100,000 instances has no large commit. */
const BROADCAST_CHUNK = 500;

type InstanceWork = (tx: Tx, deps: ContinuationDeps, instance: InstanceRow, job: JobRow) => Promise<void>;
type FreeWork = (tx: Tx, deps: ContinuationDeps, job: JobRow) => Promise<void>;

/** Locks the instance, then the job row if it is still due, runs the work and ends the job. A suspended one waits. */
export function inLockedInstance(deps: ContinuationDeps, due: JobRow, work: InstanceWork): Promise<boolean> {
  return deps.transactions.run(async (tx) => {
    const instance = await lockInstanceFor(tx, due.instanceKey);
    const job = await lockDueJob(tx, due.key, deps.clock.now());
    if (job === null) return false;
    if (instance.state.isSuspended === true) {
      await holdJobs(tx, instance.key);
      return true;
    }
    await work(tx, deps, instance, job);
    await endJobs(tx, [job.key], 'completed', deps.clock.now());
    return true;
  });
}

/** The same for work that begins an instance or concerns many: only the job row is locked. */
function inLockedJob(deps: ContinuationDeps, due: JobRow, work: FreeWork): Promise<boolean> {
  return deps.transactions.run(async (tx) => {
    const job = await lockDueJob(tx, due.key, deps.clock.now());
    if (job === null) return false;
    await work(tx, deps, job);
    await endJobs(tx, [job.key], 'completed', deps.clock.now());
    return true;
  });
}

export function runContinuation(
  deps: ContinuationDeps,
  due: JobRow & { readonly kind: Exclude<JobKind, 'service'> },
): Promise<boolean> {
  switch (due.kind) {
    case 'timer':
      return fireTimerAlone(deps.steps, due.key);
    case 'start-child':
      return inLockedJob(deps, due, startChild);
    case 'cancel-child':
      return cancelChild(deps, due);
    case 'complete-call':
      return inLockedInstance(deps, due, completeCall);
    case 'correlate':
      return inLockedInstance(deps, due, correlate);
    case 'propagate-error':
      return inLockedInstance(deps, due, propagateError);
    case 'reject-error':
      return inLockedInstance(deps, due, (tx, _deps, instance, job) =>
        giveIfPossible(tx, deps, instance, { type: 'reject-error', errorKey: readKey(job, 'errorKey') }),
      );
    case 'propagate-escalation':
      return inLockedInstance(deps, due, propagateEscalation);
    case 'decision':
      return inLockedInstance(deps, due, answerDecision);
    case 'deliver-signal':
      return inLockedInstance(deps, due, deliverSignal);
    case 'broadcast-signal':
      return inLockedJob(deps, due, broadcastSignal);
    case 'start-by-event':
      return inLockedJob(deps, due, startByEvent);
    case 'start-timer':
      return inLockedJob(deps, due, startByTimer);
  }
}

async function give(tx: Tx, deps: ContinuationDeps, instance: InstanceRow, command: Command): Promise<void> {
  await executeStep(tx, deps, instance, { command, actorId: null });
}

/** What waited for the news may have ended in the meantime; then there is nobody to tell. */
async function giveIfPossible(tx: Tx, deps: ContinuationDeps, instance: InstanceRow, command: Command): Promise<void> {
  try {
    await give(tx, deps, instance, command);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'INSTANCE_COMMAND_REJECTED')) throw error;
  }
}

const invalidPayload = (job: JobRow, name: string): AppError =>
  new AppError('bug', 'JOB_PAYLOAD_INVALID', `Job ${job.key} lacks ${name}`);

function readText(job: JobRow, name: string): string {
  const value = job.payload[name];
  if (typeof value !== 'string') throw invalidPayload(job, name);
  return value;
}
const readKey = (job: JobRow, name: string): Key => readText(job, name) as Key; // the runtime itself wrote it
const readElementKey = (job: JobRow): Key => {
  if (job.elementInstanceKey === null) throw invalidPayload(job, 'elementInstanceKey');
  return job.elementInstanceKey;
};
const readVariables = (job: JobRow): Variables => {
  const value: Json | undefined = job.payload['variables'];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Variables) : {};
};
const readNumber = (job: JobRow, name: string): number | null => {
  const value = job.payload[name];
  return typeof value === 'number' ? value : null;
};

async function startChild(tx: Tx, deps: ContinuationDeps, job: JobRow): Promise<void> {
  const parent = await findInstance(tx, job.instanceKey);
  if (parent === null) throw invalidPayload(job, 'parent');
  // Written by project.ts from the event; both parts are there.
  const binding = job.payload['binding'] as unknown as Binding;
  const definition = await deps.definitions.getBound(tx, {
    processId: job.type,
    binding,
    callerKey: parent.definitionKey,
  });
  await startInstance(tx, deps, {
    instanceKey: readKey(job, 'childInstanceKey'),
    processId: job.type,
    definition,
    tenantId: parent.tenantId,
    businessKey: parent.businessKey,
    variables: readVariables(job),
    parent: { instanceKey: parent.key, elementInstanceKey: readElementKey(job) },
    callDepth: readNumber(job, 'callDepth') ?? 1,
    actorId: null,
  });
}

function cancelChild(deps: ContinuationDeps, due: JobRow): Promise<boolean> {
  return deps.transactions.run(async (tx) => {
    const child = await lockInstance(tx, readKey(due, 'childInstanceKey'));
    const job = await lockDueJob(tx, due.key, deps.clock.now());
    if (job === null) return false;
    // No child row: it was never started, its start-child job was cancelled together with the call activity.
    if (child !== null && child.status === 'active') await give(tx, deps, child, { type: 'cancel-instance' });
    await endJobs(tx, [job.key], 'completed', deps.clock.now());
    return true;
  });
}

/** The call activity may have been cancelled while its child completed: then nothing waits for the result. */
async function completeCall(tx: Tx, deps: ContinuationDeps, instance: InstanceRow, job: JobRow): Promise<void> {
  const elementInstanceKey = readElementKey(job);
  if (instance.state.elements[elementInstanceKey] === undefined) return;
  await give(tx, deps, instance, { type: 'complete-call', elementInstanceKey, variables: readVariables(job) });
}

const propagateError: InstanceWork = (tx, deps, instance, job) =>
  giveIfPossible(tx, deps, instance, {
    type: 'propagate-error',
    elementInstanceKey: readElementKey(job),
    errorKey: readKey(job, 'errorKey'),
    code: readText(job, 'code'),
    message: readText(job, 'message'),
    variables: readVariables(job),
  });

const propagateEscalation: InstanceWork = (tx, deps, instance, job) =>
  giveIfPossible(tx, deps, instance, {
    type: 'propagate-escalation',
    elementInstanceKey: readElementKey(job),
    code: readText(job, 'code'),
    variables: readVariables(job),
  });

/** The answer of a decision, or the incident that says why there is none. */
async function answerDecision(tx: Tx, deps: ContinuationDeps, instance: InstanceRow, job: JobRow): Promise<void> {
  const { definitionKey: processDefinitionKey, key: instanceKey } = instance;
  const { elementInstanceKey, elementId } = job;
  // Written by project.ts from the event.
  const binding = job.payload['binding'] as unknown as Binding;
  const answer = await answerTask(
    tx,
    deps.decisions,
    { decisionId: job.type, binding, processKey: processDefinitionKey },
    {
      variables: readVariables(job),
      origin: { processDefinitionKey, instanceKey, elementInstanceKey, elementId },
    },
  );
  const command: Command = answer.ok
    ? { type: 'complete-decision', decisionKey: job.key, result: answer.result }
    : { type: 'fail-decision', decisionKey: job.key, errorType: answer.errorType, message: answer.message };
  await give(tx, deps, instance, command);
}

async function correlate(tx: Tx, deps: ContinuationDeps, instance: InstanceRow, job: JobRow): Promise<void> {
  const subscriptionKey = readKey(job, 'subscriptionKey');
  const messageKey = readKey(job, 'messageKey');
  const variables = await findMessageVariables(tx, messageKey);
  if (variables === null) return;
  if ((await findSubscription(tx, subscriptionKey)) !== null) {
    await give(tx, deps, instance, { type: 'correlate-message', subscriptionKey, messageKey, variables });
    return;
  }
  // The subscription went away before the message reached it: the message is free for others.
  await forgetCorrelation(tx, messageKey, subscriptionKey);
  const address = await findMessageAddress(tx, messageKey);
  if (address === null) return;
  await lockCorrelation(tx, address.name, address.correlationKey);
  await matchMessage(tx, deps, { messageKey, variables, ...address });
}

async function deliverSignal(tx: Tx, deps: ContinuationDeps, instance: InstanceRow, job: JobRow): Promise<void> {
  const subscriptionKey = readKey(job, 'subscriptionKey');
  if (!(await hasSignalSubscription(tx, subscriptionKey))) return;
  await give(tx, deps, instance, { type: 'deliver-signal', subscriptionKey, variables: readVariables(job) });
}

/** One chunk of a broadcast: a job per waiting instance, and one for the next chunk. Start events come first. */
async function broadcastSignal(tx: Tx, deps: ContinuationDeps, job: JobRow): Promise<void> {
  const afterKey = typeof job.payload['afterKey'] === 'string' ? readKey(job, 'afterKey') : null;
  const thrownAt = readText(job, 'thrownAt') as Instant; // the runtime itself wrote it
  const waiting = await listWaitingFor(tx, { name: job.type, thrownAt, afterKey, limit: BROADCAST_CHUNK });
  const starts = afterKey === null ? await listStartsBySignal(tx, job.type) : [];
  await deps.keys.reserve(waiting.length + starts.length + 1);
  const now = deps.clock.now();
  const variables = readVariables(job);
  const common = {
    elementInstanceKey: null,
    elementId: null,
    headers: {},
    retries: 3,
    dueAt: null,
    createdAt: now,
  } as const;
  const jobs: NewJob[] = starts.map((start) => ({
    ...common,
    key: deps.keys.next(),
    kind: 'start-by-event',
    instanceKey: job.instanceKey,
    type: start.processId,
    payload: { definitionKey: start.definitionKey, elementId: start.elementId, variables },
    isOffered: true,
  }));
  for (const { key: subscriptionKey, instanceKey } of waiting) {
    jobs.push({
      ...common,
      key: deps.keys.next(),
      kind: 'deliver-signal',
      instanceKey,
      type: job.type,
      payload: { subscriptionKey, variables },
      isOffered: true,
    });
  }
  const last = waiting.at(-1);
  if (last !== undefined && waiting.length === BROADCAST_CHUNK) {
    jobs.push({
      ...common,
      key: deps.keys.next(),
      kind: 'broadcast-signal',
      instanceKey: job.instanceKey,
      type: job.type,
      payload: { ...job.payload, afterKey: last.key },
      isOffered: true,
    });
  }
  await insertJobs(tx, jobs);
  tx.afterCommit(() => deps.wake(jobs.map((created) => created.key)));
}

/** A start event was triggered by a message or a signal. */
async function startByEvent(tx: Tx, deps: ContinuationDeps, job: JobRow): Promise<void> {
  const definition = await deps.definitions.getDefinition(tx, readKey(job, 'definitionKey'));
  const startCorrelation = job.payload['startCorrelation'];
  await startInstance(tx, deps, {
    // Given out already to whoever correlated the message.
    ...(typeof job.payload['instanceKey'] === 'string' && { instanceKey: readKey(job, 'instanceKey') }),
    processId: definition.processId,
    definition,
    startElementId: readText(job, 'elementId'),
    tenantId: DEFAULT_TENANT,
    businessKey: null,
    variables: readVariables(job),
    ...(typeof startCorrelation === 'string' && { startCorrelation }),
    actorId: null,
  });
}

/** The time of a timer start event has come: one instance, and the job of the next firing. */
async function startByTimer(tx: Tx, deps: ContinuationDeps, job: JobRow): Promise<void> {
  const definitionKey = readKey(job, 'definitionKey');
  const definition = await deps.definitions.getDefinition(tx, definitionKey);
  const elementId = job.elementId ?? '';
  await startInstance(tx, deps, {
    processId: definition.processId,
    definition,
    startElementId: elementId,
    tenantId: DEFAULT_TENANT,
    businessKey: null,
    variables: {},
    actorId: null,
  });
  const now = deps.clock.now();
  const period = job.payload['period'];
  const fired = {
    dueAt: readText(job, 'dueAt') as Instant, // the runtime itself wrote it
    repetitionsLeft: readNumber(job, 'repetitionsLeft'),
    period: typeof period === 'string' ? period : null,
  };
  const next = nextStartTimer(fired, now);
  if (next === null) return;
  await deps.keys.reserve(1);
  const timer = { definitionKey, processId: definition.processId, elementId, ...next };
  await insertJobs(tx, [startTimerJob(deps.keys.next(), timer, now)]);
}
