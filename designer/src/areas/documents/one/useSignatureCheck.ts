// The server's verdict on the signatures of a document's newest file, asked for again when a version is added.

import { computed, watch } from 'vue';
import type { DocumentView } from '../../../api/contract.ts';
import { getSignatureCheck } from '../../../api/documents.ts';
import { useLoader } from '../../../composables/useLoader.ts';

export function useSignatureCheck(getDocument: () => DocumentView | null) {
  const hasFile = computed(() => (getDocument()?.versions.length ?? 0) > 0);
  const loader = useLoader((signal) => getSignatureCheck(getDocument()?.id ?? '', signal));
  watch(
    () => [getDocument()?.id, getDocument()?.versions.length],
    () => {
      if (hasFile.value) void loader.refresh();
    },
    { immediate: true },
  );
  return { hasFile, check: loader.data, error: loader.error, refresh: loader.refresh };
}
