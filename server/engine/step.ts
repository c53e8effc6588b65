// One command on its way to a decision: the draft of the next state, the events so far, and the work that is left.
// Every change is an event that is applied to the draft at once, so the state is always the fold of the events.

import assert from 'node:assert';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';

import type { ElementDefinition } from './elements/element-definition.ts';
import type { EvaluationContext } from './expressions/scope.ts';
import { applyToDraft } from './state/apply.ts';
import type { Draft } from './state/draft.ts';
import { scopeAt } from './state/variables.ts';
import type { ElementKind, EngineEvent, ExecutableProcess, FlowElement } from './types.ts';

/** Work is done first in, first out: parallel paths advance in turn, and no path can exhaust the call stack. */
export type WorkItem = { readonly kind: 'activate' | 'complete'; readonly key: Key };

export interface Step {
  readonly process: ExecutableProcess;
  readonly definitions: Readonly<Record<ElementKind, ElementDefinition>>;
  readonly draft: Draft;
  readonly now: Instant;
  readonly nextKey: () => Key;
  readonly stepLimit: number;
  readonly events: EngineEvent[];
  readonly agenda: WorkItem[];
  /** Elements reached over a sequence flow in this command; compared with the step limit. */
  activations: number;
}

export function emit(step: Step, event: EngineEvent): void {
  applyToDraft(step.draft, event);
  step.events.push(event);
}

export function emitAll(step: Step, events: readonly EngineEvent[]): void {
  for (const event of events) emit(step, event);
}

/** The element of the model; a state that names another one belongs to another definition. */
export function elementOf(process: ExecutableProcess, elementId: string): FlowElement {
  const element = Object.hasOwn(process.elements, elementId) ? process.elements[elementId] : undefined;
  assert(element !== undefined, `Process '${process.processId}' has no element '${elementId}'`);
  return element;
}

export const contextAt = (step: Step, scopeKey: Key): EvaluationContext => ({
  scope: scopeAt(step.process, step.draft, scopeKey),
  now: step.now,
});
