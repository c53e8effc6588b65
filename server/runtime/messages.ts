// BPMN messages: published by the domain, buffered for their time to live, correlated by name and key. The
// correlation itself is a job, so that publishing never locks an instance.

import type { Variables } from '../engine/index.ts';
import type { Key } from '../shared/ids.ts';
import { plusMillis } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import type { ExecuteDeps } from './execute.ts';
import { correlateJob } from './project.ts';
import { insertJobs, type NewJob } from './store/jobs.ts';
import { insertMessage, lockCorrelation, reserveSubscriptions } from './store/messages.ts';

export interface PublishRequest {
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: Variables;
  readonly timeToLiveMs: number;
  /** With an id, a repetition while the first is kept changes nothing. */
  readonly messageId: string | null;
}

/** False when the same message id is still kept: the first publication counts. */
export async function publishMessage(tx: Tx, deps: ExecuteDeps, request: PublishRequest): Promise<boolean> {
  await deps.keys.reserve(1);
  const now = deps.clock.now();
  const messageKey = deps.keys.next();
  await lockCorrelation(tx, request.name, request.correlationKey);
  const isNew = await insertMessage(tx, {
    key: messageKey,
    name: request.name,
    correlationKey: request.correlationKey,
    messageId: request.messageId,
    variables: request.variables,
    publishedAt: now,
    expiresAt: plusMillis(now, request.timeToLiveMs),
  });
  if (isNew) await matchMessage(tx, deps, { ...request, messageKey });
  return isNew;
}

/** Offers a kept message to the subscriptions that wait for it now. The caller holds the correlation lock. */
export async function matchMessage(
  tx: Tx,
  deps: ExecuteDeps,
  message: { readonly messageKey: Key; readonly name: string; readonly correlationKey: string },
): Promise<void> {
  const reserved = await reserveSubscriptions(tx, message.messageKey, message.name, message.correlationKey);
  if (reserved.length === 0) return;
  await deps.keys.reserve(reserved.length);
  const now = deps.clock.now();
  const jobs = reserved.map((subscription): NewJob => ({
    headers: {},
    payload: {},
    retries: 3,
    instanceKey: subscription.instanceKey,
    elementInstanceKey: null,
    elementId: null,
    ...correlateJob(deps.keys.next(), subscription, message.messageKey),
    dueAt: null,
    createdAt: now,
    isOffered: true,
  }));
  await insertJobs(tx, jobs);
  const keys = jobs.map((job) => job.key);
  tx.afterCommit(() => deps.wake(keys));
}
