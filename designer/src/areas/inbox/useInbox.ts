// The tasks that the caller may act on: kept fresh by polling, sorted by what presses most, filtered by due state.

import { computed, ref, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import type { TaskView, Urgency } from '../../api/contract.ts';
import { listTasks } from '../../api/tasks.ts';
import { useBusinessClock } from '../../composables/useBusinessClock.ts';
import { useLoader } from '../../composables/useLoader.ts';
import { usePolling } from '../../composables/usePolling.ts';

export type InboxFilter = 'all' | 'due-soon' | 'overdue';

const LIMIT = 200;
const POLL_MS = 5000;
const DUE_SOON_MS = 24 * 60 * 60 * 1000;
const URGENCY_RANK: Readonly<Record<Urgency, number>> = { most_urgent: 0, very_urgent: 1, urgent: 2, normal: 3 };

/** Overdue first, then by urgency, then by due time, then oldest first. Total order: rows never swap at random. */
export function compareTasks(a: TaskView, b: TaskView): number {
  return (
    Number(b.isOverdue) - Number(a.isOverdue) ||
    urgencyRankOf(a) - urgencyRankOf(b) ||
    (a.dueAt ?? '9999').localeCompare(b.dueAt ?? '9999') ||
    a.createdAt.localeCompare(b.createdAt) ||
    a.key.localeCompare(b.key)
  );
}

const urgencyRankOf = (task: TaskView): number => URGENCY_RANK[task.document?.urgency ?? 'normal'];

export const isDueSoon = (task: TaskView, nowMs: number): boolean =>
  !task.isOverdue && task.dueAt !== null && Date.parse(task.dueAt) - nowMs <= DUE_SOON_MS;

export function useInbox() {
  const { t } = useI18n();
  const clock = useBusinessClock();
  const loader = useLoader((signal) => listTasks(LIMIT, signal));
  const { askNow } = usePolling(loader.refresh, { intervalMs: POLL_MS });
  const filter = ref<InboxFilter>('all');
  const announcement = ref('');

  const all = computed(() => [...(loader.data.value ?? [])].sort(compareTasks));
  const byFilter = computed<Record<InboxFilter, readonly TaskView[]>>(() => ({
    all: all.value,
    'due-soon': all.value.filter((task) => isDueSoon(task, clock.nowMs())),
    overdue: all.value.filter((task) => task.isOverdue),
  }));

  watch(loader.data, (next, previous) => {
    if (next === null || previous === null) return;
    const known = new Set(previous.map((task) => task.key));
    const newCount = next.filter((task) => !known.has(task.key)).length;
    if (newCount > 0) announcement.value = t('inbox.newTasks', newCount);
  });

  return {
    tasks: computed(() => byFilter.value[filter.value]),
    counts: computed(() => ({
      all: byFilter.value.all.length,
      'due-soon': byFilter.value['due-soon'].length,
      overdue: byFilter.value.overdue.length,
    })),
    filter,
    announcement,
    clock,
    askNow,
    isLoaded: computed(() => loader.data.value !== null),
    error: loader.error,
    loadedAtMs: loader.loadedAtMs,
  };
}
