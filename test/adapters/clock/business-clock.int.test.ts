// Business time: shifted, pinned, shared by several processes, and kept over a restart.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type BusinessClock } from '../../../server/adapters/clock/business-clock.ts';
import { millisOf, plusMillis, type Instant } from '../../../server/shared/time.ts';
import { toInstant } from '../../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const MAY_6 = toInstant('2019-05-06T08:00:00+07:00');
const JUNE_1 = toInstant('2019-06-01T08:00:00+07:00');
/** A loaded machine may take a while between two lines of a test. */
const TOLERANCE_MS = 30_000;

let db: TestDatabase;
let clocks: BusinessClock[] = [];
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  for (const clock of clocks) clock.stop();
  clocks = [];
  await db.drop();
});

async function startClock(): Promise<BusinessClock> {
  const clock = createClock(db.pool, { pollMs: 20 });
  clocks.push(clock);
  await clock.start();
  return clock;
}

const distanceMs = (left: Instant, right: Instant): number => Math.abs(millisOf(left) - millisOf(right));
const expectNear = (actual: Instant, expected: Instant): void => {
  expect(distanceMs(actual, expected)).toBeLessThan(TOLERANCE_MS);
};
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('business clock', () => {
  it('is system time when nobody asked for another', async () => {
    const clock = await startClock();
    expect(Math.abs(millisOf(clock.now()) - Date.now())).toBeLessThan(TOLERANCE_MS);
  });

  it('runs on from the instant to which it is set', async () => {
    const clock = await startClock();
    await clock.set(MAY_6);
    const first = clock.now();
    expectNear(first, MAY_6);
    await until(() => clock.now() > first);
    expect(millisOf(clock.now())).toBeGreaterThan(millisOf(first));
  });

  it('stands still while it is pinned, and returns to system time on reset', async () => {
    const clock = await startClock();
    await clock.pin(MAY_6);
    await until(() => true);
    expect(clock.now()).toBe('2019-05-06T01:00:00.000Z');
    expect(clock.now()).toBe(clock.now());
    await clock.reset();
    expect(Math.abs(millisOf(clock.now()) - Date.now())).toBeLessThan(TOLERANCE_MS);
  });

  it('runs again from a later set after a pin', async () => {
    const clock = await startClock();
    await clock.pin(MAY_6);
    await clock.set(JUNE_1);
    const first = clock.now();
    expectNear(first, JUNE_1);
    await until(() => clock.now() !== first);
    expect(clock.now()).not.toBe(first);
  });

  it('agrees between processes within a poll', async () => {
    const ours = await startClock();
    const theirs = await startClock();
    await ours.pin(MAY_6);
    await until(() => theirs.now() === MAY_6);
    await theirs.pin(JUNE_1);
    await until(() => ours.now() === JUNE_1);
    expect([ours.now(), theirs.now()]).toEqual([JUNE_1, JUNE_1]);
  });

  it('goes on in time when the same request comes again after a restart', async () => {
    const before = await startClock();
    await before.request('2019-05-06T08:00:00+07:00', MAY_6);
    // The time that passed before the crash, without waiting for it.
    await before.set(plusMillis(MAY_6, 3_600_000));
    const after = await startClock();
    await after.request('2019-05-06T08:00:00+07:00', MAY_6);
    expectNear(after.now(), plusMillis(MAY_6, 3_600_000));
  });

  it('moves to another time when the request is another', async () => {
    const clock = await startClock();
    await clock.request('2019-05-06T08:00:00+07:00', MAY_6);
    await clock.request('2019-06-01T08:00:00+07:00', JUNE_1);
    expectNear(clock.now(), JUNE_1);
  });

  it('returns to system time when a start asks for none, and begins anew with the next request', async () => {
    const clock = await startClock();
    await clock.request('2019-05-06T08:00:00+07:00', MAY_6);
    await clock.set(JUNE_1);
    await clock.request(null, null);
    expect(Math.abs(millisOf(clock.now()) - Date.now())).toBeLessThan(TOLERANCE_MS);
    await clock.request('2019-05-06T08:00:00+07:00', MAY_6);
    expectNear(clock.now(), MAY_6);
  });

  it('keeps its time and reports when the setting cannot be read', async () => {
    const errors: unknown[] = [];
    const clock = createClock(db.pool, { pollMs: 20, onError: (error) => errors.push(error) });
    clocks.push(clock);
    await clock.start();
    await clock.pin(MAY_6);
    await db.pool.query('alter table clock_setting rename to clock_setting_away');
    await until(() => errors.length > 0);
    expect(clock.now()).toBe(MAY_6);
  });
});
