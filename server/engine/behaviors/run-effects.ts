// What an element does at once when it has been activated: throw, compensate, terminate, begin what is inside it.
// Any of it may end the element instance itself, so each step looks whether it is still there.

import type { Key } from '../../shared/ids.ts';
import type { Activation, Effect } from '../elements/element-definition.ts';
import { findElement, getElement } from '../state/draft.ts';
import { elementOf } from '../step.ts';
import type { Step } from '../step.ts';
import { beginCompletion } from './begin-completion.ts';
import { throwError, throwEscalation } from './catch-thrown.ts';
import { closeEventSubProcesses } from './close-waits.ts';
import { compensate } from './compensation.ts';
import { enterElement } from './enter-element.ts';
import { settleScope } from './scopes.ts';
import { discardTokens, terminateChildren } from './terminate-element.ts';

export function runEffects(step: Step, key: Key, { effects, isDone, result }: Activation): void {
  for (const effect of effects) {
    if (!isActivated(step, key)) return;
    runEffect(step, key, effect);
  }
  if (isDone && isActivated(step, key)) beginCompletion(step, key, result);
}

const isActivated = (step: Step, key: Key): boolean => findElement(step.draft, key)?.phase === 'activated';

function runEffect(step: Step, key: Key, effect: Effect): void {
  const { scopeKey } = getElement(step.draft, key);
  switch (effect.kind) {
    case 'throw-error':
      throwError(step, key, { code: effect.code, message: '', variables: {}, jobKey: null, origin: null });
      return;
    case 'throw-escalation':
      throwEscalation(step, key, effect.code, {});
      return;
    case 'compensate':
      compensate(step, key, effect.activityId);
      return;
    case 'cancel-transaction':
      endOthers(step, scopeKey, key);
      closeEventSubProcesses(step, scopeKey);
      compensate(step, key, null);
      return;
    case 'terminate-scope':
      endOthers(step, scopeKey, key);
      beginCompletion(step, key, {});
      return;
    case 'enter':
      for (const id of effect.elementIds) enterElement(step, elementOf(step.process, id), key);
      if (effect.elementIds.length === 0) settleScope(step, key);
  }
}

function endOthers(step: Step, scopeKey: Key, exceptKey: Key): void {
  terminateChildren(step, scopeKey, exceptKey);
  discardTokens(step, scopeKey);
}
