// Tokens at joins are counted per incoming flow and scope instance. A join that fires uses up one token of each
// flow and leaves the rest to the next round (BPMN 2.0.2, clause 13.4.1).

import assert from 'node:assert';
import { ownValue } from '../../expressions/scope.ts';
import type { Applier } from './applier.ts';

/** Where the tokens of a joining gateway are kept. */
export const joinKey = (scopeKey: string, gatewayId: string): string => `${scopeKey}/${gatewayId}`;

export const applyJoinArrived: Applier<'join-arrived'> = (draft, event) => {
  const join = joinKey(event.scopeKey, event.gatewayId);
  const counts = draft.joins[join] ?? {};
  draft.joins[join] = { ...counts, [event.flowId]: (ownValue(counts, event.flowId) ?? 0) + 1 };
};

export const applyJoinFired: Applier<'join-fired'> = (draft, event) => {
  const join = joinKey(event.scopeKey, event.gatewayId);
  const left = new Map(Object.entries(draft.joins[join] ?? {}));
  for (const flowId of event.flowIds) {
    const count = left.get(flowId);
    assert(count !== undefined, `The join '${join}' has no token of '${flowId}'`);
    if (count === 1) left.delete(flowId);
    else left.set(flowId, count - 1);
  }
  if (left.size === 0) delete draft.joins[join];
  else draft.joins[join] = Object.fromEntries(left);
};
