// Who is logged in, for the whole page: one state, shared. A 401 on any call ends the session here, and the router
// then shows the login page, which brings the user back to where he was.

import { computed, readonly, ref, shallowRef } from 'vue';
import { asApiError, type ApiError } from '../api/api-error.ts';
import { onSessionLost } from '../api/client.ts';
import type { LoginBody, Role, SessionView } from '../api/contract.ts';
import { closeSession, getSession, openSession } from '../api/session.ts';

type SessionState = 'unknown' | 'open' | 'closed' | 'lost';

const state = ref<SessionState>('unknown');
const session = shallowRef<SessionView | null>(null);
const loadError = shallowRef<ApiError | null>(null);
/** Milliseconds between business time and this computer's clock, so that "còn 2 giờ" follows the server. */
const clockOffsetMs = ref(0);

function accept(view: SessionView): void {
  session.value = view;
  clockOffsetMs.value = Date.parse(view.now) - Date.now();
  state.value = 'open';
  loadError.value = null;
}

onSessionLost(() => {
  if (state.value === 'open') state.value = 'lost';
  session.value = null;
});

async function refreshSession(): Promise<boolean> {
  try {
    accept(await getSession());
    return true;
  } catch (thrown) {
    const error = asApiError(thrown);
    if (error.kind === 'unauthenticated') {
      state.value = state.value === 'open' ? 'lost' : 'closed';
      session.value = null;
    }
    loadError.value = error;
    return false;
  }
}

async function logIn(body: LoginBody): Promise<void> {
  accept((await openSession(body)).session);
}

async function logOut(): Promise<void> {
  await closeSession();
  session.value = null;
  state.value = 'closed';
}

export function useSession() {
  return {
    state: readonly(state),
    session: readonly(session),
    loadError: readonly(loadError),
    clockOffsetMs: readonly(clockOffsetMs),
    isOpen: computed(() => state.value === 'open'),
    hasRole: (role: Role): boolean => session.value?.user.roles.includes(role) ?? false,
    refreshSession,
    logIn,
    logOut,
  };
}
