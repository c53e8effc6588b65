// Clocks for tests. Time is an object: it stands still until a test moves it, and it only moves forward, because a
// clock that goes back hides errors of order.

import type { Clock } from '../../server/shared/clock.ts';
import { millisOf, parseInstant, plusMillis, type Instant } from '../../server/shared/time.ts';

export interface FakeClock extends Clock {
  advance(ms: number): void;
  /** Throws when the instant lies before the present. */
  advanceTo(instant: Instant | string): void;
}

/** Monday of the pilot's second week, 08:00 in Vietnam. */
const DEFAULT_START = '2019-05-06T01:00:00.000Z';

export const createFixedClock = (instant: Instant | string = DEFAULT_START): Clock => {
  const fixed = toInstant(instant);
  return { now: () => fixed };
};

export function createFakeClock(start: Instant | string = DEFAULT_START): FakeClock {
  let present = toInstant(start);
  const advanceTo = (instant: Instant | string): void => {
    const target = toInstant(instant);
    if (millisOf(target) < millisOf(present)) throw new Error(`The clock stands at ${present}, after ${target}`);
    present = target;
  };
  return {
    now: () => present,
    advance: (ms) => advanceTo(plusMillis(present, ms)),
    advanceTo,
  };
}

export function toInstant(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`Not an instant: '${text}'`);
  return instant;
}
