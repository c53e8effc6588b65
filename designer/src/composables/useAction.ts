// Runs one writing call at a time. The Idempotency-Key belongs to the intention: a retry of the same body after a
// lost answer carries the same key, while another body or a definite refusal begins a new one.

import { readonly, ref, shallowRef } from 'vue';
import { asApiError, type ApiError } from '../api/api-error.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';

export function useAction() {
  const isBusy = ref(false);
  const error = shallowRef<ApiError | null>(null);
  let key: string | null = null;
  let fingerprint = '';

  /** `intention` identifies what is sent; equal intentions may share a key. Answers null when it failed. */
  async function run<T>(intention: unknown, send: (idempotencyKey: string) => Promise<T>): Promise<T | null> {
    if (isBusy.value) return null;
    const nextFingerprint = JSON.stringify(intention) ?? '';
    if (key === null || nextFingerprint !== fingerprint) key = newIdempotencyKey();
    fingerprint = nextFingerprint;
    isBusy.value = true;
    error.value = null;
    try {
      const answer = await send(key);
      key = null;
      return answer;
    } catch (thrown) {
      error.value = asApiError(thrown);
      if (error.value.isDefinite) key = null;
      return null;
    } finally {
      isBusy.value = false;
    }
  }

  function clearError(): void {
    error.value = null;
  }

  return { isBusy: readonly(isBusy), error: readonly(error), run, clearError };
}
