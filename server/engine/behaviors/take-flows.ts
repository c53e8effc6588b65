// Tokens on sequence flows. A flow leads into its target at once; only where tokens are counted do they wait.

import type { Key } from '../../shared/ids.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import { enterElement } from './enter-element.ts';
import { arriveAtJoin, isJoin } from './joins.ts';

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
