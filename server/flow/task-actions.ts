// Which screen a user task asks for: `tram:…` references of the process model. A task without one, or with one that this
// version does not know, is `generic` and needs no code.

import type { UserTask } from '../runtime/index.ts';

export const TASK_ACTIONS = [
  'draft.prepare',
  'draft.review',
  'sign.personal',
  'sign.agency',
  'receive.register',
  'receive.assign',
  'receive.handle',
  'generic',
] as const;
export type TaskAction = (typeof TASK_ACTIONS)[number];

const FORM_PREFIX = 'tram:';

export function actionOf(task: Pick<UserTask, 'formReference'>): TaskAction {
  const name = task.formReference?.startsWith(FORM_PREFIX) ? task.formReference.slice(FORM_PREFIX.length) : null;
  return TASK_ACTIONS.find((action) => action === name && action !== 'generic') ?? 'generic';
}
