// Business time on this page: the server's clock (which may stand in May 2019), advanced by the browser.

import { onScopeDispose, ref } from 'vue';
import { dayOf } from './format.ts';
import { useSession } from './useSession.ts';

export function useBusinessClock() {
  const { clockOffsetMs } = useSession();
  const tickMs = ref(Date.now());
  const timer = setInterval(() => (tickMs.value = Date.now()), 30_000);
  onScopeDispose(() => clearInterval(timer));

  const nowMs = (): number => tickMs.value + clockOffsetMs.value;
  return { nowMs, today: (): string => dayOf(nowMs()) };
}
