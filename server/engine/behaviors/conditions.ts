// Conditional events. Nobody outside knows of them: a condition is looked at when it is armed, and again at the end
// of a command in which a variable that it names, visible where it waits, has changed.

import type { Key } from '../../shared/ids.ts';
import { extractBoolean } from '../expressions/extract.ts';
import { armedEvents, compareKeys, findArmed, findWait } from '../state/draft.ts';
import { scopeChain } from '../state/variables.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { ChangedVariable, Step } from '../step.ts';
import type { FlowElement, Trigger } from '../types.ts';
import { fireArmed, fireOwn } from './fire-event.ts';

interface WaitingCondition {
  readonly key: Key;
  /** Where it waits: variables are seen from here. */
  readonly ownerKey: Key;
  readonly condition: Extract<Trigger, { kind: 'condition' }>;
}

/** Just armed: every value counts, whoever set it. */
export function checkCondition(step: Step, key: Key): void {
  const waiting = findCondition(step, key);
  if (waiting !== null) fireIfTrue(step, waiting);
}

/** true when one was fulfilled, so that the command goes on. */
export function checkChangedConditions(step: Step): boolean {
  if (step.changed.length === 0) return false;
  const changed = step.changed.splice(0);
  let hasFired = false;
  for (const key of conditionKeys(step)) {
    const waiting = findCondition(step, key);
    if (waiting !== null && isConcerned(step, waiting, changed) && fireIfTrue(step, waiting)) hasFired = true;
  }
  return hasFired;
}

export function conditionKeys(step: Step): readonly Key[] {
  const keys: Key[] = [];
  for (const instance of Object.values(step.draft.elements)) {
    for (const wait of instance.waits) if (wait.kind === 'condition') keys.push(wait.conditionKey);
    for (const armed of instance.boundaries) if (armed.kind === 'condition') keys.push(armed.key);
  }
  for (const armed of armedEvents(step.draft, step.draft.key)) if (armed.kind === 'condition') keys.push(armed.key);
  return keys.sort(compareKeys);
}

function findCondition(step: Step, key: Key): WaitingCondition | null {
  const own = findWait(step.draft, key);
  if (own !== null && own.wait.kind === 'condition') {
    return waitingAt(own.owner.key, key, elementOf(step.process, own.owner.elementId), own.wait.triggerIndex);
  }
  const found = findArmed(step.draft, key);
  if (found === null || found.armed.kind !== 'condition') return null;
  const element = elementOf(step.process, found.armed.elementId);
  return waitingAt(found.ownerKey, key, element, found.armed.triggerIndex ?? 0);
}

function waitingAt(ownerKey: Key, key: Key, element: FlowElement, index: number): WaitingCondition | null {
  const condition = element.triggers[index];
  return condition?.kind === 'condition' ? { key, ownerKey, condition } : null;
}

function isConcerned(
  step: Step,
  { ownerKey, condition }: WaitingCondition,
  changed: readonly ChangedVariable[],
): boolean {
  const visible = new Set(scopeChain(step.draft, ownerKey));
  return changed.some(
    ({ scopeKey, name, change }) =>
      visible.has(scopeKey) &&
      condition.names.includes(name) &&
      (condition.changes.length === 0 || condition.changes.includes(change)),
  );
}

/** A condition that cannot be evaluated is not true; it is looked at again with the next change. */
function fireIfTrue(step: Step, { key, ownerKey, condition }: WaitingCondition): boolean {
  if (step.fulfilledConditions.has(key)) return false;
  const isTrue = extractBoolean(condition.expression, contextAt(step, ownerKey), { isNullFalse: true });
  if (!isTrue.ok || !isTrue.value) return false;
  step.fulfilledConditions.add(key);
  emit(step, { type: 'condition-fulfilled', conditionKey: key });
  const found = findArmed(step.draft, key);
  if (found !== null) {
    fireArmed(step, found.ownerKey, found.armed, {});
    return true;
  }
  emit(step, { type: 'condition-closed', conditionKey: key });
  fireOwn(step, ownerKey, {});
  return true;
}
