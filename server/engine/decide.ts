// decide: (process, state, command, context) → events and the next state, or a refusal. Total and deterministic:
// the same arguments give the same answer, nothing outside is read, and the work of one command is limited.

import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';
import { activateElement } from './behaviors/activate-element.ts';
import { checkChangedConditions, checkCondition } from './behaviors/conditions.ts';
import { completeElement } from './behaviors/complete-element.ts';
import { completeInstanceIfQuiet } from './behaviors/complete-instance.ts';
import { fireReadyJoins } from './behaviors/joins.ts';
import { reject } from './commands/handler.ts';
import { handleCommand } from './commands/index.ts';
import { ELEMENTS } from './elements/index.ts';
import { closeDraft, openDraft, startDraft } from './state/draft.ts';
import type { Draft } from './state/draft.ts';
import type { Step, WorkItem } from './step.ts';
import type { Command, Decide, EngineEvent, InstanceState, Rejection } from './types.ts';

const DEFAULT_STEP_LIMIT = 1_000;
const DEFAULT_CALL_DEPTH_LIMIT = 64;

export const decide: Decide = (process, state, command, context) => {
  const beginning = begin(process.processId, state, command);
  if (!beginning.ok) return beginning;
  const step: Step = {
    process,
    definitions: ELEMENTS,
    draft: beginning.value.draft,
    now: context.now,
    nextKey: context.nextKey,
    findCalendar: context.findCalendar ?? (() => null),
    ...(context.findForm === undefined ? {} : { findForm: context.findForm }),
    stepLimit: context.stepLimit ?? DEFAULT_STEP_LIMIT,
    callDepthLimit: context.callDepthLimit ?? DEFAULT_CALL_DEPTH_LIMIT,
    events: [...beginning.value.events],
    agenda: [],
    activations: new Map(),
    movedIn: new Set(),
    changed: [],
    fulfilledConditions: new Set(),
  };
  const rejection = handleCommand(step, command);
  if (rejection !== null) return err(rejection);
  const going: Step = command.type === 'migrate-instance' ? { ...step, process: command.target } : step;
  if (!step.draft.isSuspended) runAgenda(going);
  completeInstanceIfQuiet(going);
  return ok({ events: step.events, state: closeDraft(step.draft) });
};

const NEEDS_ACTIVE: ReadonlySet<Command['type']> = new Set([
  'cancel-instance',
  'set-variables',
  'modify-instance',
  'migrate-instance',
  'suspend-instance',
  'resume-instance',
]);

/** What lets a suspended instance go no further. */
const POSSIBLE_SUSPENDED: ReadonlySet<Command['type']> = new Set([
  'resume-instance',
  'cancel-instance',
  'set-variables',
  'update-job-retries',
  'migrate-instance',
]);

interface Beginning {
  readonly draft: Draft;
  readonly events: readonly EngineEvent[];
}

function begin(processId: string, state: InstanceState | null, command: Command): Result<Beginning, Rejection> {
  if (command.type === 'start-instance') {
    const { instanceKey, parent, callDepth = 0 } = command;
    if (state !== null) {
      return err(reject('INSTANCE_NOT_ACTIVE', `Expected to start instance '${instanceKey}', but it exists already`));
    }
    const started = {
      type: 'instance-started',
      instanceKey,
      processId,
      parent,
      ...(callDepth === 0 ? {} : { callDepth }),
    } as const;
    return ok({ draft: startDraft(started), events: [started] });
  }
  if (state === null) {
    return err(reject('INSTANCE_NOT_ACTIVE', `Expected to ${command.type} in an instance, but there is none`));
  }
  // Commands that name a task, job, timer … of an ended instance are refused because that is not open any more.
  if (state.status !== 'active' && NEEDS_ACTIVE.has(command.type)) {
    const message = `Expected to ${command.type} in instance '${state.key}', but it is ${state.status}`;
    return err(reject('INSTANCE_NOT_ACTIVE', message));
  }
  if (state.isSuspended === true && !POSSIBLE_SUSPENDED.has(command.type)) {
    const message = `Expected to ${command.type} in instance '${state.key}', but it is suspended`;
    return err(reject('INSTANCE_SUSPENDED', message));
  }
  return ok({ draft: openDraft(state), events: [] });
}

/**
 * Until every path waits. The agenda only grows at its end, so an index is enough. Joins that look at what can still
 * come, and conditions, are looked at when nothing else can move; what they begin is work again.
 */
function runAgenda(step: Step): void {
  for (let index = 0; ; index += 1) {
    while (index >= step.agenda.length) if (!fireReadyJoins(step) && !checkChangedConditions(step)) return;
    const item = step.agenda[index];
    if (item !== undefined) work(step, item);
  }
}

function work(step: Step, item: WorkItem): void {
  switch (item.kind) {
    case 'activate':
      activateElement(step, item.key);
      return;
    case 'complete':
      completeElement(step, item.key);
      return;
    case 'check-condition':
      checkCondition(step, item.key);
  }
}
