// Tokens on sequence flows. A flow leads into its target at once; only a joining gateway lets tokens wait. The join
// counts per incoming flow, never in total: two tokens of one flow do not make up for a missing one (BPMN 2.0.2,
// clause 13.4.1), and what is left belongs to the next round of a loop.

import type { Key } from '../../shared/ids.ts';
import { ownValue } from '../expressions/scope.ts';
import { joinKey } from '../state/appliers/flows.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { FlowElement, MultiInstanceBody } from '../types.ts';
import { raiseIncident } from './raise-incident.ts';
import { getElement } from '../state/draft.ts';

const EMPTY_BODY: MultiInstanceBody = { items: [], nextIndex: 0, completed: 0, results: [] };

export function takeFlows(step: Step, flowIds: readonly string[], scopeKey: Key): void {
  for (const flowId of flowIds) {
    const flow = step.process.flows[flowId];
    if (flow === undefined) continue;
    emit(step, { type: 'flow-taken', flowId, scopeKey });
    const target = elementOf(step.process, flow.targetId);
    if (isJoin(target)) arriveAtJoin(step, target, flowId, scopeKey);
    else enterElement(step, target, scopeKey);
  }
}

export const isJoin = (element: FlowElement): boolean =>
  element.kind === 'parallelGateway' && element.incoming.length > 1;

function arriveAtJoin(step: Step, gateway: FlowElement, flowId: string, scopeKey: Key): void {
  emit(step, { type: 'join-arrived', gatewayId: gateway.id, flowId, scopeKey });
  const tokens = step.draft.joins[joinKey(scopeKey, gateway.id)] ?? {};
  if (!gateway.incoming.every((incoming) => ownValue(tokens, incoming) !== undefined)) return;
  emit(step, { type: 'join-fired', gatewayId: gateway.id, flowIds: gateway.incoming, scopeKey });
  enterElement(step, gateway, scopeKey);
}

/** A new instance of an element; of a multi-instance activity, its body. */
export function enterElement(step: Step, element: FlowElement, scopeKey: Key): void {
  const key = step.nextKey();
  const body = element.multiInstance === null ? null : EMPTY_BODY;
  emit(step, { type: 'element-activating', key, elementId: element.id, scopeKey, loopCounter: null, body });
  step.activations += 1;
  if (step.activations <= step.stepLimit) {
    step.agenda.push({ kind: 'activate', key });
    return;
  }
  raiseIncident(step, getElement(step.draft, key), {
    errorType: 'STEP_LIMIT_EXCEEDED',
    message: `Expected the process to wait within ${step.stepLimit} elements, but it goes on; is it an endless loop?`,
  });
}
