// Begins the history of an instance: a token at the none start event, at the start event that was triggered, or at
// the elements that the caller names. The first one arms the event subprocesses of the process.

import { enterElement } from '../behaviors/enter-element.ts';
import { setVariables } from '../behaviors/variable-mapping.ts';
import { elementOf } from '../step.ts';
import type { Step } from '../step.ts';
import type { Rejection } from '../types.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';
import { activateAt } from './modify-instance.ts';

/** The draft exists already: decide.ts has written `instance-started`, the only event that needs no state. */
export const startInstance: Handler<'start-instance'> = (step, command) => {
  const { variables, startElementId, activateElementIds = [] } = command;
  if (startElementId !== undefined) return startByEvent(step, startElementId, command);
  setVariables(step, step.draft.key, variables);
  for (const [index, elementId] of activateElementIds.entries()) {
    const rejection = activateAt(step, { elementId }, index === 0);
    if (rejection !== null) return rejection;
  }
  if (activateElementIds.length > 0) return null;
  if (step.process.startEventId === '') {
    return reject('ELEMENT_NOT_FOUND', `Expected a none start event in '${step.process.processId}', but it has none`);
  }
  enterElement(step, elementOf(step.process, step.process.startEventId), step.draft.key, { opensProcess: true });
  return null;
};

/** What the event has brought is its result: output mappings decide where it goes, else it is merged at the root. */
function startByEvent(
  step: Step,
  startEventId: string,
  { variables }: Parameters<Handler<'start-instance'>>[1],
): Rejection | null {
  if (!step.process.starts.some((start) => start.elementId === startEventId)) {
    const message = `Expected '${startEventId}' to start '${step.process.processId}', but it is no start`;
    return reject('ELEMENT_NOT_FOUND', message);
  }
  const trigger = { startEventId, variables };
  enterElement(step, elementOf(step.process, startEventId), step.draft.key, { opensProcess: true, trigger });
  return null;
}
