// What every form of a task gets and says. The words go along with the input, because only the form knows
// which of its outcomes was chosen.

import type { DocumentView, TaskAction, TaskInput, TaskView } from '../../../api/contract.ts';

export interface TaskFormProps {
  readonly task: TaskView;
  readonly document: DocumentView | null;
  readonly isBusy: boolean;
  /** Why nothing can be sent now; empty when it can. */
  readonly blockedReason: string;
}

export interface TaskFormEmits {
  submit: [input: TaskInput<TaskAction>, words: string];
  /** The task was completed by a key that is not on the server: nothing is left to send. */
  signed: [words: string];
}

export const MIN_REASON_CHARS = 5;
export const MAX_TEXT_CHARS = 2000;
