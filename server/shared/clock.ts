// Business time is a port: deadlines, issue dates and signing times come from it, so that the pilot window of
// 2019 can be lived through again. Technical time (leases, retries of offers) is the database's own clock.

import type { Instant } from './time.ts';

export interface Clock {
  now(): Instant;
}
