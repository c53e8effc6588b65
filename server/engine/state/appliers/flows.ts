// Tokens that wait are counted per scope instance, element and incoming flow. A join that fires uses up one token
// for each time a flow is listed and leaves the rest to the next round (BPMN 2.0.2, clause 13.4.1).

import assert from 'node:assert';
import { ownValue } from '../../expressions/scope.ts';
import type { JoinState } from '../../types.ts';
import type { Draft } from '../draft.ts';
import type { Applier } from './applier.ts';

const NO_TOKENS: JoinState = { tokens: {} };

export const findJoin = (draft: Draft, scopeKey: string, elementId: string): JoinState =>
  ownValue(draft.joins[scopeKey] ?? {}, elementId) ?? NO_TOKENS;

function putJoin(draft: Draft, scopeKey: string, elementId: string, join: JoinState): void {
  const joins = new Map(Object.entries(draft.joins[scopeKey] ?? {}));
  const isEmpty = Object.keys(join.tokens).length === 0 && join.usedFlows === undefined;
  if (isEmpty) joins.delete(elementId);
  else joins.set(elementId, join);
  if (joins.size === 0) delete draft.joins[scopeKey];
  else draft.joins[scopeKey] = Object.fromEntries(joins);
}

function withoutTokens(join: JoinState, flowIds: readonly string[], where: string): Readonly<Record<string, number>> {
  const left = new Map(Object.entries(join.tokens));
  for (const flowId of flowIds) {
    const count = left.get(flowId);
    assert(count !== undefined, `'${where}' has no token of '${flowId}'`);
    if (count === 1) left.delete(flowId);
    else left.set(flowId, count - 1);
  }
  return Object.fromEntries(left);
}

export const applyJoinArrived: Applier<'join-arrived'> = (draft, event) => {
  const join = findJoin(draft, event.scopeKey, event.gatewayId);
  const count = (ownValue(join.tokens, event.flowId) ?? 0) + 1;
  putJoin(draft, event.scopeKey, event.gatewayId, { ...join, tokens: { ...join.tokens, [event.flowId]: count } });
};

export const applyJoinFired: Applier<'join-fired'> = (draft, event) => {
  const join = findJoin(draft, event.scopeKey, event.gatewayId);
  const tokens = withoutTokens(join, event.flowIds, event.gatewayId);
  const isAwaitingReset = event.isAwaitingReset === true;
  putJoin(draft, event.scopeKey, event.gatewayId, isAwaitingReset ? { tokens, usedFlows: event.flowIds } : { tokens });
};

export const applyJoinReset: Applier<'join-reset'> = (draft, event) => {
  const join = findJoin(draft, event.scopeKey, event.gatewayId);
  putJoin(draft, event.scopeKey, event.gatewayId, { tokens: withoutTokens(join, event.flowIds, event.gatewayId) });
};

export const applyTokensDiscarded: Applier<'tokens-discarded'> = (draft, event) => {
  delete draft.joins[event.scopeKey];
};
