// Somebody chooses what is done next in an ad-hoc subprocess.

import { enterElement } from '../behaviors/enter-element.ts';
import { terminateChildren } from '../behaviors/terminate-element.ts';
import { isActivatable } from '../elements/containers/ad-hoc-sub-process.ts';
import { ownValue } from '../expressions/scope.ts';
import { findElement } from '../state/draft.ts';
import { elementOf } from '../step.ts';
import { reject } from './handler.ts';
import type { Handler } from './handler.ts';

export const activateAdHocElements: Handler<'activate-ad-hoc-elements'> = (step, command) => {
  const { elementInstanceKey: key, elementIds, variables = {}, cancelsRemaining = false } = command;
  const scope = findElement(step.draft, key);
  const element = scope === null ? null : elementOf(step.process, scope.elementId);
  if (scope === null || element?.adHoc === undefined || element.adHoc === null || scope.phase !== 'activated') {
    const message = `Expected '${key}' to be an active ad-hoc subprocess, but it is not`;
    return reject('ELEMENT_INSTANCE_NOT_FOUND', message);
  }
  const wrong = elementIds.find((id) => !isActivatable(step.process, element.id, id));
  if (wrong !== undefined || scope.body !== null) {
    const message = `Expected '${wrong ?? key}' to be an element that can begin in '${element.id}', but it is not`;
    return reject('ELEMENT_NOT_FOUND', message);
  }
  if (cancelsRemaining) terminateChildren(step, key);
  for (const id of elementIds) {
    enterElement(step, elementOf(step.process, id), key, { locals: ownValue(variables, id) ?? {} });
  }
  return null;
};
