// Life of element instances. Their locals and the tokens that wait inside them die with them.

import { addElement, getElement, putElement, removeElement } from '../draft.ts';
import type { Draft } from '../draft.ts';
import { assertStep } from '../lifecycle.ts';
import type { ElementPhase } from '../../types.ts';
import type { Applier, EventOf } from './applier.ts';

export const applyElementActivating: Applier<'element-activating'> = (draft, event) => {
  assertStep('new', 'activating', event.key);
  addElement(draft, {
    key: event.key,
    elementId: event.elementId,
    scopeKey: event.scopeKey,
    phase: 'activating',
    waits: [],
    boundaries: [],
    body: event.body,
    loopCounter: event.loopCounter,
    incidentKey: null,
    ...(event.compensatesFor === undefined ? {} : { compensatesFor: event.compensatesFor }),
    ...(event.trigger === undefined ? {} : { trigger: event.trigger }),
    ...(event.compensations === undefined ? {} : { compensations: event.compensations }),
    ...(event.opensProcess === undefined ? {} : { opensProcess: event.opensProcess }),
  });
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

/** What started an event subprocess has been handed to its start event. */
export const applyElementActivated: Applier<'element-activated'> = (draft, event) => {
  moveTo(draft, event.key, 'activated');
  const { trigger, opensProcess, ...instance } = getElement(draft, event.key);
  if (trigger !== undefined || opensProcess !== undefined) putElement(draft, instance);
};

export const applyElementCompleting: Applier<'element-completing'> = (draft, event) =>
  moveTo(draft, event.key, 'completing');

export const applyElementTerminating: Applier<'element-terminating'> = (draft, event) =>
  moveTo(draft, event.key, 'terminating');

/** A round that was ended from outside is counted in its body. */
export const applyElementEnded = (draft: Draft, event: EventOf<'element-completed' | 'element-terminated'>): void => {
  const { phase, loopCounter, scopeKey } = getElement(draft, event.key);
  assertStep(phase, 'ended', event.key);
  removeElement(draft, event.key);
  if (event.type === 'element-completed' || loopCounter === null) return;
  const instance = getElement(draft, scopeKey);
  if (instance.body === null) return;
  const body = { ...instance.body, terminated: (instance.body.terminated ?? 0) + 1 };
  putElement(draft, { ...instance, body });
};

export const applyBodyAdvanced: Applier<'body-advanced'> = (draft, event) => {
  putElement(draft, { ...getElement(draft, event.key), body: event.body });
};

/** A standard loop collects nothing: its results stay empty. */
export const applyBodyItemCompleted: Applier<'body-item-completed'> = (draft, event) => {
  const instance = getElement(draft, event.key);
  if (instance.body === null) return;
  const { completed, results } = instance.body;
  const isCollected = event.index < results.length;
  const body = {
    ...instance.body,
    completed: completed + 1,
    results: isCollected ? results.with(event.index, event.result) : results,
  };
  putElement(draft, { ...instance, body });
};

export const applyListenersDone: Applier<'listeners-done'> = (draft, event) => {
  putElement(draft, { ...getElement(draft, event.key), listenersDone: event.on });
};
