// Where tokens wait. Counting is per incoming flow, never in total: two tokens of one flow do not make up for a
// missing one (BPMN 2.0.2, clause 13.4), and what is left belongs to the next round of a loop.
//   parallel gateway   a token of every flow
//   inclusive gateway  a token of every flow, or none that is missing can come any more
//   complex gateway    the activation condition; then it waits for the rest before the next round
//   start quantity     so many tokens, of whichever flows

import type { Key } from '../../shared/ids.ts';
import { extractBoolean } from '../expressions/extract.ts';
import { overlay, ownValue } from '../expressions/scope.ts';
import { findJoin } from '../state/appliers/flows.ts';
import { compareKeys } from '../state/draft.ts';
import { contextAt, elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { FlowElement, JoinState } from '../types.ts';
import { enterElement } from './enter-element.ts';
import { canTokenCome } from './reachability.ts';
import { settleScope } from './scopes.ts';

const JOINING: ReadonlySet<FlowElement['kind']> = new Set(['parallelGateway', 'inclusiveGateway', 'complexGateway']);

export const isJoin = (element: FlowElement): boolean =>
  element.startQuantity > 1 || (JOINING.has(element.kind) && element.incoming.length > 1);

export function arriveAtJoin(step: Step, element: FlowElement, flowId: string, scopeKey: Key): void {
  emit(step, { type: 'join-arrived', gatewayId: element.id, flowId, scopeKey });
  const join = findJoin(step.draft, scopeKey, element.id);
  if (element.startQuantity > 1) startWhenEnough(step, element, scopeKey, join);
  else if (element.kind === 'complexGateway' && element.activationCondition !== null)
    advanceComplex(step, element, scopeKey);
  else if (missingFlows(element, join).length === 0) fire(step, element, scopeKey, element.incoming);
}

const hasToken = (join: JoinState, flowId: string): boolean => ownValue(join.tokens, flowId) !== undefined;

const missingFlows = (element: FlowElement, join: JoinState): readonly string[] =>
  element.incoming.filter((flowId) => !hasToken(join, flowId));

const presentFlows = (element: FlowElement, join: JoinState): readonly string[] =>
  element.incoming.filter((flowId) => hasToken(join, flowId));

function fire(step: Step, element: FlowElement, scopeKey: Key, flowIds: readonly string[]): void {
  emit(step, { type: 'join-fired', gatewayId: element.id, flowIds, scopeKey });
  enterElement(step, element, scopeKey);
}

function startWhenEnough(step: Step, element: FlowElement, scopeKey: Key, join: JoinState): void {
  const tokens = element.incoming.flatMap((flowId) =>
    Array.from({ length: ownValue(join.tokens, flowId) ?? 0 }, () => flowId),
  );
  if (tokens.length < element.startQuantity) return;
  fire(step, element, scopeKey, tokens.slice(0, element.startQuantity));
}

/** Before the reset every flow owes its token to the round that has fired; afterwards a new round may begin. */
function advanceComplex(step: Step, gateway: FlowElement, scopeKey: Key): void {
  const join = findJoin(step.draft, scopeKey, gateway.id);
  if (join.usedFlows === undefined) fireComplex(step, gateway, scopeKey, join);
  else if (owedFlows(gateway, join).every((flowId) => hasToken(join, flowId)))
    resetComplex(step, gateway, scopeKey, join);
}

const owedFlows = (gateway: FlowElement, join: JoinState): readonly string[] =>
  gateway.incoming.filter((flowId) => join.usedFlows?.includes(flowId) !== true);

/** A condition that is null or fails does not fire the gateway: there is no element instance yet to hold an incident. */
function fireComplex(step: Step, gateway: FlowElement, scopeKey: Key, join: JoinState): void {
  const flowIds = presentFlows(gateway, join);
  if (flowIds.length === 0 || gateway.activationCondition === null) return;
  const context = contextAt(step, scopeKey);
  const scope = overlay(context.scope, { activationCount: flowIds.length, arrivedFlows: flowIds });
  const isActivated = extractBoolean(gateway.activationCondition, { ...context, scope }, { isNullFalse: true });
  if (!isActivated.ok || !isActivated.value) return;
  const isAwaitingReset = flowIds.length < gateway.incoming.length;
  const fired = { type: 'join-fired', gatewayId: gateway.id, flowIds, scopeKey } as const;
  emit(step, isAwaitingReset ? { ...fired, isAwaitingReset } : fired);
  enterElement(step, gateway, scopeKey);
}

/** Tokens that come after the gateway has fired end here. */
function resetComplex(step: Step, gateway: FlowElement, scopeKey: Key, join: JoinState): void {
  const flowIds = owedFlows(gateway, join).filter((flowId) => hasToken(join, flowId));
  emit(step, { type: 'join-reset', gatewayId: gateway.id, flowIds, scopeKey });
  fireComplex(step, gateway, scopeKey, findJoin(step.draft, scopeKey, gateway.id));
  settleScope(step, scopeKey);
}

/** Nothing else can move in this command: joins whose missing tokens cannot come any more fire now. */
export function fireReadyJoins(step: Step): boolean {
  const scopeKeys = [...step.movedIn].sort(compareKeys);
  step.movedIn.clear();
  let hasFired = false;
  for (const scopeKey of scopeKeys) {
    for (const gatewayId of Object.keys(step.draft.joins[scopeKey] ?? {}).sort()) {
      if (fireIfReady(step, elementOf(step.process, gatewayId), scopeKey)) hasFired = true;
    }
  }
  return hasFired;
}

function fireIfReady(step: Step, gateway: FlowElement, scopeKey: Key): boolean {
  const join = findJoin(step.draft, scopeKey, gateway.id);
  if (gateway.kind === 'inclusiveGateway' && gateway.startQuantity <= 1) {
    const present = presentFlows(gateway, join);
    const missing = missingFlows(gateway, join);
    if (present.length === 0 || canTokenCome(step, scopeKey, gateway, { missing, present })) return false;
    fire(step, gateway, scopeKey, present);
    return true;
  }
  if (join.usedFlows === undefined) return false;
  const missing = owedFlows(gateway, join).filter((flowId) => !hasToken(join, flowId));
  const present = gateway.incoming.filter((flowId) => !missing.includes(flowId));
  if (canTokenCome(step, scopeKey, gateway, { missing, present })) return false;
  resetComplex(step, gateway, scopeKey, join);
  return true;
}
