// Rule mapping-targets: names that the model gives to variables are names, so that expressions can read them again.

import { checkElements } from './check.ts';

const PATH = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export const mappingTargets = checkElements('mapping-targets', (element) => {
  const targets = [...element.inputs, ...element.outputs].map((mapping) => mapping.target);
  const names = [
    element.multiInstance?.inputElement,
    element.multiInstance?.outputCollection,
    element.script?.resultVariable,
    element.decision?.resultVariable,
  ];
  const bad = [
    ...targets.filter((target) => !PATH.test(target)),
    ...names.filter((name): name is string => typeof name === 'string' && !NAME.test(name)),
  ];
  return bad.map((name) => `writes to '${name}', which is not the name of a variable`);
});
