// A state that is being changed. A command copies the top-level records once and appliers then write into the
// copies, so an event costs the same whether ten or ten thousand element instances are active. Records inside
// (element instances, variables of a scope) are replaced, never written: older states stay what they were.

import assert from 'node:assert';
import type { Key } from '../../shared/ids.ts';
import type { BoundaryWait, ElementInstance, EngineEvent, InstanceState, Variables, Wait } from '../types.ts';

export interface Draft {
  readonly key: Key;
  readonly processId: string;
  status: InstanceState['status'];
  readonly parent: InstanceState['parent'];
  readonly elements: Record<string, ElementInstance>;
  readonly joins: Record<string, Readonly<Record<string, number>>>;
  readonly variables: Record<string, Variables>;
  readonly incidents: Record<string, InstanceState['incidents'][string]>;
  /** Key of a job, task, timer, subscription or called instance → its element instance. Built when first needed. */
  owners: Map<string, Key> | null;
}

export const openDraft = (state: InstanceState): Draft => ({
  key: state.key,
  processId: state.processId,
  status: state.status,
  parent: state.parent,
  elements: { ...state.elements },
  joins: { ...state.joins },
  variables: { ...state.variables },
  incidents: { ...state.incidents },
  owners: null,
});

export const startDraft = (event: Extract<EngineEvent, { type: 'instance-started' }>): Draft => ({
  key: event.instanceKey,
  processId: event.processId,
  status: 'active',
  parent: event.parent,
  elements: {},
  joins: {},
  variables: { [event.instanceKey]: {} },
  incidents: {},
  owners: null,
});

/** The draft must not be used afterwards: the state shares its records. */
export const closeDraft = (draft: Draft): InstanceState => ({
  key: draft.key,
  processId: draft.processId,
  status: draft.status,
  parent: draft.parent,
  elements: draft.elements,
  joins: draft.joins,
  variables: draft.variables,
  incidents: draft.incidents,
});

export function keyOfWait(wait: Wait): Key {
  switch (wait.kind) {
    case 'job':
      return wait.jobKey;
    case 'task':
      return wait.taskKey;
    case 'timer':
      return wait.timerKey;
    case 'message':
      return wait.subscriptionKey;
    case 'call':
      return wait.childInstanceKey;
  }
}

export const findElement = (draft: Draft, key: string): ElementInstance | null =>
  Object.hasOwn(draft.elements, key) ? (draft.elements[key] ?? null) : null;

export function getElement(draft: Draft, key: string): ElementInstance {
  const instance = findElement(draft, key);
  assert(instance !== null, `There is no element instance '${key}'`);
  return instance;
}

export function putElement(draft: Draft, instance: ElementInstance): void {
  draft.elements[instance.key] = instance;
}

export interface OwnedWait {
  readonly owner: ElementInstance;
  readonly wait: Wait | null;
  readonly boundary: BoundaryWait | null;
}

/** Who waits for the job, task, timer, subscription or called instance with this key. */
export function findWait(draft: Draft, key: string): OwnedWait | null {
  const ownerKey = ownersOf(draft).get(key);
  const owner = ownerKey === undefined ? null : findElement(draft, ownerKey);
  if (owner === null) return null;
  const wait = owner.waits.find((candidate) => keyOfWait(candidate) === key) ?? null;
  const boundary = owner.boundaries.find((candidate) => candidate.key === key) ?? null;
  return wait === null && boundary === null ? null : { owner, wait, boundary };
}

function ownersOf(draft: Draft): Map<string, Key> {
  if (draft.owners !== null) return draft.owners;
  const owners = new Map<string, Key>();
  for (const instance of Object.values(draft.elements)) {
    for (const wait of instance.waits) owners.set(keyOfWait(wait), instance.key);
    for (const boundary of instance.boundaries) owners.set(boundary.key, instance.key);
  }
  draft.owners = owners;
  return owners;
}

export function addWait(draft: Draft, ownerKey: Key, wait: Wait): void {
  const owner = getElement(draft, ownerKey);
  putElement(draft, { ...owner, waits: [...owner.waits, wait] });
  draft.owners?.set(keyOfWait(wait), ownerKey);
}

export function addBoundary(draft: Draft, ownerKey: Key, boundary: BoundaryWait): void {
  const owner = getElement(draft, ownerKey);
  putElement(draft, { ...owner, boundaries: [...owner.boundaries, boundary] });
  draft.owners?.set(boundary.key, ownerKey);
}

export function removeWait(draft: Draft, key: string): void {
  const found = findWait(draft, key);
  assert(found !== null, `Nothing waits for '${key}'`);
  putElement(draft, {
    ...found.owner,
    waits: found.owner.waits.filter((wait) => keyOfWait(wait) !== key),
    boundaries: found.owner.boundaries.filter((boundary) => boundary.key !== key),
  });
  draft.owners?.delete(key);
}

/** int64 digit strings in numeric order. Records come back from jsonb in another order, decisions must not. */
export const compareKeys = (a: string, b: string): number =>
  a.length === b.length ? (a < b ? -1 : a > b ? 1 : 0) : a.length - b.length;

/** Element instances directly inside a scope, oldest first. */
export const childrenOf = (draft: Draft, scopeKey: string): readonly ElementInstance[] =>
  Object.values(draft.elements)
    .filter((instance) => instance.scopeKey === scopeKey)
    .sort((a, b) => compareKeys(a.key, b.key));
