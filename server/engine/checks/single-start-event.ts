// Rule single-start-event: a process is entered at exactly one none start event.

import { eventDefinitionsOf } from '../elements/events/catching.ts';
import { idOf, readChildren } from '../model/source.ts';
import { checkProcesses } from './check.ts';

export const singleStartEvent = checkProcesses('single-start-event', (model) => {
  const starts = readChildren(model.source, 'flowElements').filter((element) => element.$type === 'bpmn:StartEvent');
  if (starts.length === 0) {
    return [
      { elementId: model.process.processId, message: `Process '${model.process.processId}' has no start event.` },
    ];
  }
  const noneStarts = starts.filter((start) => eventDefinitionsOf(start).length === 0);
  return noneStarts.slice(1).map((start) => ({
    elementId: idOf(start),
    message: `Process '${model.process.processId}' has more than one none start event: '${idOf(start)}' is too many.`,
  }));
});
