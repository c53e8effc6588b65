// Rule called-process: a call activity says which process it calls. Whether that process exists is known only at
// run time, because it may be deployed later.

import { checkProcesses, elementsOf, nameOf } from './check.ts';

export const calledProcess = checkProcesses('called-process', (model) =>
  elementsOf(model)
    .filter((element) => element.kind === 'callActivity' && element.call === null)
    .map((element) => ({ elementId: element.id, message: `${nameOf(element)} has no zeebe:calledElement processId.` })),
);
