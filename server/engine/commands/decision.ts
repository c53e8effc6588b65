// Answers of the runtime to a business rule task: the decision has been made, or could not be.

import { beginCompletion } from '../behaviors/begin-completion.ts';
import { raiseIncident } from '../behaviors/raise-incident.ts';
import { findWait, getElement } from '../state/draft.ts';
import type { OwnedWait } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

function findDecision(step: Step, decisionKey: string): OwnedWait | null {
  const found = findWait(step.draft, decisionKey);
  return found?.wait.kind === 'decision' ? found : null;
}

const notFound = (decisionKey: string) =>
  reject('DECISION_NOT_FOUND', `Expected decision '${decisionKey}' to be waited for, but it is not`);

export const completeDecision: Handler<'complete-decision'> = (step, { decisionKey, result }) => {
  const found = findDecision(step, decisionKey);
  if (found === null) return notFound(decisionKey);
  const name = elementOf(step.process, found.owner.elementId).decision?.resultVariable ?? '';
  emit(step, { type: 'decision-completed', decisionKey });
  beginCompletion(step, found.owner.key, { [name]: result });
  return null;
};

/** Resolving the incident asks for the decision again. */
export const failDecision: Handler<'fail-decision'> = (step, { decisionKey, errorType, message }) => {
  const found = findDecision(step, decisionKey);
  if (found === null) return notFound(decisionKey);
  emit(step, { type: 'decision-failed', decisionKey });
  raiseIncident(step, getElement(step.draft, found.owner.key), { errorType, message });
  return null;
};
