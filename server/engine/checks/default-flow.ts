// Rule default-flow: a default flow leaves the element that names it, and carries no condition.

import { ELEMENTS } from '../elements/index.ts';
import { checkElements } from './check.ts';

export const defaultFlow = checkElements('default-flow', (element, { process }) => {
  if (element.defaultFlow === null) return [];
  if (!ELEMENTS[element.kind].hasConditionalFlows) {
    return ['takes all its flows and can have no default flow in this engine'];
  }
  if (!element.outgoing.includes(element.defaultFlow)) {
    return [`names '${element.defaultFlow}' as its default flow, which does not leave it`];
  }
  const condition = process.flows[element.defaultFlow]?.condition ?? null;
  return condition === null ? [] : [`has a condition on its default flow '${element.defaultFlow}', which nobody reads`];
});
