// What must be true of every state between two commands. The tests assert it after every step; the runtime may do so
// before it stores. A violation is a bug of the engine, so it throws and the transaction rolls back.

import assert from 'node:assert';
import { ownValue } from './expressions/scope.ts';
import { isJoin } from './behaviors/take-flows.ts';
import { keyOfWait } from './state/draft.ts';
import { elementOf } from './step.ts';
import type { ElementInstance, ExecutableProcess, InstanceState } from './types.ts';

export function assertInvariants(process: ExecutableProcess, state: InstanceState): void {
  assert.equal(state.processId, process.processId, 'The state belongs to another process');
  if (state.status !== 'active') assertNothingLeft(state);
  else assertSomethingWaits(state);
  for (const instance of Object.values(state.elements)) assertElement(process, state, instance);
  assertDistinctWaits(state);
  assertJoins(process, state);
  assertIncidents(state);
  const scopes = Object.keys(state.variables).sort();
  const owners = [state.key, ...Object.keys(state.elements)].sort();
  assert.deepEqual(scopes, owners, 'Every scope has its variables, and no other has');
}

function assertNothingLeft(state: InstanceState): void {
  assert.deepEqual(Object.keys(state.elements), [], 'An ended instance has no active elements');
  assert.deepEqual(Object.keys(state.joins), [], 'An ended instance has no waiting tokens');
  assert.deepEqual(Object.keys(state.incidents), [], 'An ended instance has no open incidents');
}

function assertSomethingWaits(state: InstanceState): void {
  const count = Object.keys(state.elements).length + Object.keys(state.joins).length;
  assert(count > 0, 'An active instance has an active element or a waiting token');
}

function assertElement(process: ExecutableProcess, state: InstanceState, instance: ElementInstance): void {
  const { key, scopeKey, phase } = instance;
  const element = elementOf(process, instance.elementId);
  const scope = ownValue(state.elements, scopeKey);
  assert(scopeKey === state.key || scope !== undefined, `Element instance '${key}' has no scope`);
  assert.notEqual(phase, 'terminating', `Element instance '${key}' is terminated within one command`);
  const isWaiting = instance.waits.length > 0 || instance.incidentKey !== null || instance.body !== null;
  assert(isWaiting, `Element instance '${key}' of '${element.id}' waits for nothing`);
  if (phase === 'activating' || phase === 'completing') {
    assert.notEqual(instance.incidentKey, null, `Element instance '${key}' is '${phase}' without an incident`);
    assert.deepEqual(instance.waits, [], `Element instance '${key}' is '${phase}' and waits`);
  }
  for (const boundary of instance.boundaries) {
    assert(element.boundaryEvents.includes(boundary.elementId), `'${boundary.elementId}' is not at '${element.id}'`);
  }
  if (instance.loopCounter !== null) {
    assert(scope !== undefined && scope.body !== null, `Inner instance '${key}' has no body`);
    assert.deepEqual(instance.boundaries, [], `Boundary events sit on the body, not on inner instance '${key}'`);
  }
  assertBody(state, instance);
}

function assertBody(state: InstanceState, instance: ElementInstance): void {
  const { body, key } = instance;
  if (body === null) return;
  const inner = Object.values(state.elements).filter((candidate) => candidate.scopeKey === key);
  assert.equal(body.results.length, body.items.length, `Body '${key}' has a result for each item`);
  assert(body.nextIndex <= body.items.length, `Body '${key}' has started more items than it has`);
  assert.equal(inner.length, body.nextIndex - body.completed, `Body '${key}' miscounts its inner instances`);
  if (instance.phase === 'activated') assert(inner.length > 0, `Body '${key}' waits for nobody`);
}

function assertDistinctWaits(state: InstanceState): void {
  const keys = Object.values(state.elements).flatMap((instance) => [
    ...instance.waits.map(keyOfWait),
    ...instance.boundaries.map((boundary) => boundary.key),
  ]);
  assert.equal(new Set(keys).size, keys.length, 'No two waits have the same key');
}

function assertJoins(process: ExecutableProcess, state: InstanceState): void {
  for (const [join, tokens] of Object.entries(state.joins)) {
    const [scopeKey = '', ...rest] = join.split('/');
    const gateway = elementOf(process, rest.join('/'));
    assert(isJoin(gateway), `'${gateway.id}' is no join`);
    assert(Object.hasOwn(state.variables, scopeKey), `The join '${join}' is in no active scope`);
    const flows = Object.entries(tokens);
    assert(flows.length > 0 && flows.length < gateway.incoming.length, `The join '${join}' should have fired`);
    for (const [flowId, count] of flows) {
      assert(gateway.incoming.includes(flowId) && count > 0, `The join '${join}' has no token of '${flowId}'`);
    }
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
