// The end of a scope: a subprocess completes when nothing is active inside it and no token waits there. An ad-hoc
// subprocess has a condition instead, looked at whenever something inside it has completed.

import type { Key } from '../../shared/ids.ts';
import { extractBoolean } from '../expressions/extract.ts';
import { findElement, hasChildren } from '../state/draft.ts';
import { contextAt, elementOf } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement } from '../types.ts';
import { beginCompletion } from './begin-completion.ts';
import { raiseIncident } from './raise-incident.ts';
import { terminateChildren } from './terminate-element.ts';

/** After something inside has ended. The process itself is looked at when the command is done. */
export function settleScope(step: Step, scopeKey: Key): void {
  const scope = findElement(step.draft, scopeKey);
  if (scope === null || scope.phase !== 'activated' || scope.body !== null || scope.incidentKey !== null) return;
  const element = elementOf(step.process, scope.elementId);
  if (element.adHoc !== null) settleAdHoc(step, scope, element.adHoc);
  else if (isQuiet(step, scopeKey)) beginCompletion(step, scopeKey, {});
}

const isQuiet = (step: Step, scopeKey: Key): boolean =>
  !hasChildren(step.draft, scopeKey) && !Object.hasOwn(step.draft.joins, scopeKey);

function settleAdHoc(step: Step, scope: ElementInstance, adHoc: NonNullable<FlowElement['adHoc']>): void {
  const { completionCondition, cancelsRemaining } = adHoc;
  if (completionCondition === null) {
    if (isQuiet(step, scope.key)) beginCompletion(step, scope.key, {});
    return;
  }
  const isFulfilled = extractBoolean(completionCondition, contextAt(step, scope.key));
  if (!isFulfilled.ok) {
    raiseIncident(step, scope, isFulfilled.error);
    return;
  }
  if (!isFulfilled.value || (!cancelsRemaining && !isQuiet(step, scope.key))) return;
  terminateChildren(step, scope.key);
  beginCompletion(step, scope.key, {});
}
