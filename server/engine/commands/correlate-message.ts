// A message has met a subscription. Its variables are the result of the event that waited for it.

import { fireArmed, fireOwn } from '../behaviors/fire-event.ts';
import { findArmed, findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const correlateMessage: Handler<'correlate-message'> = (step, command) => {
  const { subscriptionKey, messageKey, variables } = command;
  const own = findWait(step.draft, subscriptionKey);
  const found = findArmed(step.draft, subscriptionKey);
  if (own?.wait.kind !== 'message' && found?.armed.kind !== 'message') {
    return reject(
      'SUBSCRIPTION_NOT_FOUND',
      `Expected to correlate message '${messageKey}' with subscription '${subscriptionKey}', but it is not open`,
    );
  }
  emit(step, { type: 'message-correlated', subscriptionKey, messageKey });
  if (found !== null) {
    fireArmed(step, found.ownerKey, found.armed, variables);
  } else if (own !== null) {
    emit(step, { type: 'subscription-closed', subscriptionKey });
    fireOwn(step, own.owner.key, variables);
  }
  return null;
};
