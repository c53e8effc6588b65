// What may be changed of a user task that exists.

import type { Instant } from '../../shared/time.ts';

export interface TaskCorrections {
  readonly assignee?: string | null;
  readonly candidateGroups?: readonly string[];
  readonly candidateUsers?: readonly string[];
  readonly dueAt?: Instant | null;
  readonly followUpAt?: Instant | null;
  readonly priority?: number;
}
