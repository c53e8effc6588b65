// An element instance has at most one open incident; it names the phase that will be repeated by its own phase.

import { getElement, putElement } from '../draft.ts';
import type { Applier } from './applier.ts';
import { forgetCall } from './waits.ts';

export const applyIncidentRaised: Applier<'incident-raised'> = (draft, event) => {
  if (event.errorType === 'CALLED_ELEMENT_ERROR') forgetCall(draft, event.elementInstanceKey);
  const { incidentKey: key, elementInstanceKey, errorType, jobKey } = event;
  draft.incidents[key] = { key, elementInstanceKey, errorType, jobKey };
  putElement(draft, { ...getElement(draft, elementInstanceKey), incidentKey: key });
};

export const applyIncidentResolved: Applier<'incident-resolved'> = (draft, event) => {
  const incident = draft.incidents[event.incidentKey];
  delete draft.incidents[event.incidentKey];
  if (incident === undefined) return;
  putElement(draft, { ...getElement(draft, incident.elementInstanceKey), incidentKey: null });
};
