// Routes of tasks: list, claim, complete.

import { call, withQuery } from './client.ts';
import type { CompleteAnswer, Items, TaskAction, TaskInput, TaskView } from './contract.ts';

export const listTasks = async (limit: number, signal: AbortSignal): Promise<readonly TaskView[]> =>
  (await call<Items<TaskView>>('GET', withQuery('/api/tasks', { limit }), { signal })).items;

export const getTask = (taskKey: string): Promise<TaskView> => call('GET', `/api/tasks/${encodeURIComponent(taskKey)}`);

export const claimTask = (taskKey: string, idempotencyKey: string): Promise<void> =>
  call('POST', `/api/tasks/${encodeURIComponent(taskKey)}/claim`, { idempotencyKey });

export const completeTask = (
  taskKey: string,
  input: TaskInput<TaskAction>,
  idempotencyKey: string,
): Promise<CompleteAnswer> =>
  call('POST', `/api/tasks/${encodeURIComponent(taskKey)}/complete`, { body: input, idempotencyKey });
