// Element tree → ExecutableProcess. Compilation is lenient: what is missing becomes null or an empty text, and the
// checks, which look at both sides, say what is wrong. Flows are read from the sequence flows themselves, because
// `bpmn:incoming` and `bpmn:outgoing` are optional and may be stale.

import { findElementDefinition } from '../elements/index.ts';
import type { ElementFacet } from '../elements/element-definition.ts';
import type { ExecutableProcess, FlowElement, Mapping, MultiInstance, SequenceFlow } from '../types.ts';
import {
  feelOf,
  findExtension,
  idOf,
  readBoolean,
  readChild,
  readChildren,
  readExpression,
  readFeel,
  readText,
  valueSourceOf,
} from './source.ts';
import type { SourceElement } from './source.ts';

/** A process of the file beside its compiled form. */
export interface CompiledModel {
  readonly source: SourceElement;
  readonly process: ExecutableProcess;
}

export const compileExecutables = (definitions: SourceElement): readonly CompiledModel[] =>
  readChildren(definitions, 'rootElements')
    .filter((root) => root.$type === 'bpmn:Process' && readBoolean(root, 'isExecutable', false))
    .map((source) => ({ source, process: compileProcess(source) }));

/** Elements of a process that are neither flows nor elements with a row in the table are left out here. */
function compileProcess(source: SourceElement): ExecutableProcess {
  const flowElements = readChildren(source, 'flowElements');
  const flows = flowElements.filter((element) => element.$type === 'bpmn:SequenceFlow').map(compileFlow);
  const connections = connect(flows);
  const elements = flowElements.flatMap((element) => compileElement(element, connections));
  const attached = groupBy(elements, (element) => element.attachedTo);
  const versionTag = findExtension(source, 'zeebe:VersionTag');
  return {
    processId: idOf(source),
    name: readText(source, 'name'),
    versionTag: versionTag === null ? null : readText(versionTag, 'value'),
    elements: Object.fromEntries(
      elements.map((element) => [
        element.id,
        { ...element, boundaryEvents: (attached.get(element.id) ?? []).map((boundary) => boundary.id) },
      ]),
    ),
    flows: Object.fromEntries(flows.map((flow) => [flow.id, flow])),
    startEventId: elements.find((element) => element.kind === 'startEvent')?.id ?? '',
  };
}

function compileFlow(source: SourceElement): SequenceFlow {
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

interface Connections {
  readonly incoming: ReadonlyMap<string | null, readonly SequenceFlow[]>;
  readonly outgoing: ReadonlyMap<string | null, readonly SequenceFlow[]>;
}

const connect = (flows: readonly SequenceFlow[]): Connections => ({
  incoming: groupBy(flows, (flow) => flow.targetId),
  outgoing: groupBy(flows, (flow) => flow.sourceId),
});

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | null): ReadonlyMap<string | null, readonly T[]> {
  const groups = new Map<string | null, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const NO_FACET: Required<ElementFacet> = {
  headers: {},
  job: null,
  userTask: null,
  call: null,
  message: null,
  timer: null,
  attachedTo: null,
  isInterrupting: true,
};

function compileElement(source: SourceElement, { incoming, outgoing }: Connections): readonly FlowElement[] {
  const definition = findElementDefinition(source.$type);
  if (definition === null) return [];
  const id = idOf(source);
  return [
    {
      id,
      kind: definition.kind,
      name: readText(source, 'name'),
      incoming: (incoming.get(id) ?? []).map((flow) => flow.id),
      outgoing: (outgoing.get(id) ?? []).map((flow) => flow.id),
      defaultFlow: referenceOf(source, 'default'),
      inputs: readMappings(source, 'inputParameters'),
      outputs: readMappings(source, 'outputParameters'),
      multiInstance: readMultiInstance(source),
      boundaryEvents: [],
      ...NO_FACET,
      ...definition.read(source),
    },
  ];
}

function readMappings(source: SourceElement, side: 'inputParameters' | 'outputParameters'): readonly Mapping[] {
  const mapping = findExtension(source, 'zeebe:IoMapping');
  if (mapping === null) return [];
  return readChildren(mapping, side).map((parameter) => ({
    source: valueSourceOf(readText(parameter, 'source') ?? ''),
    target: (readText(parameter, 'target') ?? '').trim(),
  }));
}

export const MULTI_INSTANCE = 'bpmn:MultiInstanceLoopCharacteristics';

function readMultiInstance(source: SourceElement): MultiInstance | null {
  const loop = readChild(source, 'loopCharacteristics');
  if (loop === null || loop.$type !== MULTI_INSTANCE) return null;
  const settings = findExtension(loop, 'zeebe:LoopCharacteristics');
  const completionCondition = readExpression(loop, 'completionCondition');
  return {
    isSequential: readBoolean(loop, 'isSequential', false),
    inputCollection: (settings === null ? null : readFeel(settings, 'inputCollection')) ?? '',
    inputElement: settings === null ? null : readText(settings, 'inputElement'),
    outputCollection: settings === null ? null : readText(settings, 'outputCollection'),
    outputElement: settings === null ? null : readFeel(settings, 'outputElement'),
    completionCondition: completionCondition === null ? null : feelOf(completionCondition),
  };
}
