// One document with its open tasks and timeline, kept fresh while it moves on by itself (numbering, delivery).
// Tasks and timeline are asked for again only when the document shows that something has happened.

import { computed, shallowRef, watch, type Ref } from 'vue';
import { asApiError } from '../../../api/api-error.ts';
import type { DocumentView, TaskView } from '../../../api/contract.ts';
import { getDocument, listTimeline } from '../../../api/documents.ts';
import { getTask } from '../../../api/tasks.ts';
import { useLoader } from '../../../composables/useLoader.ts';
import { usePolling } from '../../../composables/usePolling.ts';

const POLL_MS = 4000;

/** Changes whenever the history of the document can have grown. */
export const traceOf = (document: DocumentView): string =>
  JSON.stringify([
    document.updatedAt,
    document.status,
    document.versions.length,
    document.deliveries.map((delivery) => [delivery.status, delivery.history.length]),
  ]);

/** A task that somebody else completed between two questions is no error: it is simply gone. */
async function findTasks(taskKeys: readonly string[]): Promise<TaskView[]> {
  const answers = await Promise.allSettled(taskKeys.map((key) => getTask(key)));
  return answers.flatMap((answer) => {
    if (answer.status === 'fulfilled') return [answer.value];
    const error = asApiError(answer.reason);
    if (error.isDefinite) return [];
    throw error;
  });
}

export function useDocument(documentId: Readonly<Ref<string>>) {
  const tasks = shallowRef<readonly TaskView[]>([]);
  const timeline = useLoader((signal) => listTimeline(documentId.value, signal));
  const loader = useLoader(async (signal) => {
    const document = await getDocument(documentId.value, signal);
    return { document, tasks: await tasksOf(document) };
  });

  async function tasksOf(document: DocumentView): Promise<readonly TaskView[]> {
    const known = new Map(tasks.value.map((task) => [task.key, task]));
    const isSame = document.taskKeys.length === known.size && document.taskKeys.every((key) => known.has(key));
    return isSame && loader.data.value?.document.status === document.status
      ? tasks.value
      : findTasks(document.taskKeys);
  }

  watch(loader.data, (next) => {
    if (next === null) return;
    if (next.tasks !== tasks.value) tasks.value = next.tasks;
  });
  watch(
    () => (loader.data.value === null ? '' : traceOf(loader.data.value.document)),
    (trace) => {
      if (trace !== '') void timeline.refresh();
    },
  );
  watch(documentId, () => {
    loader.reset();
    timeline.reset();
    tasks.value = [];
    void loader.refresh();
  });
  const { askNow } = usePolling(loader.refresh, { intervalMs: POLL_MS });

  return {
    document: computed(() => loader.data.value?.document ?? null),
    tasks,
    timeline,
    error: loader.error,
    loadedAtMs: loader.loadedAtMs,
    askNow,
    refresh: loader.refresh,
  };
}
