// One-click fixes: from a finding to neutral modelling operations, which the canvas carries out through its command stack
// (so that they can be undone) and `applyOperations` on a file.

import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { tramModdle } from '../engine/index.ts';
import { child, children, isElement, type ModdleElement } from './moddle-element.ts';
import type { FixOperation } from './types.ts';

const WORKING_CALENDAR = 'gio-hanh-chinh';
const DEFAULT_LIMIT = 'P2D';

/** What the fix of a problem does. An id that no rule gave has no operations. */
export function applyFix(fixId: string): readonly FixOperation[] {
  const [ruleId, elementId, detail] = fixId.split('/');
  if (elementId === undefined || detail === undefined) return [];
  switch (ruleId) {
    case 'default-branch':
      return [{ op: 'setDefault', elementId, flowId: detail }];
    case 'deadline-set':
      return [
        {
          op: 'setExtension',
          elementId,
          type: 'tram:DueIn',
          attributes: { duration: DEFAULT_LIMIT, calendar: WORKING_CALENDAR },
        },
      ];
    case 'receive-has-timer':
      return [
        {
          op: 'addBoundaryTimer',
          elementId,
          newId: `${elementId}_Silent`,
          name: 'Quá một ngày',
          duration: 'P1D',
          isInterrupting: false,
        },
        { op: 'addEndEvent', elementId: `${elementId}_Silent`, newId: `${elementId}_SilentEnd`, name: 'Đã nhắc' },
      ];
    case 'no-implicit-end':
      return [{ op: 'addEndEvent', elementId, newId: `${elementId}_End`, name: 'Kết thúc' }];
    case 'no-disconnected':
      return [{ op: 'removeElement', elementId }];
    default:
      return [];
  }
}

/** The operations on a file, without a drawing of what is new. Operations whose element is gone change nothing. */
export async function applyOperations(xml: string, operations: readonly FixOperation[]): Promise<string> {
  const moddle = new BpmnModdle({ zeebe, tram: tramModdle });
  const { rootElement } = await moddle.fromXML(xml);
  for (const operation of operations) {
    const elements = isElement(rootElement) ? indexOf(rootElement) : new Map<string, ModdleElement>();
    carryOut(operation, elements, moddle);
  }
  return (await moddle.toXML(rootElement, { format: true })).xml;
}

function indexOf(definitions: ModdleElement): ReadonlyMap<string, ModdleElement> {
  const found = new Map<string, ModdleElement>();
  const open = [...children(definitions, 'rootElements')];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    if (element.id !== undefined) found.set(element.id, element);
    open.push(...children(element, 'flowElements'));
  }
  return found;
}

type Index = ReadonlyMap<string, ModdleElement>;

function carryOut(operation: FixOperation, elements: Index, moddle: BpmnModdle): void {
  const element = elements.get(
    'elementId' in operation ? operation.elementId : 'flowId' in operation ? operation.flowId : operation.sourceId,
  );
  if (element === undefined) return;
  switch (operation.op) {
    case 'setDefault':
      element.set('default', elements.get(operation.flowId));
      return;
    case 'setName':
      element.set('name', operation.name);
      return;
    case 'setCondition':
      element.set(
        'conditionExpression',
        operation.expression === null ? undefined : formal(operation.expression, moddle),
      );
      return;
    case 'setExtension':
      setExtension(element, operation, moddle);
      return;
    case 'addBoundaryTimer': {
      const duration = formal(operation.duration, moddle);
      const definition = moddle.create('bpmn:TimerEventDefinition', { timeDuration: duration });
      const { newId: id, name, isInterrupting: cancelActivity } = operation;
      addBeside(
        element,
        moddle.create('bpmn:BoundaryEvent', {
          id,
          name,
          cancelActivity,
          attachedToRef: element,
          eventDefinitions: [definition],
        }),
      );
      return;
    }
    case 'addEndEvent': {
      const end = moddle.create('bpmn:EndEvent', { id: operation.newId, name: operation.name });
      addBeside(element, end);
      addBeside(
        element,
        moddle.create('bpmn:SequenceFlow', { id: `${operation.newId}_Flow`, sourceRef: element, targetRef: end }),
      );
      return;
    }
    case 'addFlow': {
      const targetRef = elements.get(operation.targetId);
      if (targetRef === undefined) return;
      addBeside(element, moddle.create('bpmn:SequenceFlow', { id: operation.newId, sourceRef: element, targetRef }));
      return;
    }
    case 'removeElement': {
      const siblings = element.$parent?.get('flowElements');
      if (Array.isArray(siblings)) siblings.splice(siblings.indexOf(element), 1);
      return;
    }
  }
}

const formal = (text: string, moddle: BpmnModdle): unknown => moddle.create('bpmn:FormalExpression', { body: text });

function addBeside(element: ModdleElement, created: unknown): void {
  const siblings = element.$parent?.get('flowElements');
  if (!Array.isArray(siblings) || !isElement(created) || element.$parent === undefined) return;
  created.$parent = element.$parent;
  siblings.push(created);
}

function setExtension(
  element: ModdleElement,
  { type, attributes }: Extract<FixOperation, { readonly op: 'setExtension' }>,
  moddle: BpmnModdle,
): void {
  const created = moddle.create(type, attributes);
  const holder = child(element, 'extensionElements');
  const kept = holder === null ? [] : children(holder, 'values').filter((value) => value.$type !== type);
  element.set('extensionElements', moddle.create('bpmn:ExtensionElements', { values: [...kept, created] }));
}
