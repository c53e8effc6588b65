// Limits of job types. They hold for the workers of all agencies together, so that only who sees all may set them. A
// worker that meets one is not refused: it waits as if there were no work, and has its turn when one before it is done.

import { AppError } from '../../shared/app-error.ts';
import type { Statements } from '../../shared/transactions.ts';
import { type JobLimit, type JobLimitState, listJobLimits, putJobLimit, removeJobLimit } from '../store/job-limits.ts';
import type { Caller, CommandDeps } from './caller.ts';

function checkMaySeeAll(caller: Caller): void {
  if (caller.tenantId !== null) {
    throw new AppError(
      'forbidden',
      'WORK_LIMIT_NOT_YOURS',
      'Limits of job types hold for all agencies: a client without a tenant sets them',
    );
  }
}

export async function listLimits(
  deps: CommandDeps & { readonly statements: Statements },
  caller: Caller,
): Promise<readonly JobLimitState[]> {
  checkMaySeeAll(caller);
  return listJobLimits(deps.statements, deps.clock.now());
}

export async function setLimit(deps: CommandDeps, caller: Caller, limit: JobLimit): Promise<void> {
  checkMaySeeAll(caller);
  if (caller.reserved.isJobType(limit.type)) {
    throw new AppError('forbidden', 'WORK_RESERVED', `The server itself does the work of type '${limit.type}'`);
  }
  const by = { actorId: caller.actorId, at: deps.clock.now() };
  await deps.transactions.run(async (tx) => {
    await putJobLimit(tx, limit, by);
    // A wider limit gives those that wait their turn at once.
    tx.afterCommit(() => deps.announce?.({ jobTypes: [limit.type], endedInstances: [] }));
  });
}

export async function removeLimit(deps: CommandDeps, caller: Caller, type: string): Promise<void> {
  checkMaySeeAll(caller);
  await deps.transactions.run(async (tx) => {
    if (!(await removeJobLimit(tx, type))) {
      throw new AppError(
        'not-found',
        'WORK_LIMIT_NOT_FOUND',
        `Expected limits of job type '${type}', but there are none`,
      );
    }
    tx.afterCommit(() => deps.announce?.({ jobTypes: [type], endedInstances: [] }));
  });
}
