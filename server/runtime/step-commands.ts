// Commands that come alone and therefore share a statement and a commit with whatever else waits (step-batcher.ts).
// A command that belongs to a domain command uses the functions of inbox.ts with the domain's transaction instead.

import type { Decision, Variables } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import { canAct } from './inbox.ts';
import type { StepBatcher } from './step-batcher.ts';
import type { TaskActor } from './store/tasks.ts';

export interface TaskCompletion {
  readonly actor: TaskActor;
  readonly taskKey: Key;
  readonly variables: Variables;
}

export interface JobCompletion {
  readonly jobKey: Key;
  /** The lease that the worker was given; null when it worked without one. */
  readonly leaseToken: string | null;
  readonly variables: Variables;
}

const taskNotFound = (taskKey: Key): AppError =>
  new AppError('not-found', 'TASK_NOT_FOUND', `Expected a task with key ${taskKey}`, { details: { taskKey } });

const leaseLost = (jobKey: Key): AppError =>
  new AppError('rejection', 'JOB_LEASE_LOST', `Lease of job ${jobKey} was lost before its completion`);

/** TASK_NOT_FOUND, TASK_NOT_OPEN, TASK_NOT_YOURS, as `openTask` of inbox.ts. */
export async function completeTaskAlone(batcher: StepBatcher, completion: TaskCompletion): Promise<Decision> {
  const { actor, taskKey, variables } = completion;
  const details = { taskKey };
  return batcher.give({
    target: { kind: 'task', key: taskKey },
    actorId: actor.userId,
    missing: () => taskNotFound(taskKey),
    toCommand({ task }) {
      if (task === null || task.tenantId !== actor.tenantId) throw taskNotFound(taskKey);
      if (task.status !== 'open') {
        const message = `Expected task ${taskKey} to be open, but it is ${task.status}`;
        throw new AppError('rejection', 'TASK_NOT_OPEN', message, { details });
      }
      if (!canAct(task, actor)) {
        throw new AppError('forbidden', 'TASK_NOT_YOURS', `User may not act on task ${taskKey}`, { details });
      }
      return { type: 'complete-task', taskKey, variables };
    },
  });
}

/** JOB_LEASE_LOST when the job has ended or another worker has it. */
export async function completeJobAlone(batcher: StepBatcher, completion: JobCompletion): Promise<Decision> {
  const { jobKey, leaseToken, variables } = completion;
  return batcher.give({
    target: { kind: 'job', key: jobKey },
    actorId: null,
    jobGuard: { key: jobKey, lease: leaseToken },
    missing: () => leaseLost(jobKey),
    toCommand({ job }) {
      if (job !== null && (job.status !== 'open' || job.leaseToken !== leaseToken)) throw leaseLost(jobKey);
      return { type: 'complete-job', jobKey, variables };
    },
  });
}

/** False when the timer is not due any more: fired by another worker, or disarmed. */
export async function fireTimerAlone(batcher: StepBatcher, timerKey: Key): Promise<boolean> {
  try {
    await batcher.give({
      target: { kind: 'job', key: timerKey },
      actorId: null,
      missing: () => new NotDue(),
      toCommand({ job }) {
        if (job === null || job.status !== 'open' || !job.isDue) throw new NotDue();
        return { type: 'fire-timer', timerKey };
      },
    });
    return true;
  } catch (error) {
    if (error instanceof NotDue) return false;
    throw error;
  }
}

class NotDue extends AppError {
  constructor() {
    super('rejection', 'JOB_LEASE_LOST', 'The job is not due any more');
  }
}
