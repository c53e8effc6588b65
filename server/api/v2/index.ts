// The interface that existing workers, clients and modelers speak: REST under /v2 (docs/api.md). Everything about its
// form (how bodies are read, how errors look, what is refused) is registered here for this branch of the server alone;
// the interface of our own web app under /api is not touched by it. A file of routes is one line in the list below.

import type { ApiDeps, App } from '../types.ts';
import { registerBatchRoutes } from './commands/batches.ts';
import { registerClockRoutes } from './commands/clock.ts';
import { registerClusterRoutes } from './commands/cluster.ts';
import { registerDeploymentRoutes } from './commands/deployments.ts';
import { registerEvaluationRoutes } from './commands/evaluations.ts';
import { registerMeRoute } from './commands/me.ts';
import { registerResourceContent } from './commands/resource-content.ts';
import { registerInstanceRoutes } from './commands/instances.ts';
import { registerJobLimitRoutes } from './commands/job-limits.ts';
import { registerJobRoutes } from './commands/jobs.ts';
import { registerMessageRoutes } from './commands/messages.ts';
import { registerOperationRoutes } from './commands/operations.ts';
import { registerUserTaskRoutes } from './commands/user-tasks.ts';
import { registerProblems } from './error-handler.ts';
import { registerOpenApi, registerOpenApiRoute } from './openapi.ts';
import { registerOlderAnswers } from './older-answers.ts';
import { registerParsing } from './parsing.ts';
import { registerQueries } from './queries/index.ts';
import { registerV2Validation } from './validation.ts';

type RegisterRoutes = (app: App, deps: ApiDeps) => void;

const ROUTES: readonly RegisterRoutes[] = [
  // commands
  registerClusterRoutes,
  registerClockRoutes,
  registerMeRoute,
  registerEvaluationRoutes,
  registerDeploymentRoutes,
  registerResourceContent,
  registerInstanceRoutes,
  registerOperationRoutes,
  registerBatchRoutes,
  registerJobRoutes,
  registerJobLimitRoutes,
  registerUserTaskRoutes,
  registerMessageRoutes,
  // queries
  registerQueries,
];

export async function registerV2(app: App, deps: ApiDeps): Promise<void> {
  await app.register(
    async (v2: App) => {
      registerParsing(v2);
      registerV2Validation(v2);
      registerProblems(v2);
      registerOlderAnswers(v2);
      await registerOpenApi(v2, deps);
      for (const register of ROUTES) register(v2, deps);
      registerOpenApiRoute(v2);
    },
    { prefix: '/v2' },
  );
}
