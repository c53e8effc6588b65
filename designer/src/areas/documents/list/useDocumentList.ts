// The documents of the caller's agency with the filter that the address bar remembers.

import { computed, onScopeDispose, ref, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Direction } from '../../../api/contract.ts';
import { listDocuments } from '../../../api/documents.ts';
import { useLoader } from '../../../composables/useLoader.ts';
import { usePolling } from '../../../composables/usePolling.ts';

const LIMIT = 200;
const POLL_MS = 10_000;
const TYPING_PAUSE_MS = 250;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export function useDocumentList() {
  const route = useRoute();
  const router = useRouter();

  const direction = computed<Direction | ''>(() => {
    const value = textOf(route.query['direction']);
    return value === 'incoming' || value === 'outgoing' ? value : '';
  });
  const status = computed(() => textOf(route.query['status']));
  const text = ref(textOf(route.query['text']));

  const loader = useLoader((signal) =>
    listDocuments(
      {
        direction: direction.value || undefined,
        status: status.value || undefined,
        text: text.value.trim() || undefined,
        limit: LIMIT,
      },
      signal,
    ),
  );
  usePolling(loader.refresh, { intervalMs: POLL_MS });

  function change(query: Readonly<Record<string, string>>): void {
    const merged = { ...route.query, ...query };
    void router.replace({ query: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== '')) });
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(text, (typed) => {
    clearTimeout(timer);
    timer = setTimeout(() => change({ text: typed.trim() }), TYPING_PAUSE_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
  watch(
    () => [direction.value, status.value, textOf(route.query['text'])],
    () => void loader.refresh(),
  );

  return {
    direction,
    status,
    text,
    limit: LIMIT,
    documents: loader.data,
    error: loader.error,
    loadedAtMs: loader.loadedAtMs,
    refresh: loader.refresh,
    hasFilter: computed(() => direction.value !== '' || status.value !== '' || text.value.trim() !== ''),
    setDirection: (value: Direction | '') => change({ direction: value, status: '' }),
    setStatus: (value: string) => change({ status: value }),
    clear: () => {
      text.value = '';
      change({ direction: '', status: '', text: '' });
    },
  };
}
