// What external workers do with jobs. A worker holds a job by a deadline in business time, so that a pinned clock moves
// it too; whoever completes it first wins, also after the deadline, because the work has been done then. The step that
// ends the job finds it gone for everybody else.

import type { TaskListenerResult, Variables } from '../../engine/index.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import { plusMillis } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { Found } from '../step-queue.ts';
import {
  findJobState,
  type JobState,
  storeBackOff,
  storeDeadline,
  storeFailureMessage,
} from '../store/external-jobs.ts';
import { type Caller, lockForCaller, type LockedInstance, maySee, type CommandDeps } from './caller.ts';

export interface JobResult {
  readonly jobKey: Key;
  readonly variables: Variables;
  readonly taskResult?: TaskListenerResult;
}

const jobNotFound = (verb: string, jobKey: Key): AppError =>
  new AppError('not-found', 'JOB_NOT_FOUND', `Expected to ${verb} job with key '${jobKey}', but no such job was found`);

const jobStopped = (verb: string, jobKey: Key): AppError =>
  new AppError(
    'rejection',
    'JOB_NOT_WORKABLE',
    `Expected to ${verb} job with key '${jobKey}', but it has failed or thrown an error and its incident is not resolved`,
  );

/** Only service jobs are work for others; a timer or a continuation is none of theirs. */
function checkJob(verb: string, jobKey: Key, caller: Caller, { job, instance }: Found): void {
  if (job === null || job.kind !== 'service' || !maySee(caller, instance)) throw jobNotFound(verb, jobKey);
  if (caller.reserved.isJobType(job.label ?? '')) throw jobReserved(verb, jobKey);
  if (job.status === 'failed') throw jobStopped(verb, jobKey);
  if (job.status !== 'open') throw jobNotFound(verb, jobKey);
}

/** A result without the work would be a document that was never signed. */
const jobReserved = (verb: string, jobKey: Key): AppError =>
  new AppError(
    'forbidden',
    'WORK_RESERVED',
    `Expected to ${verb} job with key '${jobKey}', but the server itself does the work of this type`,
  );

/** Answers the type of the job, as the commands below do. */
export async function completeJob(deps: CommandDeps, caller: Caller, result: JobResult): Promise<string> {
  const { jobKey, variables, taskResult } = result;
  let type = '';
  await deps.steps.give({
    target: { kind: 'job', key: jobKey },
    actorId: caller.actorId,
    missing: () => jobNotFound('complete', jobKey),
    toCommand(found) {
      checkJob('complete', jobKey, caller, found);
      type = found.job?.label ?? '';
      return { type: 'complete-job', jobKey, variables, ...(taskResult !== undefined && { taskResult }) };
    },
  });
  return type;
}

export interface JobError {
  readonly jobKey: Key;
  readonly code: string;
  readonly message: string;
  readonly variables: Variables;
}

export async function throwJobError(deps: CommandDeps, caller: Caller, error: JobError): Promise<string> {
  const { jobKey } = error;
  let type = '';
  await deps.steps.give({
    target: { kind: 'job', key: jobKey },
    actorId: caller.actorId,
    missing: () => jobNotFound('throw an error for', jobKey),
    toCommand(found) {
      checkJob('throw an error for', jobKey, caller, found);
      type = found.job?.label ?? '';
      return { type: 'throw-job-error', ...error };
    },
  });
  return type;
}

export interface JobFailureReport {
  readonly jobKey: Key;
  readonly retries: number;
  readonly message: string;
  readonly backOffMs: number;
  /** Local to the element of the job. */
  readonly variables: Variables;
}

export async function failJob(deps: CommandDeps, caller: Caller, report: JobFailureReport): Promise<string> {
  const { jobKey, message } = report;
  return deps.transactions.run(async (tx) => {
    const { job, instance } = await lockJob(tx, deps, caller, { jobKey, verb: 'fail' });
    if (job.status === 'failed') throw jobStopped('fail', jobKey);
    const retries = Math.max(0, report.retries);
    const retryAt = report.backOffMs > 0 ? plusMillis(deps.clock.now(), report.backOffMs) : null;
    if (Object.keys(report.variables).length > 0 && job.elementInstanceKey !== null) {
      const { variables } = report;
      await instance.give({ type: 'set-variables', scopeKey: job.elementInstanceKey, variables, local: true });
    }
    await storeFailureMessage(tx, { key: jobKey, message, isFinal: retries === 0, retries, at: deps.clock.now() });
    await instance.give({ type: 'fail-job', jobKey, retriesLeft: retries, message, retryAt });
    if (retries === 0) return job.type;
    await storeBackOff(tx, jobKey, retryAt);
    tx.afterCommit(() => deps.announce?.({ jobTypes: [job.type], endedInstances: [] }));
    return job.type;
  });
}

export interface JobChange {
  readonly jobKey: Key;
  readonly retries: number | null;
  /** From now on; of a job that a worker holds. */
  readonly timeoutMs: number | null;
}

export async function updateJob(deps: CommandDeps, caller: Caller, change: JobChange): Promise<void> {
  const { jobKey, retries, timeoutMs } = change;
  await deps.transactions.run(async (tx) => {
    const { job, instance } = await lockJob(tx, deps, caller, { jobKey, verb: 'update' });
    if (timeoutMs !== null) {
      const now = deps.clock.now();
      if (job.deadlineAt === null || job.status !== 'open' || job.deadlineAt <= now) {
        throw new AppError(
          'rejection',
          'JOB_NOT_HELD',
          `Expected to update the timeout of job with key '${jobKey}', but it is not activated`,
        );
      }
      await storeDeadline(tx, jobKey, plusMillis(now, timeoutMs));
    }
    if (retries !== null) await instance.give({ type: 'update-job-retries', jobKey, retries });
  });
}

async function lockJob(
  tx: Tx,
  deps: CommandDeps,
  caller: Caller,
  { jobKey, verb }: { readonly jobKey: Key; readonly verb: string },
): Promise<{ readonly job: JobState; readonly instance: LockedInstance }> {
  const seen = await findJobState(tx, jobKey);
  if (seen === null || seen.kind !== 'service') throw jobNotFound(verb, jobKey);
  if (caller.reserved.isJobType(seen.type)) throw jobReserved(verb, jobKey);
  const instance = await lockForCaller(tx, deps, caller, seen.instanceKey).catch((error: unknown) => {
    throw error instanceof AppError && error.kind === 'not-found' ? jobNotFound(verb, jobKey) : error;
  });
  const job = await findJobState(tx, jobKey);
  if (job === null || job.status === 'completed' || job.status === 'cancelled') throw jobNotFound(verb, jobKey);
  return { job, instance };
}
