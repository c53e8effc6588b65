// Works on one offered job. Whatever a job changes is written in the transaction that ends the job row, under the
// instance lock, so that a job takes effect exactly once however often it is offered. Only `perform` of a handler
// runs outside (network); it may run again after a crash and therefore gets the job key as its idempotency key.

import type { Variables } from '../engine/index.ts';
import { visibleVariables } from '../engine/index.ts';
import { AppError, isTransient } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import { type ContinuationDeps, inLockedInstance, runContinuation } from './continuations.ts';
import { executeStep, lockInstanceFor } from './execute.ts';
import type { WorkMetrics } from './ports.ts';
import { findInstance, type InstanceRow, lockInstance } from './store/instances.ts';
import { endJobs, findDueJob, type JobKind, type JobRow, leaseJob, lockLeasedJob, storeFailure } from './store/jobs.ts';

/** What a handler sees of a job. */
export interface Job {
  readonly key: Key;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly instanceKey: Key;
  readonly tenantId: string;
  readonly businessKey: string | null;
  readonly variables: Variables;
}

export type JobOutcome =
  | { readonly kind: 'completed'; readonly variables: Variables }
  /** Try again after the back-off; uses up one retry. */
  | { readonly kind: 'retry-later'; readonly reason: string }
  /** A modelled business failure: the nearest error event with this code catches it. */
  | {
      readonly kind: 'bpmn-error';
      readonly code: string;
      readonly message: string;
      readonly variables: Variables;
    }
  /** No later try can help: becomes an incident at once. */
  | { readonly kind: 'give-up'; readonly reason: string };

export const completed = (variables: Variables = {}): JobOutcome => ({ kind: 'completed', variables });
export const giveUp = (reason: string): JobOutcome => ({ kind: 'give-up', reason });
export const bpmnError = (code: string, message: string, variables: Variables = {}): JobOutcome => ({
  kind: 'bpmn-error',
  code,
  message,
  variables,
});
export const retryLater = (reason: string): JobOutcome => ({ kind: 'retry-later', reason });

export interface JobHandler<Performed = void> {
  /** Work outside any transaction; at least once. */
  perform?(job: Job): Promise<Performed>;
  /** The part that takes effect exactly once: runs in the transaction that completes the job. */
  record(tx: Tx, job: Job, performed: Performed, now: Instant): Promise<JobOutcome>;
}

// The registry mixes handlers with different results of `perform`; each is only ever given its own result.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type JobHandlers = Readonly<Record<string, JobHandler<any>>>;

export interface JobRunnerDeps extends ContinuationDeps {
  readonly handlers: JobHandlers;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly metrics?: WorkMetrics;
}

/** A worker that dies keeps its job away from others for this long. */
const LEASE_MS = 60_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

export const backoffMs = (attempts: number): number =>
  Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts, 10));

/** True when there was something to do; false when the job is done, taken by another worker or not due. */
export async function runJob(deps: JobRunnerDeps, jobKey: Key): Promise<boolean> {
  const due = await deps.transactions.run((tx) => findDueJob(tx, jobKey, deps.clock.now()));
  if (due === null) return false;
  try {
    return await runDueJob(deps, due);
  } catch (error) {
    await recordFailure(deps, due, error);
    return true;
  }
}

const runDueJob = (deps: JobRunnerDeps, due: JobRow): Promise<boolean> =>
  isContinuation(due) ? runContinuation(deps, due) : runServiceJob(deps, due);

const isContinuation = (job: JobRow): job is JobRow & { readonly kind: Exclude<JobKind, 'service'> } =>
  job.kind !== 'service';

async function runServiceJob(deps: JobRunnerDeps, due: JobRow): Promise<boolean> {
  const handler = deps.handlers[due.type];
  // A type that no handler of ours serves belongs to external workers; it stays open for them.
  if (handler === undefined) return false;
  if (handler.perform === undefined) {
    return inLockedInstance(deps, due, (tx, _deps, instance, job) =>
      finishService(tx, deps, { instance, job, performed: undefined }),
    );
  }
  const leased = await deps.transactions.run(async (tx) => {
    const row = await leaseJob(tx, due.key, deps.clock.now(), LEASE_MS);
    const instance = row === null ? null : await findInstance(tx, row.instanceKey);
    return row === null || instance === null ? null : { row, job: jobOf(row, instance) };
  });
  if (leased === null) return false;
  try {
    deps.atPoint?.('job-leased');
    const performed: unknown = await handler.perform(leased.job);
    deps.atPoint?.('work-performed');
    await deps.transactions.run((tx) => finishLeased(tx, deps, leased.row, performed));
    return true;
  } catch (error) {
    // The worker that took the lease over answers for the job now.
    if (error instanceof AppError && error.code === 'JOB_LEASE_LOST') return false;
    await recordFailure(deps, leased.row, error);
    return true;
  }
}

async function finishLeased(tx: Tx, deps: JobRunnerDeps, leased: LeasedJob, performed: unknown): Promise<void> {
  const instance = await lockInstanceFor(tx, leased.instanceKey);
  const job = await lockLeasedJob(tx, leased.key, leased.leaseToken);
  if (job === null) {
    throw new AppError('rejection', 'JOB_LEASE_LOST', `Lease of job ${leased.key} was lost before its completion`);
  }
  await finishService(tx, deps, { instance, job, performed });
}

type LeasedJob = JobRow & { readonly leaseToken: string };

const jobOf = (row: JobRow, instance: InstanceRow): Job => ({
  key: row.key,
  type: row.type,
  headers: row.headers,
  instanceKey: row.instanceKey,
  tenantId: instance.tenantId,
  businessKey: instance.businessKey,
  variables: visibleVariables(instance.state, row.elementInstanceKey ?? instance.key),
});

interface ServiceWork {
  readonly instance: InstanceRow;
  readonly job: JobRow;
  readonly performed: unknown;
}

async function finishService(tx: Tx, deps: JobRunnerDeps, work: ServiceWork): Promise<void> {
  const { instance, job } = work;
  const handler = deps.handlers[job.type];
  if (handler === undefined) throw new AppError('bug', 'JOB_HANDLER_MISSING', `No handler for job type ${job.type}`);
  const outcome = await handler.record(tx, jobOf(job, instance), work.performed, deps.clock.now());
  deps.atPoint?.('work-recorded');
  if (outcome.kind === 'completed') tx.afterCommit(() => deps.metrics?.ended(job.type, 'completed'));
  if (outcome.kind === 'bpmn-error') tx.afterCommit(() => deps.metrics?.ended(job.type, 'error'));
  if (outcome.kind === 'bpmn-error') {
    const { code, message, variables } = outcome;
    const command = { type: 'throw-job-error', jobKey: job.key, code, message, variables } as const;
    await executeStep(tx, deps, instance, { command, actorId: null });
    return;
  }
  if (outcome.kind !== 'completed') throw new OutcomeFailure(outcome);
  await executeStep(tx, deps, instance, {
    command: { type: 'complete-job', jobKey: job.key, variables: outcome.variables },
    actorId: null,
  });
}

/** Carries a handler's refusal out of its transaction, which must not keep half of its work. */
class OutcomeFailure extends Error {
  readonly isFinal: boolean;
  constructor(outcome: Extract<JobOutcome, { kind: 'retry-later' | 'give-up' }>) {
    super(outcome.reason);
    this.isFinal = outcome.kind === 'give-up';
  }
}

/** In a transaction of its own: the work was rolled back, what remains is the trace of the failure. */
async function recordFailure(
  deps: JobRunnerDeps,
  due: JobRow & { readonly leaseToken?: string },
  error: unknown,
): Promise<void> {
  if (!isContinuation(due)) deps.metrics?.ended(due.type, 'failed');
  const message = error instanceof Error ? error.message : String(error);
  deps.log('job failed', { jobKey: due.key, type: due.type, kind: due.kind, attempts: due.attempts, error });
  await deps.transactions.run(async (tx) => {
    const instance = await lockInstance(tx, due.instanceKey);
    if (instance === null) {
      await tryAgainLater(tx, due, message);
      return;
    }
    const retries = isTransient(error) ? due.retries : isFinal(error) ? 0 : Math.max(0, due.retries - 1);
    if (due.kind !== 'service') {
      await failContinuation(tx, deps, { instance, job: due, message, isFinal: isFinal(error) });
      return;
    }
    const leaseToken = due.leaseToken ?? null;
    const failure = { key: due.key, leaseToken, retries, message, backoffMs: backoffMs(due.attempts) };
    // Another worker may have taken the job up, or finished it, in the meantime.
    if (!(await storeFailure(tx, failure))) return;
    await executeStep(tx, deps, instance, {
      command: { type: 'fail-job', jobKey: due.key, retriesLeft: retries, message, retryAt: null },
      actorId: null,
    });
  });
}

/** Refusals by a rule stay refusals however often they are tried. */
const isFinal = (error: unknown): boolean =>
  (error instanceof OutcomeFailure && error.isFinal) ||
  (error instanceof AppError && ['rule', 'rejection', 'not-found', 'invalid-input', 'forbidden'].includes(error.kind));

async function failContinuation(
  tx: Tx,
  deps: JobRunnerDeps,
  failure: {
    readonly instance: InstanceRow;
    readonly job: JobRow;
    readonly message: string;
    readonly isFinal: boolean;
  },
): Promise<void> {
  const { instance, job, message } = failure;
  if (job.kind === 'start-child' && job.elementInstanceKey !== null && failure.isFinal) {
    await endJobs(tx, [job.key], 'failed', deps.clock.now());
    await executeStep(tx, deps, instance, {
      command: { type: 'fail-call', elementInstanceKey: job.elementInstanceKey, message },
      actorId: null,
    });
    return;
  }
  await tryAgainLater(tx, job, message);
}

/** Timers and continuations have no handler that could be wrong: they are tried again until they succeed. */
async function tryAgainLater(tx: Tx, job: JobRow, message: string): Promise<void> {
  await storeFailure(tx, {
    key: job.key,
    leaseToken: null,
    retries: Math.max(1, job.retries),
    message,
    backoffMs: backoffMs(job.attempts),
  });
}
