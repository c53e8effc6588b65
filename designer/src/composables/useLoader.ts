// Loads one thing for a page and keeps what was last shown when a refresh fails. An answer that arrives after a
// newer question was asked is thrown away (execution counter), and leaving the page aborts the call.

import { getCurrentScope, onScopeDispose, readonly, ref, shallowRef } from 'vue';
import { asApiError, type ApiError } from '../api/api-error.ts';

export function useLoader<T>(load: (signal: AbortSignal) => Promise<T>) {
  const data = shallowRef<T | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const isLoading = ref(false);
  const loadedAtMs = ref<number | null>(null);
  let execution = 0;
  let controller: AbortController | null = null;

  async function refresh(): Promise<boolean> {
    const mine = ++execution;
    controller?.abort();
    controller = new AbortController();
    isLoading.value = true;
    try {
      const value = await load(controller.signal);
      if (mine !== execution) return true;
      data.value = value;
      error.value = null;
      loadedAtMs.value = Date.now();
      return true;
    } catch (thrown) {
      if (mine !== execution) return true;
      error.value = asApiError(thrown);
      return false;
    } finally {
      if (mine === execution) isLoading.value = false;
    }
  }

  /** Forgets what is shown; for a page that turns to another subject. */
  function reset(): void {
    execution++;
    controller?.abort();
    data.value = null;
    error.value = null;
    isLoading.value = false;
  }

  if (getCurrentScope() !== undefined) {
    onScopeDispose(() => {
      execution++;
      controller?.abort();
    });
  }

  return {
    data,
    error: readonly(error),
    isLoading: readonly(isLoading),
    loadedAtMs: readonly(loadedAtMs),
    refresh,
    reset,
  };
}
