// What must be true of every state between two commands. The tests assert it after every step; the runtime may do so
// before it stores. A violation is a bug of the engine, so it throws and the transaction rolls back.

import assert from 'node:assert';
import { ownValue } from './expressions/scope.ts';
import { isJoin } from './behaviors/joins.ts';
import { keyOfWait } from './state/draft.ts';
import { elementOf } from './step.ts';
import type {
  BoundaryWait,
  ElementInstance,
  ExecutableProcess,
  FlowElement,
  InstanceState,
  JoinState,
} from './types.ts';

export function assertInvariants(process: ExecutableProcess, state: InstanceState): void {
  assert.equal(state.processId, process.processId, 'The state belongs to another process');
  if (state.status !== 'active') assertNothingLeft(state);
  else assertSomethingWaits(state);
  const childCounts = countChildren(state);
  for (const instance of Object.values(state.elements)) assertElement(process, state, instance, childCounts);
  for (const armed of state.rootEvents ?? []) assertArmed(process, process.eventSubProcesses, [], armed);
  assertDistinctWaits(state);
  assertJoins(process, state);
  assertIncidents(state);
  const scopes = Object.keys(state.variables).sort();
  const owners = [state.key, ...Object.keys(state.elements)].sort();
  assert.deepEqual(scopes, owners, 'Every scope has its variables, and no other has');
}

type ChildCounts = ReadonlyMap<string, number>;

function countChildren(state: InstanceState): ChildCounts {
  const counts = new Map<string, number>();
  for (const { scopeKey } of Object.values(state.elements)) counts.set(scopeKey, (counts.get(scopeKey) ?? 0) + 1);
  return counts;
}

function assertNothingLeft(state: InstanceState): void {
  assert.deepEqual(Object.keys(state.elements), [], 'An ended instance has no active elements');
  assert.deepEqual(Object.keys(state.joins), [], 'An ended instance has no waiting tokens');
  assert.deepEqual(Object.keys(state.incidents), [], 'An ended instance has no open incidents');
  assert.equal(state.rootEvents, undefined, 'An ended instance waits for no event');
  assert.equal(state.compensations, undefined, 'An ended instance cannot be compensated');
}

function assertSomethingWaits(state: InstanceState): void {
  const count = Object.keys(state.elements).length + Object.keys(state.joins).length;
  assert(count > 0, 'An active instance has an active element or a waiting token');
}

function assertElement(
  process: ExecutableProcess,
  state: InstanceState,
  instance: ElementInstance,
  childCounts: ChildCounts,
): void {
  const { key, scopeKey, phase } = instance;
  const element = elementOf(process, instance.elementId);
  const scope = ownValue(state.elements, scopeKey);
  assert(scopeKey === state.key || scope !== undefined, `Element instance '${key}' has no scope`);
  assert.notEqual(phase, 'terminating', `Element instance '${key}' is terminated within one command`);
  assert(
    isWaiting(state, element, instance, childCounts),
    `Element instance '${key}' of '${element.id}' waits for nothing`,
  );
  if (phase === 'activating' || phase === 'completing') assertHeldUp(instance);
  for (const armed of instance.boundaries) assertArmed(process, scopesIn(element), eventsAt(process, element), armed);
  if (instance.loopCounter !== null) {
    assert(scope !== undefined && scope.body !== null, `Inner instance '${key}' has no body`);
    const atBoundary = instance.boundaries.filter((armed) => element.boundaryEvents.includes(armed.elementId));
    assert.deepEqual(atBoundary, [], `Boundary events sit on the body, not on inner instance '${key}'`);
  }
  assertBody(instance, childCounts.get(key) ?? 0);
}

/** An ad-hoc subprocess may wait for somebody to choose; a container otherwise for what is inside it. */
function isWaiting(
  state: InstanceState,
  element: FlowElement,
  instance: ElementInstance,
  childCounts: ChildCounts,
): boolean {
  const { waits, incidentKey, body, handlersLeft = 0, boundaries, key } = instance;
  if (waits.length > 0 || incidentKey !== null || body !== null || handlersLeft > 0) return true;
  if (element.container !== null) {
    return element.adHoc !== null || childCounts.has(key) || Object.hasOwn(state.joins, key);
  }
  return element.kind === 'eventBasedGateway' && boundaries.length > 0;
}

/** Before it is activated and after its work, an element instance only stands at an incident or a listener. */
function assertHeldUp({ key, phase, incidentKey, waits }: ElementInstance): void {
  const listens = waits.length === 1 && waits[0]?.kind === 'listener';
  assert(incidentKey !== null || listens, `Element instance '${key}' is '${phase}' without an incident or listener`);
  assert(listens || waits.length === 0, `Element instance '${key}' is '${phase}' and waits`);
}

const scopesIn = (element: FlowElement): readonly string[] => element.container?.eventSubProcesses ?? [];

/** Boundary events, and the events behind an event-based gateway. */
const eventsAt = (process: ExecutableProcess, element: FlowElement): readonly string[] =>
  element.kind === 'eventBasedGateway'
    ? element.outgoing.flatMap((flowId) => process.flows[flowId]?.targetId ?? [])
    : element.boundaryEvents;

function assertArmed(
  process: ExecutableProcess,
  eventSubProcesses: readonly string[],
  events: readonly string[],
  armed: BoundaryWait,
): void {
  const { parentId } = elementOf(process, armed.elementId);
  const isThere = events.includes(armed.elementId) || (parentId !== null && eventSubProcesses.includes(parentId));
  assert(isThere, `'${armed.elementId}' is armed where it does not belong`);
}

function assertBody(instance: ElementInstance, inner: number): void {
  const { body, key } = instance;
  if (body === null) return;
  const ended = body.completed + (body.terminated ?? 0);
  assert.equal(inner, body.nextIndex - ended, `Body '${key}' miscounts its inner instances`);
  if (instance.phase === 'activated') assert(inner > 0, `Body '${key}' waits for nobody`);
  // A standard loop has rounds without a list.
  if (body.items.length === 0 && body.results.length === 0) return;
  assert.equal(body.results.length, body.items.length, `Body '${key}' has a result for each item`);
  assert(body.nextIndex <= body.items.length, `Body '${key}' has started more items than it has`);
}

function assertDistinctWaits(state: InstanceState): void {
  const keys = Object.values(state.elements).flatMap((instance) => [
    ...instance.waits.map(keyOfWait),
    ...instance.boundaries.map((boundary) => boundary.key),
  ]);
  keys.push(...(state.rootEvents ?? []).map((armed) => armed.key));
  assert.equal(new Set(keys).size, keys.length, 'No two waits have the same key');
}

function assertJoins(process: ExecutableProcess, state: InstanceState): void {
  for (const [scopeKey, joins] of Object.entries(state.joins)) {
    assert(Object.hasOwn(state.variables, scopeKey), `Tokens wait in '${scopeKey}', which is no active scope`);
    for (const [elementId, join] of Object.entries(joins)) assertJoin(elementOf(process, elementId), join);
  }
}

function assertJoin(element: FlowElement, { tokens, usedFlows }: JoinState): void {
  assert(isJoin(element), `'${element.id}' is no join`);
  const flows = Object.entries(tokens);
  assert(flows.length > 0 || usedFlows !== undefined, `The join '${element.id}' has no token`);
  if (element.startQuantity > 1) {
    const total = flows.reduce((sum, [, count]) => sum + count, 0);
    assert(total < element.startQuantity, `'${element.id}' has enough tokens to start`);
  } else if (element.kind !== 'complexGateway') {
    assert(flows.length < element.incoming.length, `The join '${element.id}' should have fired`);
  }
  for (const [flowId, count] of flows) {
    assert(element.incoming.includes(flowId) && count > 0, `The join '${element.id}' has no token of '${flowId}'`);
  }
}

function assertIncidents(state: InstanceState): void {
  for (const incident of Object.values(state.incidents)) {
    const instance = ownValue(state.elements, incident.elementInstanceKey);
    assert.equal(instance?.incidentKey, incident.key, `Incident '${incident.key}' and its element disagree`);
  }
  const open = Object.values(state.elements).filter((instance) => instance.incidentKey !== null);
  assert.equal(open.length, Object.keys(state.incidents).length, 'Every incident of an element is open');
}
