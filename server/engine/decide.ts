// decide: (process, state, command, context) → events and the next state, or a refusal. Total and deterministic:
// the same arguments give the same answer, nothing outside is read, and the work of one command is limited.

import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';
import { activateElement } from './behaviors/activate-element.ts';
import { completeElement } from './behaviors/complete-element.ts';
import { completeInstanceIfQuiet } from './behaviors/complete-instance.ts';
import { reject } from './commands/handler.ts';
import { handleCommand } from './commands/index.ts';
import { ELEMENTS } from './elements/index.ts';
import { closeDraft, openDraft, startDraft } from './state/draft.ts';
import type { Draft } from './state/draft.ts';
import type { Step } from './step.ts';
import type { Command, Decide, EngineEvent, InstanceState, Rejection } from './types.ts';

const DEFAULT_STEP_LIMIT = 1_000;

export const decide: Decide = (process, state, command, context) => {
  const beginning = begin(process.processId, state, command);
  if (!beginning.ok) return beginning;
  const step: Step = {
    process,
    definitions: ELEMENTS,
    draft: beginning.value.draft,
    now: context.now,
    nextKey: context.nextKey,
    stepLimit: context.stepLimit ?? DEFAULT_STEP_LIMIT,
    events: [...beginning.value.events],
    agenda: [],
    activations: 0,
  };
  const rejection = handleCommand(step, command);
  if (rejection !== null) return err(rejection);
  runAgenda(step);
  completeInstanceIfQuiet(step);
  return ok({ events: step.events, state: closeDraft(step.draft) });
};

interface Beginning {
  readonly draft: Draft;
  readonly events: readonly EngineEvent[];
}

function begin(processId: string, state: InstanceState | null, command: Command): Result<Beginning, Rejection> {
  if (command.type === 'start-instance') {
    const { instanceKey, parent } = command;
    if (state !== null) {
      return err(reject('INSTANCE_NOT_ACTIVE', `Expected to start instance '${instanceKey}', but it exists already`));
    }
    const started = { type: 'instance-started', instanceKey, processId, parent } as const;
    return ok({ draft: startDraft(started), events: [started] });
  }
  if (state === null) {
    return err(reject('INSTANCE_NOT_ACTIVE', `Expected to ${command.type} in an instance, but there is none`));
  }
  // Commands that name a task, job, timer … of an ended instance are refused because that is not open any more.
  if (state.status !== 'active' && (command.type === 'cancel-instance' || command.type === 'set-variables')) {
    const message = `Expected to ${command.type} in instance '${state.key}', but it is ${state.status}`;
    return err(reject('INSTANCE_NOT_ACTIVE', message));
  }
  return ok({ draft: openDraft(state), events: [] });
}

/** Until every path waits. The agenda only grows at its end, so an index is enough. */
function runAgenda(step: Step): void {
  for (let index = 0; index < step.agenda.length; index += 1) {
    const item = step.agenda[index];
    if (item === undefined) return;
    if (item.kind === 'activate') activateElement(step, item.key);
    else completeElement(step, item.key);
  }
}
