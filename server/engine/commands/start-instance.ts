// Begins the history of an instance: variables at the root, a token at the start event.

import { elementOf } from '../step.ts';
import { enterElement } from '../behaviors/take-flows.ts';
import { setVariables } from '../behaviors/variable-mapping.ts';
import type { Handler } from './handler.ts';

/** The draft exists already: decide.ts has written `instance-started`, the only event that needs no state. */
export const startInstance: Handler<'start-instance'> = (step, command) => {
  setVariables(step, step.draft.key, command.variables);
  enterElement(step, elementOf(step.process, step.process.startEventId), step.draft.key);
  return null;
};
