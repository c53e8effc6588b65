// Rule mapping-targets: names that the model gives to variables are names, so that expressions can read them again.

import { checkProcesses, elementsOf, nameOf } from './check.ts';

const PATH = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export const mappingTargets = checkProcesses('mapping-targets', (model) =>
  elementsOf(model).flatMap((element) => {
    const targets = [...element.inputs, ...element.outputs].map((mapping) => mapping.target);
    const names = [element.multiInstance?.inputElement, element.multiInstance?.outputCollection];
    const bad = [
      ...targets.filter((target) => !PATH.test(target)),
      ...names.filter((name): name is string => typeof name === 'string' && !NAME.test(name)),
    ];
    return bad.map((name) => ({
      elementId: element.id,
      message: `${nameOf(element)} writes to '${name}', which is not the name of a variable.`,
    }));
  }),
);
