// Element tree → ExecutableProcess. Compilation is lenient: what is missing becomes null or an empty text, and the
// checks, which look at both sides, say what is wrong. Elements of all subprocesses stand in one table, each with the
// id of its parent. Flows are read from the sequence flows themselves, because `bpmn:incoming` and `bpmn:outgoing` are
// optional and may be stale.

import { findElementDefinition } from '../elements/index.ts';
import type { ElementFacet } from '../elements/element-definition.ts';
import type { Container, ExecutableProcess, FlowElement, SequenceFlow, StartTrigger } from '../types.ts';
import { listenersOf, readListeners } from './read-listeners.ts';
import { readMappings, readMultiInstance, readQuantity, readStandardLoop } from './read-activity.ts';
import { readLanes } from './read-lanes.ts';
import {
  feelOf,
  findExtension,
  idOf,
  readBoolean,
  readChild,
  readChildren,
  readExpression,
  readText,
} from './source.ts';
import type { SourceElement } from './source.ts';

/** A flow element in the file, with the container that it stands in. */
export interface PlacedElement {
  readonly source: SourceElement;
  /** The process or subprocess around it. */
  readonly container: SourceElement;
  readonly parentId: string | null;
}

/** A process of the file beside its compiled form. */
export interface CompiledModel {
  readonly source: SourceElement;
  /** Flow elements of all levels, in document order. */
  readonly placed: readonly PlacedElement[];
  readonly process: ExecutableProcess;
}

export const compileExecutables = (definitions: SourceElement): readonly CompiledModel[] =>
  readChildren(definitions, 'rootElements')
    .filter((root) => root.$type === 'bpmn:Process' && readBoolean(root, 'isExecutable', false))
    .map((source) => {
      const placed = placeElements(source);
      return { source, placed, process: compileProcess(source, placed) };
    });

/** An explicit stack: the file comes from outside and may be nested as deep as it likes. */
function placeElements(process: SourceElement): readonly PlacedElement[] {
  const placed: PlacedElement[] = [];
  const open: PlacedElement[] = [{ source: process, container: process, parentId: null }];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { source: container } = top;
    if (container !== process) placed.push(top);
    const parentId = container === process ? null : idOf(container);
    const inner = readChildren(container, 'flowElements').map((source) => ({ source, container, parentId }));
    open.push(...inner.reverse());
  }
  return placed;
}

/** Elements of a process that are neither flows nor elements with a row in the table are left out here. */
function compileProcess(source: SourceElement, placed: readonly PlacedElement[]): ExecutableProcess {
  const flows = placed.filter((element) => element.source.$type === 'bpmn:SequenceFlow').map(compileFlow);
  const links = linksOf(source, placed, flows);
  const plain = placed.flatMap((element) => compileElement(element, links));
  const neighbours = neighboursOf(plain);
  const elements = plain.map((element) => complete(element, neighbours, links));
  const versionTag = findExtension(source, 'zeebe:VersionTag');
  return {
    processId: idOf(source),
    name: readText(source, 'name'),
    versionTag: versionTag === null ? null : readText(versionTag, 'value'),
    elements: Object.fromEntries(elements.map((element) => [element.id, element])),
    flows: Object.fromEntries(flows.map((flow) => [flow.id, flow])),
    startEventId: elements.find((element) => element.parentId === null && isNoneStart(element))?.id ?? '',
    starts: elements.filter((element) => element.parentId === null).flatMap((element) => startsOf(element, neighbours)),
    eventSubProcesses: eventSubProcessesIn(null, neighbours),
    ...(listenersOf(source, 'Execution').length === 0 ? {} : { listeners: readListeners(source) }),
  };
}

function compileFlow({ source }: PlacedElement): SequenceFlow {
  const condition = readExpression(source, 'conditionExpression');
  return {
    id: idOf(source),
    name: readText(source, 'name'),
    sourceId: referenceOf(source, 'sourceRef') ?? '',
    targetId: referenceOf(source, 'targetRef') ?? '',
    condition: condition === null ? null : feelOf(condition),
  };
}

function referenceOf(source: SourceElement, name: string): string | null {
  const target = readChild(source, name);
  return target === null ? null : idOf(target);
}

type Groups<T> = ReadonlyMap<string | null, readonly T[]>;

/** What is said about an element elsewhere in the file. */
interface Links {
  readonly incoming: Groups<SequenceFlow>;
  readonly outgoing: Groups<SequenceFlow>;
  /** Compensation boundary event → handler. */
  readonly handlers: ReadonlyMap<string, string>;
  readonly lanes: ReadonlyMap<string, NonNullable<FlowElement['lane']>>;
}

function linksOf(process: SourceElement, placed: readonly PlacedElement[], flows: readonly SequenceFlow[]): Links {
  const containers = new Set([process, ...placed.map((element) => element.container)]);
  const associations = [...containers].flatMap((container) => readChildren(container, 'artifacts'));
  const isHandler = (element: SourceElement | null): boolean => element?.get('isForCompensation') === true;
  const handlers = associations.flatMap((association): readonly (readonly [string, string])[] => {
    if (association.$type !== 'bpmn:Association') return [];
    const from = readChild(association, 'sourceRef');
    const to = readChild(association, 'targetRef');
    if (from === null || to === null) return [];
    if (from.$type === 'bpmn:BoundaryEvent' && isHandler(to)) return [[idOf(from), idOf(to)]];
    return to.$type === 'bpmn:BoundaryEvent' && isHandler(from) ? [[idOf(to), idOf(from)]] : [];
  });
  return {
    incoming: groupBy(flows, (flow) => flow.targetId),
    outgoing: groupBy(flows, (flow) => flow.sourceId),
    handlers: new Map(handlers),
    lanes: readLanes([...containers]),
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | null): Groups<T> {
  const groups = new Map<string | null, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const NO_FACET: Required<Omit<ElementFacet, 'jobAssignment'>> = {
  headers: {},
  job: null,
  userTask: null,
  call: null,
  triggers: [],
  isParallelMultiple: false,
  attachedTo: null,
  isInterrupting: true,
  adHoc: null,
  script: null,
  decision: null,
  activationCondition: null,
  isInstantiating: false,
  lateHandling: [],
  taskListeners: [],
  startForm: null,
};

function compileElement({ source, parentId }: PlacedElement, links: Links): readonly FlowElement[] {
  const definition = findElementDefinition(source.$type);
  if (definition === null) return [];
  const id = idOf(source);
  return [
    {
      id,
      kind: definition.kind,
      name: readText(source, 'name'),
      parentId,
      incoming: (links.incoming.get(id) ?? []).map((flow) => flow.id),
      outgoing: (links.outgoing.get(id) ?? []).map((flow) => flow.id),
      defaultFlow: referenceOf(source, 'default'),
      inputs: readMappings(source, 'inputParameters'),
      outputs: readMappings(source, 'outputParameters'),
      multiInstance: readMultiInstance(source),
      standardLoop: readStandardLoop(source),
      startQuantity: readQuantity(source, 'startQuantity'),
      completionQuantity: readQuantity(source, 'completionQuantity'),
      isForCompensation: source.get('isForCompensation') === true,
      handlerId: links.handlers.get(id) ?? null,
      lane: links.lanes.get(id) ?? null,
      container: containerOf(source),
      boundaryEvents: [],
      linkTarget: null,
      ...readListeners(source),
      ...NO_FACET,
      ...definition.read(source),
    },
  ];
}

function containerOf(source: SourceElement): Container | null {
  const empty = { startEventId: null, eventSubProcesses: [] };
  switch (source.$type) {
    case 'bpmn:SubProcess':
      return { ...empty, kind: readBoolean(source, 'triggeredByEvent', false) ? 'event' : 'embedded' };
    case 'bpmn:Transaction':
      return { ...empty, kind: 'transaction' };
    case 'bpmn:AdHocSubProcess':
      return { ...empty, kind: 'adHoc' };
    default:
      return null;
  }
}

/** Indexes over all elements, so that a large file costs no more per element than a small one. */
interface Neighbours {
  readonly byParent: Groups<FlowElement>;
  readonly byHost: Groups<FlowElement>;
  readonly byId: ReadonlyMap<string, FlowElement>;
  readonly byIncoming: ReadonlyMap<string, FlowElement>;
}

const neighboursOf = (elements: readonly FlowElement[]): Neighbours => ({
  byParent: groupBy(elements, (element) => element.parentId),
  byHost: groupBy(elements, (element) => element.attachedTo),
  byId: new Map(elements.map((element) => [element.id, element])),
  byIncoming: new Map(elements.flatMap((element) => element.incoming.map((flowId) => [flowId, element] as const))),
});

/** What an element needs to know of its neighbours. */
function complete(element: FlowElement, neighbours: Neighbours, links: Links): FlowElement {
  const attached = neighbours.byHost.get(element.id) ?? [];
  return {
    ...element,
    lane: element.lane ?? laneOfParents(element, neighbours, links),
    boundaryEvents: attached.map((boundary) => boundary.id),
    linkTarget: linkTargetOf(element, neighbours),
    container: element.container === null ? null : filled(element.id, element.container, neighbours),
  };
}

function filled(id: string, container: Container, neighbours: Neighbours): Container {
  const isStart = container.kind === 'event' ? (element: FlowElement) => element.kind === 'startEvent' : isNoneStart;
  const start = (neighbours.byParent.get(id) ?? []).find(isStart);
  return { ...container, startEventId: start?.id ?? null, eventSubProcesses: eventSubProcessesIn(id, neighbours) };
}

/** Elements of a subprocess belong to the lane that the subprocess stands in. */
function laneOfParents(element: FlowElement, { byId }: Neighbours, links: Links): FlowElement['lane'] {
  const seen = new Set<string>();
  for (let id = element.parentId; id !== null && !seen.has(id); id = byId.get(id)?.parentId ?? null) {
    const lane = links.lanes.get(id);
    if (lane !== undefined) return lane;
    seen.add(id);
  }
  return null;
}

export const linkNameOf = (element: FlowElement): string | null =>
  element.triggers.flatMap((trigger) => (trigger.kind === 'link' ? [trigger.name] : []))[0] ?? null;

function linkTargetOf(element: FlowElement, { byParent }: Neighbours): string | null {
  const name = element.kind === 'intermediateThrowEvent' ? linkNameOf(element) : null;
  if (name === null) return null;
  const isTarget = (candidate: FlowElement): boolean =>
    candidate.kind === 'intermediateCatchEvent' && linkNameOf(candidate) === name;
  return (byParent.get(element.parentId) ?? []).find(isTarget)?.id ?? null;
}

const isNoneStart = (element: FlowElement): boolean => element.kind === 'startEvent' && element.triggers.length === 0;

const eventSubProcessesIn = (parentId: string | null, { byParent }: Neighbours): readonly string[] =>
  (byParent.get(parentId) ?? []).filter((element) => element.container?.kind === 'event').map((element) => element.id);

/** Triggered start events; instantiating receive tasks; the events behind an instantiating event-based gateway. */
function startsOf(element: FlowElement, { byIncoming }: Neighbours): readonly StartTrigger[] {
  if (element.kind === 'startEvent' || (element.kind === 'receiveTask' && element.isInstantiating)) {
    return element.triggers.flatMap((trigger) => startOf(element.id, trigger) ?? []);
  }
  if (element.kind !== 'eventBasedGateway' || !element.isInstantiating) return [];
  const targets = element.outgoing.flatMap((flowId) => byIncoming.get(flowId) ?? []);
  return targets.flatMap((target) => target.triggers.flatMap((trigger) => startOf(target.id, trigger) ?? []));
}

function startOf(elementId: string, trigger: FlowElement['triggers'][number]): StartTrigger | null {
  switch (trigger.kind) {
    case 'message':
    case 'timer':
    case 'signal':
    case 'condition':
      return { ...trigger, elementId };
    default:
      return null;
  }
}
