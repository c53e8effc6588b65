// Answers of the runtime to a call activity's request: the called instance has ended, or could not be started.

import { beginCompletion } from '../behaviors/begin-completion.ts';
import { raiseIncident } from '../behaviors/raise-incident.ts';
import { findElement } from '../state/draft.ts';
import { elementOf, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, Wait } from '../types.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

type CallWait = Extract<Wait, { readonly kind: 'call' }>;

function findCall(step: Step, key: string): { readonly caller: ElementInstance; readonly wait: CallWait } | null {
  const caller = findElement(step.draft, key);
  const wait = caller?.waits.find((candidate) => candidate.kind === 'call');
  return caller === null || wait === undefined ? null : { caller, wait };
}

/** Without output mappings the variables of the called instance come over only when the model says so. */
export const completeCall: Handler<'complete-call'> = (step, { elementInstanceKey, variables }) => {
  const found = findCall(step, elementInstanceKey);
  if (found === null) {
    const message = `Expected to complete the call of '${elementInstanceKey}', but it calls nothing`;
    return reject('ELEMENT_INSTANCE_NOT_FOUND', message);
  }
  const element = elementOf(step.process, found.caller.elementId);
  const isTaken = element.outputs.length > 0 || element.call?.propagateAllChildVariables === true;
  emit(step, { type: 'call-completed', childInstanceKey: found.wait.childInstanceKey });
  beginCompletion(step, elementInstanceKey, isTaken ? variables : {});
  return null;
};

export const failCall: Handler<'fail-call'> = (step, { elementInstanceKey, message }) => {
  const found = findCall(step, elementInstanceKey);
  if (found === null) {
    const reason = `Expected to fail the call of '${elementInstanceKey}', but it calls nothing`;
    return reject('ELEMENT_INSTANCE_NOT_FOUND', reason);
  }
  raiseIncident(step, found.caller, { errorType: 'CALLED_ELEMENT_ERROR', message });
  return null;
};
