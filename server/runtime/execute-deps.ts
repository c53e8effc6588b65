// What every step needs, in a file of its own: several files of the runtime take part in a step.

import type { Clock } from '../shared/clock.ts';
import type { Key } from '../shared/ids.ts';
import type { DefinitionCatalog } from './definitions.ts';
import type { HistoryLevel } from './event-history.ts';
import type { FindCalendar } from './lookups.ts';
import type { KeySource, News } from './ports.ts';

export interface ExecuteDeps {
  readonly clock: Clock;
  readonly keys: KeySource;
  readonly definitions: DefinitionCatalog;
  /** Which events are kept; default: all. */
  readonly historyLevel?: HistoryLevel;
  /** Business calendars of the installation; absent: it has none. */
  readonly findCalendar?: FindCalendar;
  /** Tells the carrier after the commit; best effort. */
  readonly wake: (jobKeys: readonly Key[]) => void;
  /** Called at the named moments; only tests set it. */
  readonly atPoint?: (point: CrashPoint) => void;
  /** Tells those who wait outside, after the commit; best effort. */
  readonly announce?: (news: News) => void;
}

/** Moments at which a test ends the process, to prove that none of them loses or doubles anything. */
export type CrashPoint =
  'batch-decided' | 'batch-written' | 'step-written' | 'committed' | 'job-leased' | 'work-performed' | 'work-recorded';
