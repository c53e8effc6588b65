// `zeebe:executionListeners` and `zeebe:taskListeners`: jobs that are done one after another at a moment of an
// element's life.

import type { ExecutionListener, FlowElement, TaskListener } from '../types.ts';
import { findExtension, readChild, readChildren, readText, readValueSource } from './source.ts';
import type { SourceElement } from './source.ts';

export const EXECUTION_MOMENTS = ['start', 'end'] as const;

/** The older names of the same moments. */
const TASK_MOMENTS: Readonly<Record<string, TaskListener['on']>> = {
  creating: 'creating',
  create: 'creating',
  completing: 'completing',
  complete: 'completing',
  canceling: 'canceling',
  cancel: 'canceling',
  assigning: 'assigning',
  assignment: 'assigning',
  updating: 'updating',
  update: 'updating',
};

export function listenersOf(source: SourceElement, type: 'Execution' | 'Task'): readonly SourceElement[] {
  const listeners = findExtension(source, `zeebe:${type}Listeners`);
  return listeners === null ? [] : readChildren(listeners, 'listeners');
}

export const taskMomentOf = (listener: SourceElement): TaskListener['on'] | null =>
  TASK_MOMENTS[readText(listener, 'eventType') ?? ''] ?? null;

export function readListeners(source: SourceElement): Pick<FlowElement, 'startListeners' | 'endListeners'> {
  const at = (moment: string): readonly ExecutionListener[] =>
    listenersOf(source, 'Execution')
      .filter((listener) => readText(listener, 'eventType') === moment)
      .map(readListener);
  return { startListeners: at('start'), endListeners: at('end') };
}

export const readTaskListeners = (source: SourceElement): readonly TaskListener[] =>
  listenersOf(source, 'Task').flatMap((listener) => {
    const on = taskMomentOf(listener);
    return on === null ? [] : [{ ...readListener(listener), on }];
  });

function readListener(listener: SourceElement): ExecutionListener {
  const headers = readChild(listener, 'headers');
  const rows = headers === null ? [] : readChildren(headers, 'values');
  return {
    type: readValueSource(listener, 'type') ?? { kind: 'static', text: '' },
    retries: readValueSource(listener, 'retries') ?? { kind: 'static', text: '3' },
    headers: Object.fromEntries(rows.map((row) => [readText(row, 'key') ?? '', readText(row, 'value') ?? ''])),
  };
}
