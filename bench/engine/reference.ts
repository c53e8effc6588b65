// The reference work of docs/performance.md: start → three user tasks → exclusive gateway → service task → end, with
// about 300 bytes of variables. Callers use what the step before has answered, as a client of the interface would.

import type { Decision } from '../../server/engine/index.ts';
import type { Runtime, TaskActor } from '../../server/runtime/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../../test/support/model-builder.ts';

export const PROCESS_ID = 'reference';
export const actor: TaskActor = { userId: 'an', tenantId: 'bench', groups: [] };
export const STEPS_PER_INSTANCE = 5;

export const referenceXml = model(PROCESS_ID)
  .start()
  .userTask('First', { assignee: 'an' })
  .userTask('Second', { assignee: 'an' })
  .userTask('Third', { assignee: 'an' })
  .exclusive('Choice', { default: 'Choice_end' })
  .serviceTask('Work', { type: 'bench-work' })
  .end()
  .path('start', 'First', 'Second', 'Third', 'Choice')
  .flow('Choice', 'Work', 'approved = true')
  .flow('Choice', 'end')
  .path('Work', 'end')
  .toXml();

export const variables = {
  approved: true,
  subject: 'Báo cáo kết quả thực hiện nhiệm vụ sáu tháng đầu năm của đơn vị mẫu',
  notation: '1234/BC-MAU',
  pages: 12,
  recipients: ['so-mau-a', 'so-mau-b', 'so-mau-c'],
  note: 'Sample text of the length that a short remark of an official usually has in the system, nothing more.',
};

export const startReference = (runtime: Runtime): Promise<Decision> =>
  runtime.alone.start({ processId: PROCESS_ID, tenantId: 'bench', businessKey: 'bench', variables, actorId: 'an' });

export const completeReferenceTask = (runtime: Runtime, taskKey: Key): Promise<Decision> =>
  runtime.alone.completeTask({ actor, taskKey, variables: { done: true } });

export function taskOf({ events }: Decision): Key {
  for (const event of events) if (event.type === 'task-created') return event.taskKey;
  throw new Error('The step opened no task');
}

export function jobOf({ events }: Decision): Key {
  for (const event of events) if (event.type === 'job-created') return event.jobKey;
  throw new Error('The step created no job');
}

/** One instance from its start to its end: five steps. */
export async function runReference(runtime: Runtime): Promise<void> {
  let decision = await startReference(runtime);
  for (let task = 0; task < 3; task += 1) decision = await completeReferenceTask(runtime, taskOf(decision));
  decision = await runtime.alone.completeJob({ jobKey: jobOf(decision), leaseToken: null, variables: {} });
  if (decision.state.status !== 'completed') throw new Error(`The instance is ${decision.state.status}`);
}
