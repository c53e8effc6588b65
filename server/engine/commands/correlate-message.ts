// A message has met a subscription. Its variables are the result of the event that waited for it.

import { beginCompletion } from '../behaviors/begin-completion.ts';
import { fireBoundary } from '../behaviors/boundary-events.ts';
import { findWait } from '../state/draft.ts';
import { emit } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const correlateMessage: Handler<'correlate-message'> = (step, command) => {
  const { subscriptionKey, messageKey, variables } = command;
  const found = findWait(step.draft, subscriptionKey);
  if (found?.wait?.kind !== 'message' && found?.boundary?.kind !== 'message') {
    return reject(
      'SUBSCRIPTION_NOT_FOUND',
      `Expected to correlate message '${messageKey}' with subscription '${subscriptionKey}', but it is not open`,
    );
  }
  emit(step, { type: 'message-correlated', subscriptionKey, messageKey });
  if (found.boundary !== null) {
    fireBoundary(step, found.owner, found.boundary, variables);
    return null;
  }
  emit(step, { type: 'subscription-closed', subscriptionKey });
  beginCompletion(step, found.owner.key, variables);
  return null;
};
