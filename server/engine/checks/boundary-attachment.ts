// Rule boundary-attachment: a boundary event sits on an activity of its process, and on one that can be left by it.

import type { ElementKind } from '../types.ts';
import { checkProcesses, elementsOf, nameOf } from './check.ts';

export const ACTIVITIES: ReadonlySet<ElementKind> = new Set([
  'task',
  'manualTask',
  'userTask',
  'serviceTask',
  'sendTask',
  'scriptTask',
  'businessRuleTask',
  'receiveTask',
  'subProcess',
  'transaction',
  'adHocSubProcess',
  'callActivity',
]);

export const boundaryAttachment = checkProcesses('boundary-attachment', (model) =>
  elementsOf(model).flatMap((element) => {
    if (element.kind !== 'boundaryEvent') return [];
    const host = element.attachedTo === null ? undefined : model.process.elements[element.attachedTo];
    // A host that exists but has no row in the table is the finding of supported-elements.
    if (element.attachedTo !== null && host === undefined) return [];
    const isActivity = host !== undefined && ACTIVITIES.has(host.kind) && host.parentId === element.parentId;
    if (isActivity && host.container?.kind !== 'event') return [];
    return [{ elementId: element.id, message: `${nameOf(element)} is not attached to an activity of its process.` }];
  }),
);
