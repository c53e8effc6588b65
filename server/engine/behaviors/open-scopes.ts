// Where an element begins that no token leads to: modification by an operator, start at named elements. The scopes
// around it are active already, or are opened without their input mappings; their events are armed as usual.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import { findElement, getElement } from '../state/draft.ts';
import { contextAt, elementOf, emit, emitAll } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement } from '../types.ts';
import { prepareArmed } from './arm-events.ts';
import { isLooping } from './enter-element.ts';

/** In which of several active scopes to begin. */
export type Place =
  | { readonly kind: 'active' }
  /** The scopes below this one are opened anew. */
  | { readonly kind: 'below'; readonly key: Key }
  /** Those that lie around this element instance. */
  | { readonly kind: 'around'; readonly key: Key };

export interface OpenScope {
  readonly key: Key;
  readonly elementId: string;
}

/** The scopes around an element, outermost first; the error says why there is none. */
export function openScopes(step: Step, element: FlowElement, place: Place): Result<readonly OpenScope[], string> {
  const parents = parentsOf(step, element);
  const scopes: OpenScope[] = place.kind === 'below' ? chainTo(step, place.key) : [];
  for (const [index, scope] of scopes.entries()) {
    if (parents[index]?.id !== scope.elementId) {
      return err(`Expected '${scope.elementId}' (${scope.key}) to be a scope around '${element.id}', but it is not`);
    }
  }
  for (const parent of parents.slice(scopes.length)) {
    const outerKey = scopes.at(-1)?.key ?? step.draft.key;
    const [only, another] = place.kind === 'below' ? [] : activeScopes(step, parent.id, outerKey, place);
    if (another !== undefined) {
      return err(`Expected one active '${parent.id}' to activate '${element.id}' in, but there are several`);
    }
    const opened = only === undefined ? openScope(step, parent, outerKey) : ok(only);
    if (!opened.ok) return opened;
    scopes.push({ key: opened.value, elementId: parent.id });
  }
  return ok(scopes);
}

function parentsOf(step: Step, element: FlowElement): readonly FlowElement[] {
  const parents: FlowElement[] = [];
  for (let id = element.parentId; id !== null;) {
    const parent = elementOf(step.process, id);
    parents.unshift(parent);
    id = parent.parentId;
  }
  return parents;
}

/** The scope itself and those around it, outermost first; the body of a loop is no scope of its own. */
function chainTo(step: Step, key: Key): OpenScope[] {
  const chain: OpenScope[] = [];
  for (let current = findElement(step.draft, key); current !== null;) {
    if (current.body === null) chain.unshift({ key: current.key, elementId: current.elementId });
    current = findElement(step.draft, current.scopeKey);
  }
  return chain;
}

function activeScopes(step: Step, elementId: string, outerKey: Key, place: Place): readonly Key[] {
  const active = Object.values(step.draft.elements)
    .filter((instance) => isOpenScope(instance, elementId) && isInside(step, instance.key, outerKey))
    .map((instance) => instance.key);
  if (place.kind !== 'around') return active;
  const around = active.filter((key) => isInside(step, place.key, key));
  return around.length > 0 ? around : active;
}

const isOpenScope = (instance: ElementInstance, elementId: string): boolean =>
  instance.elementId === elementId && instance.body === null && instance.phase === 'activated';

function isInside(step: Step, key: Key, scopeKey: Key): boolean {
  for (let current = findElement(step.draft, key); current !== null;) {
    if (current.key === scopeKey) return true;
    current = findElement(step.draft, current.scopeKey);
  }
  return scopeKey === step.draft.key;
}

function openScope(step: Step, element: FlowElement, scopeKey: Key): Result<Key, string> {
  if (isLooping(element)) return err(`Expected an active round of the loop '${element.id}', but there is none`);
  const key = step.nextKey();
  emit(step, { type: 'element-activating', key, elementId: element.id, scopeKey, loopCounter: null, body: null });
  const armed = prepareArmed(step, getElement(step.draft, key), contextAt(step, key));
  if (!armed.ok) return err(armed.error.message);
  emit(step, { type: 'element-activated', key, elementId: element.id });
  emitAll(step, armed.value);
  return ok(key);
}
