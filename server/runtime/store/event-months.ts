// SQL for the partitions of the history, one per month of business time. Everything here waits for its locks for a
// fraction of a second and gives up rather than let steps queue behind it; the next round tries again.

import type { Tx } from '../../shared/transactions.ts';

/** `2026-11`. Made from the clock or from the name of a partition, never from input. */
export type Month = string;

export function nextMonth(month: Month): Month {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

const partitionOf = (month: Month): string => `engine_steps_${month.replace('-', '_')}`;
const PARTITION = /^engine_steps_(\d{4})_(\d{2})$/;

const waitBriefly = (tx: Tx): Promise<unknown> => tx.query(`set local lock_timeout = '200ms'`);

export async function listEventMonths(tx: Tx): Promise<readonly Month[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'engine_steps'::regclass order by c.relname`,
  );
  return rows.flatMap(({ name }) => {
    const [, year = '', month = ''] = PARTITION.exec(name) ?? [];
    return year === '' ? [] : [`${year}-${month}`];
  });
}

/**
 * Attaching does not stop steps: it takes SHARE UPDATE EXCLUSIVE on the history. The default partition is locked whole,
 * but only a step outside all months writes to it; rows of the month that it holds move along.
 */
export async function createEventMonth(tx: Tx, month: Month): Promise<void> {
  const name = partitionOf(month);
  const [from, to] = [`${month}-01 00:00:00+00`, `${nextMonth(month)}-01 00:00:00+00`];
  await waitBriefly(tx);
  await tx.query(`create table ${name} (like engine_steps including defaults including constraints)`);
  await tx.query(`lock table engine_steps_default in access exclusive mode`);
  await tx.query(
    `with moved as (delete from engine_steps_default where at >= $1 and at < $2 returning *)
     insert into ${name} select * from moved`,
    [from, to],
  );
  await tx.query(`alter table engine_steps attach partition ${name} for values from ('${from}') to ('${to}')`);
}

/** Takes the month out of the history and the disk. Steps wait at most as long as the lock is waited for. */
export async function dropEventMonth(tx: Tx, month: Month): Promise<void> {
  await waitBriefly(tx);
  await tx.query(`drop table ${partitionOf(month)}`);
}
