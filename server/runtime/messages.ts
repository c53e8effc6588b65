// BPMN messages: published by the domain, buffered for their time to live, correlated by name and key. The
// correlation itself is a job, so that publishing never locks an instance.

import type { Variables } from '../engine/index.ts';
import type { Key } from '../shared/ids.ts';
import { plusMillis } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import type { ExecuteDeps } from './execute-deps.ts';
import { correlateJob } from './project.ts';
import { insertJobs, type NewJob, NO_INSTANCE } from './store/jobs.ts';
import { findMessageVariables, insertMessage, lockCorrelation, reserveSubscriptions } from './store/messages.ts';
import { findBufferedStart, reserveStarts } from './store/starts.ts';

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

export interface MatchedMessage {
  readonly messageKey: Key;
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: Variables;
}

/**
 * Offers a kept message to the subscriptions that wait for it now, and to start events of its name: one of each
 * process. The caller holds the correlation lock. Answers the instances that get it.
 */
export async function matchMessage(tx: Tx, deps: ExecuteDeps, message: MatchedMessage): Promise<readonly Key[]> {
  const { messageKey, name, correlationKey, variables } = message;
  const reserved = await reserveSubscriptions(tx, messageKey, name, correlationKey);
  const starts = await reserveStarts(tx, messageKey, name, correlationKey);
  if (reserved.length + starts.length === 0) return [];
  await deps.keys.reserve(reserved.length + 2 * starts.length);
  const begun: Key[] = [];
  const common = {
    elementInstanceKey: null,
    elementId: null,
    headers: {},
    payload: {},
    retries: 3,
    dueAt: null,
    createdAt: deps.clock.now(),
    isOffered: true,
  } as const;
  const jobs: NewJob[] = reserved.map((subscription) => ({
    ...common,
    instanceKey: subscription.instanceKey,
    ...correlateJob(deps.keys.next(), subscription, messageKey),
  }));
  for (const { definitionKey, processId, elementId } of starts) {
    const startCorrelation = correlationKey === '' ? {} : { startCorrelation: correlationKey };
    const instanceKey = deps.keys.next();
    begun.push(instanceKey);
    jobs.push({
      ...common,
      key: deps.keys.next(),
      kind: 'start-by-event',
      instanceKey: NO_INSTANCE,
      type: processId,
      payload: { instanceKey, definitionKey, elementId, variables, ...startCorrelation },
    });
  }
  await insertJobs(tx, jobs);
  tx.afterCommit(() => deps.wake(jobs.map((job) => job.key)));
  return [...reserved.map((subscription) => subscription.instanceKey), ...begun];
}

/** An instance that a message with this key had started has ended: the next kept message may start one. */
export async function matchBufferedStart(
  tx: Tx,
  deps: ExecuteDeps,
  ended: { readonly processId: string; readonly correlationKey: string },
): Promise<void> {
  const { processId, correlationKey } = ended;
  const waiting = await findBufferedStart(tx, processId, correlationKey, deps.clock.now());
  if (waiting === null) return;
  await lockCorrelation(tx, waiting.name, correlationKey);
  const variables = await findMessageVariables(tx, waiting.messageKey);
  if (variables !== null) await matchMessage(tx, deps, { ...waiting, correlationKey, variables });
}
