// One command on its way to a decision: the draft of the next state, the events so far, and the work that is left.
// Every change is an event that is applied to the draft at once, so the state is always the fold of the events.

import assert from 'node:assert';
import type { Key } from '../shared/ids.ts';

import type { ElementDefinition } from './elements/element-definition.ts';
import type { EvaluationContext } from './expressions/scope.ts';
import { applyToDraft } from './state/apply.ts';
import { findElement } from './state/draft.ts';
import type { Draft } from './state/draft.ts';
import { scopeAt } from './state/variables.ts';
import type {
  DecideContext,
  ElementKind,
  EngineEvent,
  ExecutableProcess,
  FlowElement,
  VariableChange,
} from './types.ts';

/** Work is done first in, first out: parallel paths advance in turn, and no path can exhaust the call stack. */
export type WorkItem =
  | { readonly kind: 'activate' | 'complete'; readonly key: Key }
  /** A condition has been armed: is it true already? */
  | { readonly kind: 'check-condition'; readonly key: Key };

export interface ChangedVariable {
  readonly scopeKey: Key;
  readonly name: string;
  readonly change: VariableChange;
}

export interface Step {
  readonly process: ExecutableProcess;
  readonly definitions: Readonly<Record<ElementKind, ElementDefinition>>;
  readonly draft: Draft;
  readonly now: DecideContext['now'];
  readonly nextKey: DecideContext['nextKey'];
  readonly findCalendar: NonNullable<DecideContext['findCalendar']>;
  readonly findForm?: NonNullable<DecideContext['findForm']>;
  readonly stepLimit: number;
  readonly callDepthLimit: number;
  readonly events: EngineEvent[];
  readonly agenda: WorkItem[];
  /** Elements begun in each scope in this command; compared with the step limit. Per scope, because a loop stays in
   * its scope, while many rounds of a multi-instance are many scopes. */
  readonly activations: Map<Key, number>;
  /** Scopes in which a token has moved or died since waiting joins were last looked at. */
  readonly movedIn: Set<Key>;
  /** Variables that were set since conditions were last looked at. */
  readonly changed: ChangedVariable[];
  /** A condition is fulfilled at most once in a command, so that it cannot feed itself for ever. */
  readonly fulfilledConditions: Set<Key>;
}

export function emit(step: Step, event: EngineEvent): void {
  note(step, event);
  applyToDraft(step.draft, event);
  step.events.push(event);
}

/** Remembers what joins and conditions have to be looked at for when nothing else can move. */
function note(step: Step, event: EngineEvent): void {
  switch (event.type) {
    case 'element-completed':
    case 'element-terminated': {
      const instance = findElement(step.draft, event.key);
      if (instance !== null) step.movedIn.add(instance.scopeKey);
      return;
    }
    case 'join-arrived':
      step.movedIn.add(event.scopeKey);
      return;
    case 'condition-armed':
      step.agenda.push({ kind: 'check-condition', key: event.conditionKey });
      return;
    case 'variables-set': {
      if (!hasConditions(step.process)) return;
      const before = step.draft.variables[event.scopeKey] ?? {};
      for (const name of Object.keys(event.variables)) {
        const change = Object.hasOwn(before, name) ? 'update' : 'create';
        step.changed.push({ scopeKey: event.scopeKey, name, change });
      }
      return;
    }
    default:
  }
}

/** Memory of a pure function of the frozen process. */
const withConditions = new WeakMap<ExecutableProcess, boolean>();

function hasConditions(process: ExecutableProcess): boolean {
  const known = withConditions.get(process);
  if (known !== undefined) return known;
  const elements = Object.values(process.elements);
  const found = elements.some((element) => element.triggers.some((trigger) => trigger.kind === 'condition'));
  withConditions.set(process, found);
  return found;
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
  findCalendar: step.findCalendar,
});
