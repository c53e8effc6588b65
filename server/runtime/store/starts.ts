// SQL for start events that wait: one row per message or signal start event of the latest version of a process. Timer
// start events are jobs of kind `start-timer`. A new version replaces the rows and timers of the one before.

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface StartSubscription {
  readonly definitionKey: Key;
  readonly processId: string;
  readonly elementId: string;
}

export interface NewStartSubscription extends StartSubscription {
  readonly kind: 'message' | 'signal' | 'condition';
  /** Of a condition: its expression. */
  readonly name: string;
}

export async function replaceStartSubscriptions(
  tx: Tx,
  processId: string,
  rows: readonly NewStartSubscription[],
): Promise<void> {
  await tx.query(`delete from start_subscriptions where process_id = $1`, [processId]);
  await tx.query(
    `insert into start_subscriptions (definition_key, element_id, process_id, kind, name)
     select s."definitionKey", s."elementId", s."processId", s.kind, s.name
     from jsonb_to_recordset($1::jsonb) as s ("definitionKey" bigint, "elementId" text, "processId" text, kind text,
       name text)`,
    [JSON.stringify(rows)],
  );
}

/** The timers of earlier versions start nothing any more. */
export async function cancelStartTimers(tx: Tx, processId: string, now: Instant): Promise<void> {
  await tx.query(
    `update jobs set status = 'cancelled', ended_at = $2 where kind = 'start-timer' and type = $1 and status = 'open'`,
    [processId, now],
  );
}

const COLUMNS = `definition_key as "definitionKey", process_id as "processId", element_id as "elementId"`;

export async function listConditionalStarts(
  tx: Tx,
  processId: string | null,
): Promise<readonly (StartSubscription & { readonly expression: string })[]> {
  const { rows } = await tx.query<StartSubscription & { readonly expression: string }>(
    `select ${COLUMNS}, name as expression from start_subscriptions
     where kind = 'condition' and ($1::text is null or process_id = $1) order by definition_key, element_id`,
    [processId],
  );
  return rows;
}

export async function listStartsBySignal(tx: Tx, name: string): Promise<readonly StartSubscription[]> {
  const { rows } = await tx.query<StartSubscription>(
    `select ${COLUMNS} from start_subscriptions where kind = 'signal' and name = $1 order by definition_key, element_id`,
    [name],
  );
  return rows;
}

/**
 * Notes for the message that it starts these processes: those with a start event of this name that have not had the
 * message and, when it carries a correlation key, that have no active instance started by the same key.
 */
export async function reserveStarts(
  tx: Tx,
  messageKey: Key,
  name: string,
  correlationKey: string,
): Promise<readonly StartSubscription[]> {
  const { rows } = await tx.query<StartSubscription>(
    `with chosen as (
       select distinct on (process_id) definition_key, process_id, element_id from start_subscriptions s
       where kind = 'message' and name = $2
         and not exists (select 1 from message_correlations c where c.message_key = $1 and c.process_id = s.process_id)
         and ($3 = '' or not exists (select 1 from process_instances i
           where i.process_id = s.process_id and i.start_correlation = $3 and i.status = 'active'))
         and ($3 = '' or not exists (select 1 from jobs j where j.kind = 'start-by-event' and j.status = 'open'
           and j.type = s.process_id and j.payload ->> 'startCorrelation' = $3))
       order by process_id, element_id),
     noted as (
       insert into message_correlations (message_key, process_id, subscription_key)
       select $1, process_id, 0 from chosen)
     select ${COLUMNS} from chosen`,
    [messageKey, name, correlationKey],
  );
  return rows;
}

export interface BufferedStart {
  readonly messageKey: Key;
  readonly name: string;
}

/** The oldest kept message with this key that could start the process, now that its earlier instance has ended. */
export async function findBufferedStart(
  tx: Tx,
  processId: string,
  correlationKey: string,
  now: Instant,
): Promise<BufferedStart | null> {
  const { rows } = await tx.query<BufferedStart>(
    `select m.key as "messageKey", m.name from messages m
     join start_subscriptions s on s.kind = 'message' and s.name = m.name and s.process_id = $1
     where m.correlation_key = $2 and m.expires_at > $3
       and not exists (select 1 from message_correlations c where c.message_key = m.key and c.process_id = $1)
     order by m.key limit 1`,
    [processId, correlationKey, now],
  );
  return rows[0] ?? null;
}
