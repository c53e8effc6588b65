// What is kept of the history and for how long. No state depends on it: an instance whose first month was dropped goes
// on, so keeping less loses hindsight and nothing else. Months are prepared ahead and dropped whole.

import type { EngineEvent } from '../engine/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Transactions } from '../shared/transactions.ts';
import { createEventMonth, dropEventMonth, listEventMonths, type Month, nextMonth } from './store/event-months.ts';

/**
 * `full`: every event. `activity`: what happened to instances, elements, tasks, jobs and incidents, without the path of
 * the tokens and the values of variables. `none`: nothing. Searches (runtime/history) know at `activity` everything but
 * taken flows, variables and conditions that are waited for, and count right; at `none` they know nothing. An installation
 * that changes to or from `none` loses the beginning or the end of what ran then, also in its counts.
 */
export type HistoryLevel = 'none' | 'activity' | 'full';

export interface HistorySettings {
  readonly level: HistoryLevel;
  /** Whole months kept besides the current one; null keeps everything. */
  readonly keepMonths: number | null;
}

const PATH_OF_TOKENS: ReadonlySet<EngineEvent['type']> = new Set([
  'element-activated',
  'element-completing',
  'element-terminating',
  'listeners-done',
  'flow-taken',
  'join-arrived',
  'join-fired',
  'join-reset',
  'tokens-discarded',
  'variables-set',
  'condition-armed',
  'condition-closed',
  'body-advanced',
  'body-item-completed',
  'compensation-recorded',
]);

export function eventsAt(level: HistoryLevel, events: readonly EngineEvent[]): readonly EngineEvent[] {
  if (level === 'full') return events;
  return level === 'none' ? [] : events.filter(({ type }) => !PATH_OF_TOKENS.has(type));
}

export interface MonthDeps {
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly eventHistory?: HistorySettings;
}

/** The current month and this many after it have a partition of their own. */
const MONTHS_AHEAD = 2;

/**
 * One transaction per month, so that a lock that is not to be had now costs one month its turn and not the others.
 * Throws the first failure after all have been tried.
 */
export async function keepEventMonths(
  deps: MonthDeps,
): Promise<{ created: readonly Month[]; dropped: readonly Month[] }> {
  const { transactions } = deps;
  const current = deps.clock.now().slice(0, 7);
  const existing = new Set(await transactions.run(listEventMonths));
  const wanted: Month[] = [current];
  for (let ahead = 0; ahead < MONTHS_AHEAD; ahead += 1) wanted.push(nextMonth(wanted.at(-1) ?? current));
  const missing = wanted.filter((month) => !existing.has(month));
  const keepMonths = deps.eventHistory?.keepMonths ?? null;
  const expired = keepMonths === null ? [] : [...existing].filter((month) => isOlder(month, current, keepMonths));
  const failures: unknown[] = [];
  const attempt = async (work: Promise<void>): Promise<void> => {
    await work.catch((error: unknown) => void failures.push(error));
  };
  for (const month of missing) await attempt(transactions.run((tx) => createEventMonth(tx, month)));
  for (const month of expired) await attempt(transactions.run((tx) => dropEventMonth(tx, month)));
  if (failures.length > 0) throw failures[0];
  return { created: missing, dropped: expired };
}

/** True when `month` lies more than `keepMonths` before `current`. */
function isOlder(month: Month, current: Month, keepMonths: number): boolean {
  const count = (text: Month): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return count(current) - count(month) > keepMonths;
}
