// The permitted steps of an element instance, as one table. Appliers ask it on every change of phase, so a wrong
// step is found where it is made and not three commands later.
//
//   (new) → activating → activated → completing → (completed, forgotten)
//                └───────────┴────────────┴─────→ terminating → (terminated, forgotten)

import assert from 'node:assert';
import type { ElementPhase } from '../types.ts';

/** `ended`: the instance leaves the state; what happened is in the events. */
export type ElementStage = 'new' | ElementPhase | 'ended';

const NEXT_STAGES: Readonly<Record<ElementStage, readonly ElementStage[]>> = {
  new: ['activating'],
  activating: ['activated', 'terminating'],
  activated: ['completing', 'terminating'],
  completing: ['ended', 'terminating'],
  terminating: ['ended'],
  ended: [],
};

export const canStep = (from: ElementStage, to: ElementStage): boolean => NEXT_STAGES[from].includes(to);

export function assertStep(from: ElementStage, to: ElementStage, key: string): void {
  assert(canStep(from, to), `Element instance '${key}' cannot go from '${from}' to '${to}'`);
}
