// Variables set from outside: exactly in one scope, or propagated from it upwards like the result of an element.

import { propagateVariables, setVariables as setIn } from '../behaviors/variable-mapping.ts';
import { hasScope } from '../state/variables.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const setVariables: Handler<'set-variables'> = (step, { scopeKey, variables, local }) => {
  if (!hasScope(step.draft, scopeKey)) {
    const message = `Expected to set variables of scope '${scopeKey}', but there is no such active scope`;
    return reject('ELEMENT_INSTANCE_NOT_FOUND', message);
  }
  if (local) setIn(step, scopeKey, variables);
  else propagateVariables(step, scopeKey, variables);
  return null;
};
