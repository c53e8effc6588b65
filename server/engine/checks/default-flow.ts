// Rule default-flow: a default flow leaves the element that names it, and only elements that choose have one.

import { ELEMENTS } from '../elements/index.ts';
import { checkProcesses, elementsOf, nameOf } from './check.ts';

export const defaultFlow = checkProcesses('default-flow', (model) =>
  elementsOf(model).flatMap((element) => {
    if (element.defaultFlow === null) return [];
    if (!ELEMENTS[element.kind].hasConditionalFlows) {
      const message = `${nameOf(element)} takes all its flows and can have no default flow in this engine.`;
      return [{ elementId: element.id, message }];
    }
    if (element.outgoing.includes(element.defaultFlow)) return [];
    const message = `The default flow '${element.defaultFlow}' does not leave ${nameOf(element)}.`;
    return [{ elementId: element.id, message }];
  }),
);
