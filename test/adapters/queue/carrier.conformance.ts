// One suite for both backends of the carrier: whatever carries wake-ups must behave like this. The carrier may lose
// wake-ups; it must never lose the process, never stay deaf after its server was away, and never deliver one offer
// to two consumers at once.

import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCarrier, type CarrierOptions } from '../../../server/adapters/queue/carrier.ts';
import type { Carrier, Offer } from '../../../server/runtime/ports.ts';
import { asId, type Key } from '../../../server/shared/ids.ts';

export interface CarrierBackend {
  readonly options: Pick<CarrierOptions, 'redisUrl' | 'databaseUrl'>;
  /** Everything that waits in the carrier is gone. */
  empty(): Promise<void>;
  /** The server refuses and drops all connections until `resume`. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

let lastKey = 0;
const createOffer = (): Offer => ({ jobKey: asId<Key>(String((lastKey += 1))), offerId: randomUUID() });
const createOffers = (count: number): Offer[] => Array.from({ length: count }, createOffer);

/** Collects what was delivered and lets a test wait for a condition on it, without sleeping. */
function createLog() {
  const seen: Offer[] = [];
  const waiting = new Set<() => void>();
  return {
    seen,
    add(offer: Offer): void {
      seen.push(offer);
      for (const check of waiting) check();
    },
    until(condition: () => boolean): Promise<void> {
      return new Promise((resolve) => {
        const check = (): void => {
          if (!condition()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
  };
}

const keysOf = (offers: readonly Offer[]): string[] => offers.map((offer) => offer.jobKey).sort();
const covers = (seen: readonly Offer[], offers: readonly Offer[]): boolean => {
  const ids = new Set(seen.map((offer) => offer.offerId));
  return offers.every((offer) => ids.has(offer.offerId));
};

/** Offers again and again under fresh ids, as the reconciler does, until the job arrives. */
async function offerUntilSeen(carrier: Carrier, log: ReturnType<typeof createLog>): Promise<void> {
  const { jobKey } = createOffer();
  const isSeen = (): boolean => log.seen.some((offer) => offer.jobKey === jobKey);
  const arrived = log.until(isSeen);
  while (!isSeen()) {
    await carrier.offer([{ jobKey, offerId: randomUUID() }]);
    await Promise.race([arrived, new Promise((resolve) => setTimeout(resolve, 250))]);
  }
}

export function testCarrier(startBackend: () => Promise<CarrierBackend>): void {
  let backend: CarrierBackend;
  let carriers: Carrier[] = [];
  let children: ChildProcess[] = [];
  let errors: unknown[] = [];
  let queueName = '';

  const open = async (): Promise<Carrier> => {
    const carrier = await createCarrier({ ...backend.options, queueName, onError: (error) => errors.push(error) });
    carriers.push(carrier);
    return carrier;
  };

  beforeAll(async () => {
    backend = await startBackend();
  });
  afterAll(() => backend.stop());
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(carriers.map((carrier) => carrier.close()));
    [carriers, children, errors] = [[], [], []];
  });

  const newQueue = (): void => {
    queueName = `test-${randomUUID()}`;
  };

  /** A consumer in a process of its own, which takes one offer and never ends it. */
  async function startStuckConsumer(): Promise<{ child: ChildProcess; taken: Promise<string> }> {
    const script = fileURLToPath(new URL('stuck-consumer.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      env: { ...process.env, CARRIER_OPTIONS: JSON.stringify({ ...backend.options, queueName }) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('ready');
    return { child, taken: lines.next().then((line) => String(line.value)) };
  }

  describe('delivery', () => {
    it('brings each offer to a consumer with its job key and offer id', async () => {
      newQueue();
      const carrier = await open();
      const log = createLog();
      await carrier.consume((offer) => Promise.resolve(log.add(offer)), 4);
      const offers = createOffers(50);
      await carrier.offer(offers);
      await log.until(() => log.seen.length >= offers.length);
      expect(log.seen.map((offer) => offer.offerId).sort()).toEqual(offers.map((offer) => offer.offerId).sort());
      expect(keysOf(log.seen)).toEqual(keysOf(offers));
      expect(errors).toEqual([]);
    });

    it('keeps offers that come before the first consumer', async () => {
      newQueue();
      const carrier = await open();
      const offers = createOffers(3);
      await carrier.offer(offers);
      const log = createLog();
      await carrier.consume((offer) => Promise.resolve(log.add(offer)), 1);
      await log.until(() => covers(log.seen, offers));
      expect(log.seen).toHaveLength(3);
    });

    it('brings each offer to exactly one of two consumers', async () => {
      newQueue();
      const first = await open();
      const second = await open();
      const log = createLog();
      await first.consume((offer) => Promise.resolve(log.add(offer)), 2);
      await second.consume((offer) => Promise.resolve(log.add(offer)), 2);
      const offers = createOffers(100);
      await first.offer(offers.slice(0, 50));
      await second.offer(offers.slice(50));
      await log.until(() => covers(log.seen, offers));
      expect(log.seen).toHaveLength(offers.length);
    });

    it('delivers a job that is offered again under a fresh offer id', async () => {
      newQueue();
      const carrier = await open();
      const log = createLog();
      await carrier.consume((offer) => Promise.resolve(log.add(offer)), 1);
      const first = createOffer();
      const again = { ...first, offerId: randomUUID() };
      await carrier.offer([first]);
      await log.until(() => covers(log.seen, [first]));
      await carrier.offer([again]);
      await log.until(() => covers(log.seen, [again]));
      expect(log.seen).toEqual([first, again]);
    });

    it('runs no more handlers at once than the concurrency says', async () => {
      newQueue();
      const carrier = await open();
      const log = createLog();
      let running = 0;
      let most = 0;
      await carrier.consume(async (offer) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        log.add(offer);
      }, 3);
      const offers = createOffers(30);
      await carrier.offer(offers);
      await log.until(() => covers(log.seen, offers));
      expect(most).toBeLessThanOrEqual(3);
    });

    it('stops after the running handler and leaves later offers to others', async () => {
      newQueue();
      const carrier = await open();
      const log = createLog();
      let finish: () => void = () => undefined;
      const stop = await carrier.consume((offer) => {
        log.add(offer);
        return new Promise((resolve) => {
          finish = resolve;
        });
      }, 1);
      const first = createOffer();
      const later = createOffer();
      await carrier.offer([first]);
      await log.until(() => covers(log.seen, [first]));
      const stopped = stop();
      await carrier.offer([later]);
      finish();
      await stopped;
      expect(log.seen).toEqual([first]);
      const other = createLog();
      await carrier.consume((offer) => Promise.resolve(other.add(offer)), 1);
      await other.until(() => covers(other.seen, [later]));
      expect(other.seen).toEqual([later]);
    });
  });

  describe('failures', () => {
    it('reports a handler that throws and goes on with the next offer', async () => {
      newQueue();
      const carrier = await open();
      const log = createLog();
      const failure = new Error('handler failed');
      const bad = createOffer();
      await carrier.consume((offer) => {
        if (offer.offerId === bad.offerId) return Promise.reject(failure);
        return Promise.resolve(log.add(offer));
      }, 1);
      const good = createOffer();
      await carrier.offer([bad, good]);
      await log.until(() => covers(log.seen, [good]));
      expect(errors).toContain(failure);
      expect(log.seen).toEqual([good]);
    });

    it('works for the others when a consumer process is killed while it holds an offer', async () => {
      newQueue();
      const carrier = await open();
      const { child, taken } = await startStuckConsumer();
      const held = createOffer();
      await carrier.offer([held]);
      expect(await taken).toBe(`taken ${held.jobKey}`);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const log = createLog();
      await carrier.consume((offer) => Promise.resolve(log.add(offer)), 1);
      const offers = createOffers(5);
      await carrier.offer(offers);
      await log.until(() => covers(log.seen, offers));
      expect(covers(log.seen, offers)).toBe(true);
    });

    it('carries later offers after everything in it was deleted', async () => {
      newQueue();
      const carrier = await open();
      const log = createLog();
      await carrier.offer(createOffers(3));
      await backend.empty();
      await carrier.consume((offer) => Promise.resolve(log.add(offer)), 1);
      await backend.empty();
      await offerUntilSeen(carrier, log);
      expect(log.seen.length).toBeGreaterThan(0);
    });

    it('survives that its content is deleted while a handler runs', async () => {
      newQueue();
      const carrier = await open();
      const log = createLog();
      await carrier.consume(async (offer) => {
        if (log.seen.length === 0) await backend.empty();
        log.add(offer);
      }, 1);
      await carrier.offer([createOffer()]);
      await log.until(() => log.seen.length === 1);
      await offerUntilSeen(carrier, log);
      expect(log.seen.length).toBeGreaterThan(1);
    });

    it('answers an offer soon and without a throw while its server is away, and works again after', async () => {
      newQueue();
      const carrier = await open();
      const log = createLog();
      await carrier.consume((offer) => Promise.resolve(log.add(offer)), 1);
      await backend.suspend();
      const startedAt = performance.now();
      await carrier.offer([createOffer()]);
      const waitedMs = performance.now() - startedAt;
      expect(waitedMs).toBeLessThan(4_000);
      expect(errors.length).toBeGreaterThan(0);
      await backend.resume();
      await offerUntilSeen(carrier, log);
      expect(log.seen.length).toBeGreaterThan(0);
    });
  });
}
