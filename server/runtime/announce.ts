// What somebody outside may be waiting for: work of a type, or the end of an instance. Told after the commit and best
// effort, like wake-ups: who waits also looks by himself from time to time.

import type { Key } from '../shared/ids.ts';
import type { StepWrite } from './step-rows.ts';

export interface News {
  /** Types of jobs that external workers may take now. */
  readonly jobTypes: readonly string[];
  readonly endedInstances: readonly Key[];
}

export function newsOf(writes: readonly StepWrite[]): News {
  const jobTypes = new Set<string>();
  const endedInstances: Key[] = [];
  for (const { rows, state } of writes) {
    for (const job of rows.jobs.values()) if (job.kind === 'service' && job.status === 'open') jobTypes.add(job.type);
    if (state.status !== 'active') endedInstances.push(state.key);
  }
  return { jobTypes: [...jobTypes], endedInstances };
}

export const isNews = (news: News): boolean => news.jobTypes.length + news.endedInstances.length > 0;
