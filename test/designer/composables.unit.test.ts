// @vitest-environment jsdom
// Calls, keys and polling: what is sent twice, what is thrown away, when nothing is asked.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { ApiError } from '../../designer/src/api/api-error.ts';
import { call, onSessionLost, withQuery } from '../../designer/src/api/client.ts';
import { newIdempotencyKey } from '../../designer/src/api/idempotency-key.ts';
import { useAction } from '../../designer/src/composables/useAction.ts';
import { useListKeys } from '../../designer/src/composables/useListKeys.ts';
import { useLoader } from '../../designer/src/composables/useLoader.ts';
import { usePolling } from '../../designer/src/composables/usePolling.ts';
import { jsonAnswer } from './fixtures.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let scope: EffectScope;
beforeEach(() => {
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

function inScope<T>(make: () => T): T {
  // as: `run` answers undefined only after `stop`, which no test calls before.
  return scope.run(make) as T;
}

describe('one writing action', () => {
  it('keeps the key when the answer was lost and the same thing is sent again', async () => {
    const action = useAction();
    const keys: string[] = [];
    await action.run({ pin: '1' }, (key) => {
      keys.push(key);
      return Promise.reject(new ApiError(0, null));
    });
    await action.run({ pin: '1' }, (key) => {
      keys.push(key);
      return Promise.resolve('done');
    });
    expect(keys[0]).toMatch(UUID);
    expect(keys[1]).toBe(keys[0]);
  });

  it('takes a new key for another body, after a definite refusal and after success', async () => {
    const action = useAction();
    const keys: string[] = [];
    const send = (status: number | null) => (key: string) => {
      keys.push(key);
      return status === null ? Promise.resolve(true) : Promise.reject(new ApiError(status, null));
    };
    await action.run('a', send(0));
    await action.run('b', send(422));
    await action.run('b', send(null));
    await action.run('b', send(null));
    expect(new Set(keys).size).toBe(4);
  });

  it('keeps the key after an error of the server, because the outcome is unknown', async () => {
    const action = useAction();
    const keys: string[] = [];
    for (const status of [500, 503]) {
      await action.run('a', (key) => {
        keys.push(key);
        return Promise.reject(new ApiError(status, null));
      });
    }
    expect(keys[1]).toBe(keys[0]);
    expect(action.error.value?.kind).toBe('server');
  });

  it('ignores a second press while the first is under way', async () => {
    const action = useAction();
    let finish: (value: string) => void = () => undefined;
    const first = action.run('a', () => new Promise<string>((resolve) => (finish = resolve)));
    const second = await action.run('a', () => Promise.resolve('twice'));
    finish('once');
    expect(second).toBeNull();
    expect(await first).toBe('once');
  });

  it('makes a valid key where randomUUID is missing (page served without TLS)', () => {
    const insecure = { getRandomValues: crypto.getRandomValues.bind(crypto) } as unknown as Crypto; // as: an insecure context lacks the rest
    expect(newIdempotencyKey(insecure)).toMatch(UUID);
  });
});

describe('calls to the server', () => {
  it('turns an ErrorBody into an ApiError with its words', async () => {
    const body = { code: 'LOGIN_FAILED', message: 'Sai mật khẩu.', action: 'Nhập lại.', details: {}, reference: null };
    vi.stubGlobal('fetch', () => Promise.resolve(jsonAnswer(401, body)));
    await expect(call('POST', '/api/session')).rejects.toMatchObject({ kind: 'unauthenticated', body });
  });

  it('survives an answer that is no ErrorBody, as proxies give', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>502</html>', { status: 502 })));
    await expect(call('GET', '/api/tasks')).rejects.toMatchObject({ kind: 'server', body: null });
  });

  it('calls a missing answer offline', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(call('GET', '/api/tasks')).rejects.toMatchObject({ kind: 'offline' });
  });

  it('reports a lost session for any route but the login itself', async () => {
    const lost = vi.fn();
    onSessionLost(lost);
    vi.stubGlobal('fetch', () => Promise.resolve(jsonAnswer(401, null)));
    await expect(call('GET', '/api/session')).rejects.toThrow();
    expect(lost).not.toHaveBeenCalled();
    await expect(call('GET', '/api/tasks')).rejects.toThrow();
    expect(lost).toHaveBeenCalledOnce();
  });

  it('sends the key and the body, and leaves empty filters out of the address', async () => {
    const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>(() =>
      Promise.resolve(jsonAnswer(204, null)),
    );
    vi.stubGlobal('fetch', fetched);
    await call('POST', withQuery('/api/x', { a: 'ậ', b: '', c: undefined }), { body: { n: 1 }, idempotencyKey: 'k' });
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/x?a=%E1%BA%AD');
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({
      method: 'POST',
      body: '{"n":1}',
      headers: { 'idempotency-key': 'k' },
    });
  });
});

describe('loading', () => {
  it('throws away an answer that arrives after a newer question', async () => {
    const answers: ((value: string) => void)[] = [];
    const loader = inScope(() => useLoader(() => new Promise<string>((resolve) => answers.push(resolve))));
    const first = loader.refresh();
    const second = loader.refresh();
    answers[1]?.('new');
    await second;
    answers[0]?.('old');
    await first;
    expect(loader.data.value).toBe('new');
  });

  it('keeps what is shown when a refresh fails, and says so', async () => {
    let isBroken = false;
    const loader = inScope(() =>
      useLoader(() => (isBroken ? Promise.reject(new ApiError(503, null)) : Promise.resolve('fine'))),
    );
    await loader.refresh();
    isBroken = true;
    expect(await loader.refresh()).toBe(false);
    expect(loader.data.value).toBe('fine');
    expect(loader.error.value?.kind).toBe('server');
  });

  it('aborts the call when the page is left', async () => {
    let signal: AbortSignal | null = null;
    const loader = inScope(() =>
      useLoader((given) => {
        signal = given;
        return new Promise<string>(() => undefined);
      }),
    );
    void loader.refresh();
    await nextTick();
    scope.stop();
    expect(signal).toMatchObject({ aborted: true });
  });
});

describe('polling', () => {
  const setHidden = (isHidden: boolean): void => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  afterEach(() => setHidden(false));

  it('asks at once and then after each interval', async () => {
    vi.useFakeTimers();
    const ask = vi.fn(() => Promise.resolve(true));
    inScope(() => usePolling(ask, { intervalMs: 1000 }));
    await vi.advanceTimersByTimeAsync(2500);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('rests while the page is hidden and asks when it is seen again', async () => {
    vi.useFakeTimers();
    const ask = vi.fn(() => Promise.resolve(true));
    inScope(() => usePolling(ask, { intervalMs: 1000 }));
    await vi.advanceTimersByTimeAsync(0);
    setHidden(true);
    await vi.advanceTimersByTimeAsync(60_000);
    const callsWhileHidden = ask.mock.calls.length;
    setHidden(false);
    await vi.advanceTimersByTimeAsync(0);
    // One question may already have been scheduled when the page was hidden.
    expect(callsWhileHidden).toBeLessThanOrEqual(2);
    expect(ask.mock.calls.length).toBe(callsWhileHidden + 1);
  });

  it('doubles the pause after failures and returns to the interval after success', async () => {
    vi.useFakeTimers();
    let isUp = false;
    const ask = vi.fn(() => Promise.resolve(isUp));
    inScope(() => usePolling(ask, { intervalMs: 1000, maxIntervalMs: 4000 }));
    await vi.advanceTimersByTimeAsync(2000 + 4000 + 4000);
    expect(ask).toHaveBeenCalledTimes(4);
    isUp = true;
    await vi.advanceTimersByTimeAsync(4000 + 1000);
    expect(ask).toHaveBeenCalledTimes(6);
  });

  it('never has two questions under way', async () => {
    vi.useFakeTimers();
    let underWay = 0;
    let most = 0;
    const ask = async (): Promise<boolean> => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      underWay--;
      return true;
    };
    const polling = inScope(() => usePolling(ask, { intervalMs: 100 }));
    void polling.askNow();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(most).toBe(1);
  });

  it('stops with the page', async () => {
    vi.useFakeTimers();
    const ask = vi.fn(() => Promise.resolve(true));
    inScope(() => usePolling(ask, { intervalMs: 1000 }));
    await vi.advanceTimersByTimeAsync(0);
    scope.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ask).toHaveBeenCalledTimes(1);
  });
});

describe('keys of a list', () => {
  const press = (key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body): void => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
  };
  const makeList = (): HTMLElement => {
    const list = document.createElement('ul');
    list.innerHTML = '<li><a href="#a" data-row id="a">a</a></li><li><a href="#b" data-row id="b">b</a></li>';
    document.body.append(list);
    inScope(() => useListKeys(ref(list)));
    return list;
  };

  it('moves the focus with J and K and stays at the ends', () => {
    makeList();
    const seen = ['j', 'j', 'J', 'k', 'k'].map((key) => {
      press(key);
      return document.activeElement?.id;
    });
    expect(seen).toEqual(['a', 'b', 'b', 'a', 'a']);
  });

  it('rests while text is typed, composed, or a modifier is held', () => {
    const list = makeList();
    const input = document.createElement('input');
    list.append(input);
    press('j', {}, input);
    press('j', { isComposing: true });
    press('j', { ctrlKey: true });
    expect(document.activeElement).toBe(document.body);
  });
});
