// All routes of /v2 that read.

import type { ApiDeps, App } from '../../types.ts';
import { registerDecisionQueries } from './decisions.ts';
import { registerElementQueries } from './elements.ts';
import { registerIncidentQueries } from './incidents.ts';
import { registerInstanceQueries } from './instances.ts';
import { registerDefinitionQueries } from './definitions.ts';
import { registerOperationQueries } from './operations.ts';
import { registerResourceQueries } from './resources.ts';
import { registerStatistics } from './statistics.ts';
import { registerVariableQueries } from './variables.ts';
import { registerWorkQueries } from './work.ts';

export function registerQueries(app: App, deps: ApiDeps): void {
  registerDefinitionQueries(app, deps);
  registerInstanceQueries(app, deps);
  registerElementQueries(app, deps);
  registerVariableQueries(app, deps);
  registerIncidentQueries(app, deps);
  registerWorkQueries(app, deps);
  registerDecisionQueries(app, deps);
  registerStatistics(app, deps);
  registerOperationQueries(app, deps);
  registerResourceQueries(app, deps);
}
