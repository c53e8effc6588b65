// Modification by an operator: begin at elements, move to others, end element instances. All instructions or none: a
// refusal throws the draft away. Everything begins before anything ends, so that a scope that goes on is not left
// between the two.

import { endHandler } from '../behaviors/compensation.ts';
import { enterElement } from '../behaviors/enter-element.ts';
import { advanceAfterTermination } from '../behaviors/multi-instance.ts';
import { openScopes } from '../behaviors/open-scopes.ts';
import type { OpenScope, Place } from '../behaviors/open-scopes.ts';
import { settleScope } from '../behaviors/scopes.ts';
import { terminateElement } from '../behaviors/terminate-element.ts';
import { setVariables } from '../behaviors/variable-mapping.ts';
import type { Key } from '../../shared/ids.ts';
import { compareKeys, findElement, hasChildren } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type {
  ActivateInstruction,
  ElementInstance,
  FlowElement,
  MoveInstruction,
  Rejection,
  VariableInstruction,
  Variables,
} from '../types.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const modifyInstance: Handler<'modify-instance'> = (step, command) => {
  const { activate, move = [], terminate, terminateElementIds = [] } = command;
  const ends = [...terminate];
  for (const key of terminate) if (findElement(step.draft, key) === null) return notActive(key);
  for (const elementId of terminateElementIds) {
    const instances = instancesOf(step, elementId);
    if (instances.length === 0) return notActive(elementId);
    ends.push(...instances.map((instance) => instance.key));
  }
  const moves = move.map((instruction) => ({ instruction, sources: sourcesOf(step, instruction) }));
  for (const instruction of activate) {
    const rejection = activateAt(step, instruction);
    if (rejection !== null) return rejection;
  }
  for (const { instruction, sources } of moves) {
    if (sources.length === 0) return notActive(JSON.stringify(instruction.source));
    for (const source of sources) {
      const rejection = activateMoved(step, instruction, source);
      if (rejection !== null) return rejection;
      ends.push(source.key);
    }
  }
  for (const key of ends) terminateAt(step, key);
  const isEmpty = Object.keys(step.draft.elements).length === 0;
  if (isEmpty && ends.length > 0) emit(step, { type: 'instance-terminated' });
  return null;
};

const notActive = (what: string): Rejection =>
  reject('ELEMENT_INSTANCE_NOT_FOUND', `Expected to end or move element instance '${what}', but it is not active`);

/** Oldest first; of a looping activity its body, which ends all rounds. */
const instancesOf = (step: Step, elementId: string): readonly ElementInstance[] =>
  Object.values(step.draft.elements)
    .filter((instance) => instance.elementId === elementId && instance.loopCounter === null)
    .sort((a, b) => compareKeys(a.key, b.key));

function sourcesOf(step: Step, { source }: MoveInstruction): readonly ElementInstance[] {
  if ('elementId' in source) return instancesOf(step, source.elementId);
  const instance = findElement(step.draft, source.elementInstanceKey);
  return instance === null ? [] : [instance];
}

function activateMoved(step: Step, instruction: MoveInstruction, source: ElementInstance): Rejection | null {
  const { targetElementId, ancestor, variables = [] } = instruction;
  const scope = findElement(step.draft, source.scopeKey);
  const parentKey = scope?.body == null ? source.scopeKey : scope.scopeKey;
  const place = placeOf(ancestor, source.key, parentKey);
  return activateIn(step, { elementId: targetElementId, variables, place });
}

function placeOf(ancestor: MoveInstruction['ancestor'], sourceKey: Key, parentKey: Key): Place {
  switch (ancestor?.kind) {
    case 'direct':
      return { kind: 'below', key: ancestor.key };
    case 'source-parent':
      return { kind: 'below', key: parentKey };
    case 'inferred':
      return { kind: 'around', key: sourceKey };
    case undefined:
      return { kind: 'active' };
  }
}

/** `opensProcess`: the first element of a new instance. */
export function activateAt(step: Step, instruction: ActivateInstruction, opensProcess = false): Rejection | null {
  const { elementId, variables = [], ancestorKey } = instruction;
  const place: Place = ancestorKey === undefined ? { kind: 'active' } : { kind: 'below', key: ancestorKey };
  return activateIn(step, { elementId, variables, place, opensProcess });
}

interface PlacedActivation {
  readonly elementId: string;
  readonly variables: readonly VariableInstruction[];
  readonly place: Place;
  readonly opensProcess?: boolean;
}

function activateIn(step: Step, activation: PlacedActivation): Rejection | null {
  const { elementId, variables, place, opensProcess = false } = activation;
  const element = Object.hasOwn(step.process.elements, elementId) ? step.process.elements[elementId] : undefined;
  if (element === undefined) {
    return reject('ELEMENT_NOT_FOUND', `Expected an element '${elementId}' to activate, but there is none`);
  }
  const fault = whyNotActivatable(step, element);
  if (fault !== null) return impossible(`Expected to activate '${elementId}', but ${fault}`);
  if (place.kind === 'below' && place.key !== step.draft.key && findElement(step.draft, place.key) === null) {
    return impossible(`Expected the ancestor '${place.key}' to be active, but it is not`);
  }
  const scopes = openScopes(step, element, place);
  if (!scopes.ok) return impossible(scopes.error);
  const locals = placeVariables(step, elementId, scopes.value, variables);
  if (locals === null) {
    return reject('ELEMENT_NOT_FOUND', `Expected the scopes of the variables to be around '${elementId}'`);
  }
  enterElement(step, element, scopes.value.at(-1)?.key ?? step.draft.key, {
    locals,
    ...(opensProcess ? { opensProcess } : {}),
  });
  return null;
}

function whyNotActivatable(step: Step, element: FlowElement): string | null {
  if (element.kind === 'boundaryEvent' || element.kind === 'startEvent') return `nothing begins at a ${element.kind}`;
  if (element.container?.kind === 'event') return 'an event subprocess begins with its event';
  const isBehindGateway = element.incoming.some((flowId) => {
    const source = step.process.elements[step.process.flows[flowId]?.sourceId ?? ''];
    return source?.kind === 'eventBasedGateway';
  });
  return isBehindGateway ? 'it is waited for by an event-based gateway' : null;
}

/** Those of the element itself are handed back; null when a scope is named that is not around it. */
function placeVariables(
  step: Step,
  elementId: string,
  scopes: readonly OpenScope[],
  instructions: readonly VariableInstruction[],
): Variables | null {
  let locals: Variables = {};
  for (const { variables, scopeId } of instructions) {
    if (scopeId === elementId) {
      locals = { ...locals, ...variables };
      continue;
    }
    const isRoot = scopeId === undefined || scopeId === step.process.processId;
    const scopeKey = isRoot ? step.draft.key : scopes.find((scope) => scope.elementId === scopeId)?.key;
    if (scopeKey === undefined) return null;
    setVariables(step, scopeKey, variables);
  }
  return locals;
}

const impossible = (message: string): Rejection => reject('MODIFICATION_NOT_POSSIBLE', message);

/** A scope whose last element is terminated goes with it. What an earlier instruction has ended already is over. */
function terminateAt(step: Step, key: Key): void {
  const instance = findElement(step.draft, key);
  if (instance === null) return;
  terminateElement(step, key);
  if (instance.compensatesFor !== undefined) endHandler(step, instance.compensatesFor);
  const scope = findElement(step.draft, instance.scopeKey);
  if (scope === null) return;
  if (scope.body !== null) {
    if (!advanceAfterTermination(step, elementOf(step.process, scope.elementId), scope.key))
      terminateAt(step, scope.key);
    return;
  }
  const isLast = !hasChildren(step.draft, scope.key) && !Object.hasOwn(step.draft.joins, scope.key);
  if (isLast) terminateAt(step, scope.key);
  else settleScope(step, scope.key);
}
