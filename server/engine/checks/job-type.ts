// Rule job-type: a service task says which kind of worker does it.

import { checkProcesses, elementsOf, nameOf } from './check.ts';

export const jobType = checkProcesses('job-type', (model) =>
  elementsOf(model)
    .filter((element) => element.kind === 'serviceTask' && element.job === null)
    .map((element) => ({ elementId: element.id, message: `${nameOf(element)} has no zeebe:taskDefinition type.` })),
);
