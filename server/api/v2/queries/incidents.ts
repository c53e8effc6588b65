// Incidents of all instances.

import { incidents } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { registerGet, registerSearch } from './entity-routes.ts';

export function registerIncidentQueries(app: App, deps: ApiDeps): void {
  const route = { tag: 'Incident', entity: incidents };
  registerSearch(app, deps, { ...route, path: '/incidents/search', operationId: 'searchIncidents' });
  registerGet(app, deps, {
    ...route,
    path: '/incidents/:incidentKey',
    operationId: 'getIncident',
    parameter: 'incidentKey',
    noun: 'Incident',
  });
}
