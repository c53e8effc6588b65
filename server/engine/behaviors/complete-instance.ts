// An instance completes when no element is active and no token waits. A token that waits for ever at an AND-join
// keeps the instance active: it is visible as stuck instead of silently lost.

import { emit } from '../step.ts';
import type { Step } from '../step.ts';
import { closeArmed } from './close-waits.ts';

export function completeInstanceIfQuiet(step: Step): void {
  const { draft } = step;
  if (draft.status !== 'active' || hasEntries(draft.elements) || hasEntries(draft.joins)) return;
  closeArmed(step, draft.rootEvents);
  emit(step, { type: 'instance-completed', variables: draft.variables[draft.key] ?? {} });
}

function hasEntries(record: Readonly<Record<string, unknown>>): boolean {
  for (const key in record) if (Object.hasOwn(record, key)) return true;
  return false;
}
