// The list of flows: one queue at a time, page after page. The address holds the choice, so that a link opens the same
// list; counts and rows come in one answer, so that they cannot disagree.

import { computed, ref, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { InstanceQueue, InstanceSummary } from '../../api/contract.ts';
import { listInstances } from '../../api/operations.ts';
import { useLoader } from '../../composables/useLoader.ts';

export const QUEUES: readonly InstanceQueue[] = ['active', 'incident', 'suspended', 'completed', 'terminated'];

const isQueue = (value: unknown): value is InstanceQueue => QUEUES.some((queue) => queue === value);

export function useInstances() {
  const route = useRoute();
  const router = useRouter();
  const queue = computed<InstanceQueue>(() => {
    const wanted = route.query['queue'];
    return isQueue(wanted) ? wanted : 'active';
  });
  const processId = computed(() => {
    const wanted = route.query['process'];
    return typeof wanted === 'string' ? wanted : undefined;
  });
  const cursors = ref<string[]>([]);
  const loader = useLoader((signal) =>
    listInstances({ queue: queue.value, processId: processId.value, after: cursors.value.at(-1) }, signal),
  );
  const { data, error, loadedAtMs, refresh } = loader;

  watch([queue, processId], () => {
    cursors.value = [];
    loader.reset();
    void refresh();
  });
  watch(cursors, () => void refresh(), { deep: true });

  const choose = (query: { queue?: InstanceQueue; process?: string }): void => {
    void router.replace({ query: { ...route.query, ...query } });
  };

  return {
    data,
    error,
    loadedAtMs,
    refresh,
    queue,
    processId,
    chooseQueue: (next: InstanceQueue) => choose({ queue: next }),
    instances: computed<readonly InstanceSummary[] | null>(() => data.value?.items ?? null),
    countOf: (name: InstanceQueue): string => {
      const found = data.value?.counts.find((count) => count.queue === name);
      return found === undefined ? '' : `${found.count}${found.isMore ? '+' : ''}`;
    },
    hasEarlier: computed(() => cursors.value.length > 0),
    hasLater: computed(() => data.value?.next != null),
    goLater: () => {
      const next = data.value?.next;
      if (next != null) cursors.value = [...cursors.value, next];
    },
    goEarlier: () => {
      cursors.value = cursors.value.slice(0, -1);
    },
  };
}
