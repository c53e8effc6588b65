// What somebody outside may be waiting for: work of a type, or the end of an instance. Told after the commit and best
// effort, like wake-ups: who waits also looks by himself from time to time.

import type { Key } from '../shared/ids.ts';
import type { News, NewsChannel } from './ports.ts';
import type { StepWrite } from './step-rows.ts';

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

/** Tells those who wait in this process, and the other processes; what these tell reaches the same ears. */
export function createAnnouncer(
  listeners: ReadonlySet<(news: News) => void>,
  channel: NewsChannel | undefined,
): (news: News) => void {
  const hear = (news: News): void => {
    for (const listen of listeners) listen(news);
  };
  channel?.listen(hear);
  return (news) => {
    hear(news);
    channel?.tell(news);
  };
}
