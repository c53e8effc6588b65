// The ad-hoc subprocess holds elements that are activated by name: those of its list when it is entered, others by
// command. It completes when its condition is true, or without one when nothing is active any more
// (behaviors/scopes.ts).

import { err, ok } from '../../../shared/result.ts';
import { extractList } from '../../expressions/extract.ts';
import { feelOf, findExtension, readBoolean, readExpression, readFeel } from '../../model/source.ts';
import type { ExecutableProcess } from '../../types.ts';
import { leftTo, waitingActivity } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const adHocSubProcess: ElementDefinition = {
  ...waitingActivity,
  kind: 'adHocSubProcess',
  bpmnType: 'bpmn:AdHocSubProcess',
  read: (source) => {
    const settings = findExtension(source, 'zeebe:AdHoc');
    const completionCondition = readExpression(source, 'completionCondition');
    return {
      adHoc: {
        activeElements: settings === null ? null : readFeel(settings, 'activeElementsCollection'),
        completionCondition: completionCondition === null ? null : feelOf(completionCondition),
        cancelsRemaining: readBoolean(source, 'cancelRemainingInstances', true),
      },
    };
  },
  activate: ({ element, process, context }) => {
    const expression = element.adHoc?.activeElements ?? null;
    if (expression === null) return ok({ ...leftTo({ kind: 'enter', elementIds: [] }), effects: [] });
    const ids = extractList(expression, context);
    if (!ids.ok) return ids;
    const elementIds = ids.value.filter((id): id is string => typeof id === 'string');
    const wrong = ids.value.find((id) => !isActivatable(process, element.id, id));
    if (wrong === undefined) return ok(leftTo({ kind: 'enter', elementIds }));
    const message = `Expected '${expression}' to list elements of '${element.id}', but ${JSON.stringify(wrong)} is none.`;
    return err({ errorType: 'EXTRACT_VALUE_ERROR', message });
  },
};

/** Elements directly inside that begin something: not a handler, a boundary event or an event subprocess. */
export function isActivatable(process: ExecutableProcess, adHocId: string, id: unknown): boolean {
  const element = typeof id === 'string' && Object.hasOwn(process.elements, id) ? process.elements[id] : undefined;
  if (element === undefined || element.parentId !== adHocId) return false;
  return element.kind !== 'boundaryEvent' && !element.isForCompensation && element.container?.kind !== 'event';
}
