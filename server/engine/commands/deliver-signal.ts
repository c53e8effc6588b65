// A broadcast signal has reached a subscription. Its variables are the result of the event that waited for it.

import { fireArmed, fireOwn } from '../behaviors/fire-event.ts';
import { findArmed, findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const deliverSignal: Handler<'deliver-signal'> = (step, { subscriptionKey, variables }) => {
  const own = findWait(step.draft, subscriptionKey);
  const found = findArmed(step.draft, subscriptionKey);
  if (own?.wait.kind !== 'signal' && found?.armed.kind !== 'signal') {
    const message = `Expected to deliver a signal to subscription '${subscriptionKey}', but it is not open`;
    return reject('SUBSCRIPTION_NOT_FOUND', message);
  }
  emit(step, { type: 'signal-received', subscriptionKey });
  if (found !== null) {
    fireArmed(step, found.ownerKey, found.armed, variables);
  } else if (own !== null) {
    emit(step, { type: 'subscription-closed', subscriptionKey });
    fireOwn(step, own.owner.key, variables);
  }
  return null;
};
