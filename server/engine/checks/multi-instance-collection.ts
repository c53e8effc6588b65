// Rule multi-instance-collection: a multi-instance activity says over which list it runs, and a collected result
// needs both the list and the element.

import { checkProcesses, elementsOf, nameOf } from './check.ts';

export const multiInstanceCollection = checkProcesses('multi-instance-collection', (model) =>
  elementsOf(model).flatMap((element) => {
    const settings = element.multiInstance;
    if (settings === null) return [];
    const messages: string[] = [];
    if (settings.inputCollection === '') messages.push('has no inputCollection');
    if ((settings.outputCollection === null) !== (settings.outputElement === null)) {
      messages.push('needs both outputCollection and outputElement, or neither');
    }
    return messages.map((message) => ({
      elementId: element.id,
      message: `Multi-instance ${nameOf(element)} ${message}.`,
    }));
  }),
);
