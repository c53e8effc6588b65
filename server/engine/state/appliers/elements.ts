// Life of element instances. Their locals and the tokens that wait inside them die with them.

import { getElement, putElement } from '../draft.ts';
import type { Draft } from '../draft.ts';
import { assertStep } from '../lifecycle.ts';
import type { ElementPhase } from '../../types.ts';
import type { Applier, EventOf } from './applier.ts';

export const applyElementActivating: Applier<'element-activating'> = (draft, event) => {
  assertStep('new', 'activating', event.key);
  putElement(draft, {
    key: event.key,
    elementId: event.elementId,
    scopeKey: event.scopeKey,
    phase: 'activating',
    waits: [],
    boundaries: [],
    body: event.body,
    loopCounter: event.loopCounter,
    incidentKey: null,
  });
  draft.variables[event.key] = {};
  // An inner instance takes the next item of its body.
  const body = event.loopCounter === null ? null : getElement(draft, event.scopeKey);
  if (body !== null && body.body !== null && event.loopCounter !== null) {
    putElement(draft, { ...body, body: { ...body.body, nextIndex: event.loopCounter } });
  }
};

const moveTo = (draft: Draft, key: string, phase: ElementPhase): void => {
  const instance = getElement(draft, key);
  assertStep(instance.phase, phase, key);
  putElement(draft, { ...instance, phase });
};

export const applyElementActivated: Applier<'element-activated'> = (draft, event) =>
  moveTo(draft, event.key, 'activated');

export const applyElementCompleting: Applier<'element-completing'> = (draft, event) =>
  moveTo(draft, event.key, 'completing');

export const applyElementTerminating: Applier<'element-terminating'> = (draft, event) =>
  moveTo(draft, event.key, 'terminating');

/** Completed and terminated alike. */
export const applyElementEnded = (draft: Draft, event: EventOf<'element-completed' | 'element-terminated'>): void => {
  assertStep(getElement(draft, event.key).phase, 'ended', event.key);
  delete draft.elements[event.key];
  delete draft.variables[event.key];
  for (const join of Object.keys(draft.joins)) {
    if (join.startsWith(`${event.key}/`)) delete draft.joins[join];
  }
};

export const applyBodyAdvanced: Applier<'body-advanced'> = (draft, event) => {
  putElement(draft, { ...getElement(draft, event.key), body: event.body });
};

export const applyBodyItemCompleted: Applier<'body-item-completed'> = (draft, event) => {
  const instance = getElement(draft, event.key);
  if (instance.body === null) return;
  const body = {
    ...instance.body,
    completed: instance.body.completed + 1,
    results: instance.body.results.with(event.index, event.result),
  };
  putElement(draft, { ...instance, body });
};
