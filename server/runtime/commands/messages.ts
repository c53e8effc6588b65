// Messages and signals from outside. Publishing leaves a message for whoever waits, now or within its time to live;
// correlating is for those who need to know that somebody did.

import type { Variables } from '../../engine/index.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import { plusMillis } from '../../shared/time.ts';
import { matchMessage } from '../messages.ts';
import { insertJobs, NO_INSTANCE } from '../store/jobs.ts';
import { insertMessage, lockCorrelation } from '../store/messages.ts';
import type { CommandDeps } from './caller.ts';

export interface PublishCommand {
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: Variables;
  readonly timeToLiveMs: number;
  readonly messageId: string | null;
}

/** MESSAGE_ID_TAKEN while a message with this name, key and id is kept. */
export async function publish(deps: CommandDeps, command: PublishCommand): Promise<Key> {
  const { messageKey, reached } = await send(deps, command);
  if (reached === null) {
    throw new AppError(
      'rejection',
      'MESSAGE_ID_TAKEN',
      `Expected to publish a new message with id '${command.messageId ?? ''}', but a message with that id was already published`,
    );
  }
  return messageKey;
}

export interface CorrelateCommand {
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: Variables;
}

/** NOTHING_CORRELATED, and nothing has happened, when nobody waits. */
export async function correlate(
  deps: CommandDeps,
  command: CorrelateCommand,
): Promise<{ readonly messageKey: Key; readonly instanceKey: Key }> {
  const { messageKey, reached } = await send(deps, { ...command, timeToLiveMs: 0, messageId: null, mustReach: true });
  const [instanceKey] = reached ?? [];
  if (instanceKey === undefined) throw nothingCorrelated(command);
  return { messageKey, instanceKey };
}

const nothingCorrelated = ({ name, correlationKey }: CorrelateCommand): AppError =>
  new AppError(
    'not-found',
    'NOTHING_CORRELATED',
    `Expected to find subscription for message with name '${name}' and correlation key '${correlationKey}', but none was found`,
  );

/** `reached`: the instances that get it now; null when the message id is taken. */
async function send(
  deps: CommandDeps,
  message: PublishCommand & { readonly mustReach?: true },
): Promise<{ readonly messageKey: Key; readonly reached: readonly Key[] | null }> {
  await deps.keys.reserve(1);
  const messageKey = deps.keys.next();
  const { name, correlationKey, messageId, variables, timeToLiveMs } = message;
  const reached = await deps.transactions.run(async (tx) => {
    const now = deps.clock.now();
    await lockCorrelation(tx, name, correlationKey);
    const isNew = await insertMessage(tx, {
      key: messageKey,
      name,
      correlationKey,
      messageId,
      variables,
      publishedAt: now,
      expiresAt: plusMillis(now, timeToLiveMs),
    });
    if (!isNew) return null;
    const instances = await matchMessage(tx, deps, { messageKey, name, correlationKey, variables });
    if (message.mustReach === true && instances.length === 0) throw nothingCorrelated(message);
    return instances;
  });
  return { messageKey, reached };
}

/** To all that wait for it now, and to start events; it is kept for nobody. */
export async function broadcastSignal(
  deps: CommandDeps,
  signal: { readonly name: string; readonly variables: Variables },
): Promise<Key> {
  await deps.keys.reserve(1);
  const key = deps.keys.next();
  await deps.transactions.run(async (tx) => {
    const now = deps.clock.now();
    await insertJobs(tx, [
      {
        key,
        kind: 'broadcast-signal',
        instanceKey: NO_INSTANCE,
        elementInstanceKey: null,
        elementId: null,
        type: signal.name,
        headers: {},
        payload: { variables: signal.variables, thrownAt: now, afterKey: null },
        retries: 3,
        dueAt: null,
        createdAt: now,
        isOffered: true,
      },
    ]);
    tx.afterCommit(() => deps.wake([key]));
  });
  return key;
}
