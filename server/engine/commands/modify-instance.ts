// Modification by an operator: begin at elements, end element instances. All instructions or none: a refusal throws
// the draft away. Scopes that are missing around an element are opened without their input mappings.

import { prepareArmed } from '../behaviors/arm-events.ts';
import { endHandler } from '../behaviors/compensation.ts';
import { enterElement, isLooping } from '../behaviors/enter-element.ts';
import { settleScope } from '../behaviors/scopes.ts';
import { terminateElement } from '../behaviors/terminate-element.ts';
import { setVariables } from '../behaviors/variable-mapping.ts';
import type { Key } from '../../shared/ids.ts';
import { findElement, getElement, hasChildren } from '../state/draft.ts';
import { contextAt, elementOf, emit, emitAll } from '../step.ts';
import type { Step } from '../step.ts';
import type { FlowElement, Rejection } from '../types.ts';
import { reject } from './handler.ts';
import type { CommandOf, Handler } from './handler.ts';

type Instruction = CommandOf<'modify-instance'>['activate'][number];

export const modifyInstance: Handler<'modify-instance'> = (step, { activate, terminate }) => {
  for (const instruction of activate) {
    const rejection = activateAt(step, instruction);
    if (rejection !== null) return rejection;
  }
  for (const key of terminate) {
    const rejection = terminateAt(step, key);
    if (rejection !== null) return rejection;
  }
  const isEmpty = Object.keys(step.draft.elements).length === 0;
  if (isEmpty && terminate.length > 0) emit(step, { type: 'instance-terminated' });
  return null;
};

/** `opensProcess`: the first element of a new instance. */
export function activateAt(step: Step, instruction: Instruction, opensProcess = false): Rejection | null {
  const { elementId, variables = {}, variablesScopeId } = instruction;
  const element = Object.hasOwn(step.process.elements, elementId) ? step.process.elements[elementId] : undefined;
  if (element === undefined) {
    return reject('ELEMENT_NOT_FOUND', `Expected an element '${elementId}' to activate, but there is none`);
  }
  if (element.kind === 'boundaryEvent' || element.kind === 'startEvent') {
    return impossible(`Expected to activate '${elementId}', but nothing begins at a ${element.kind}`);
  }
  const scopes = openScopes(step, element, instruction.ancestorKey ?? null);
  if (!Array.isArray(scopes)) return scopes;
  const scopeKey = scopes.at(-1)?.key ?? step.draft.key;
  const named = scopes.find((scope) => scope.elementId === variablesScopeId);
  const isLocal = variablesScopeId === elementId;
  if (variablesScopeId !== undefined && named === undefined && !isLocal) {
    return reject('ELEMENT_NOT_FOUND', `Expected '${variablesScopeId}' to be a scope around '${elementId}'`);
  }
  if (!isLocal) setVariables(step, named?.key ?? step.draft.key, variables);
  enterElement(step, element, scopeKey, {
    ...(isLocal ? { locals: variables } : {}),
    ...(opensProcess ? { opensProcess } : {}),
  });
  return null;
}

const impossible = (message: string): Rejection => reject('MODIFICATION_NOT_POSSIBLE', message);

interface OpenScope {
  readonly key: Key;
  readonly elementId: string;
}

/** The active scopes around an element, outermost first; missing ones are opened. */
function openScopes(step: Step, element: FlowElement, ancestorKey: Key | null): OpenScope[] | Rejection {
  const scopes: OpenScope[] = [];
  for (const parent of parentsOf(step, element)) {
    const outerKey = scopes.at(-1)?.key ?? step.draft.key;
    const active = activeScopes(step, parent.id, outerKey, ancestorKey);
    const [only] = active;
    if (active.length > 1) {
      return impossible(`Expected one active '${parent.id}' to activate '${element.id}' in, but there are several`);
    }
    if (only !== undefined) {
      scopes.push({ key: only, elementId: parent.id });
      continue;
    }
    const opened = openScope(step, parent, outerKey);
    if (typeof opened !== 'string') return opened;
    scopes.push({ key: opened, elementId: parent.id });
  }
  return scopes;
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

/** Of several, the one that is, or lies around or inside of, the named ancestor. */
function activeScopes(step: Step, elementId: string, outerKey: Key, ancestorKey: Key | null): readonly Key[] {
  const isInside = (key: Key, scopeKey: Key): boolean => {
    for (let current = findElement(step.draft, key); current !== null;) {
      if (current.key === scopeKey) return true;
      current = findElement(step.draft, current.scopeKey);
    }
    return scopeKey === step.draft.key;
  };
  const active = Object.values(step.draft.elements).filter(
    (instance) =>
      instance.elementId === elementId &&
      instance.body === null &&
      instance.phase === 'activated' &&
      isInside(instance.key, outerKey),
  );
  const named = active.filter(
    ({ key }) => ancestorKey !== null && (isInside(key, ancestorKey) || isInside(ancestorKey, key)),
  );
  return (named.length > 0 ? named : active).map((instance) => instance.key);
}

function openScope(step: Step, element: FlowElement, scopeKey: Key): Key | Rejection {
  if (isLooping(element)) return impossible(`Expected an active round of the loop '${element.id}', but there is none`);
  const key = step.nextKey();
  emit(step, { type: 'element-activating', key, elementId: element.id, scopeKey, loopCounter: null, body: null });
  const armed = prepareArmed(step, getElement(step.draft, key), contextAt(step, key));
  if (!armed.ok) return impossible(armed.error.message);
  emit(step, { type: 'element-activated', key, elementId: element.id });
  emitAll(step, armed.value);
  return key;
}

/** A scope whose last element is terminated goes with it; a round of a loop is not counted out of its body. */
function terminateAt(step: Step, key: Key): Rejection | null {
  const instance = findElement(step.draft, key);
  if (instance === null) {
    return reject(
      'ELEMENT_INSTANCE_NOT_FOUND',
      `Expected to terminate element instance '${key}', but it is not active`,
    );
  }
  if (instance.loopCounter !== null) {
    return impossible(
      `Expected to terminate '${key}', but it is one round of a loop; terminate the whole loop instead`,
    );
  }
  terminateElement(step, key);
  if (instance.compensatesFor !== undefined) endHandler(step, instance.compensatesFor);
  const scope = findElement(step.draft, instance.scopeKey);
  if (scope === null) return null;
  const isLast = !hasChildren(step.draft, scope.key) && !Object.hasOwn(step.draft.joins, scope.key);
  if (isLast && scope.loopCounter === null) return terminateAt(step, scope.key);
  settleScope(step, scope.key);
  return null;
}
