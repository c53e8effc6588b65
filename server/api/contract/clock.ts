// Wire contract of health and of the clock that tests may move.

import { type Static, Type } from 'typebox';
import { DateTime, strict } from './common.ts';

/** PUT /v2/clock, only with --test-mode: pins business time, epoch milliseconds. */
export const PinClockBody = Type.Object({ timestamp: Type.Integer({ minimum: 0 }) }, strict);
export type PinClockBody = Static<typeof PinClockBody>;

export const HealthView = Type.Object(
  { status: Type.Literal('ok'), version: Type.String(), now: DateTime, role: Type.String() },
  strict,
);
export type HealthView = Static<typeof HealthView>;
