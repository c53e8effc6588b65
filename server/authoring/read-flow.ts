// A BPMN file as people draw it → a graph that rules, words and comparisons read. Unlike the engine's compiler it takes
// unfinished models; what the engine refuses is said by the engine's own checks.

import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { tramModdle } from '../engine/index.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { attribute, body, children, flag, isElement, type ModdleElement } from './moddle-element.ts';

export interface FlowNode {
  readonly id: string;
  /** `bpmn:UserTask`. */
  readonly type: string;
  readonly name: string | null;
  readonly element: ModdleElement;
  /** The subprocess around it, or null. */
  readonly parentId: string | null;
  readonly processId: string;
  readonly outgoing: FlowEdge[];
  readonly incoming: FlowEdge[];
  /** Boundary events sitting on it. */
  readonly boundary: FlowNode[];
  readonly attachedTo: string | null;
}

export interface FlowEdge {
  readonly id: string;
  readonly name: string | null;
  readonly source: FlowNode;
  readonly target: FlowNode;
  /** FEEL without the leading `=`. */
  readonly condition: string | null;
  readonly isDefault: boolean;
}

export interface FlowProcess {
  readonly id: string;
  readonly name: string | null;
  readonly isExecutable: boolean;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

export interface FlowFile {
  readonly definitions: ModdleElement;
  readonly processes: readonly FlowProcess[];
  readonly byId: ReadonlyMap<string, FlowNode>;
}

/** A canvas with more than this is no flow that anybody reads; checking stays within bounds. */
const MAX_ELEMENTS = 5_000;
const MAX_DEPTH = 50;
const MAX_CHARACTERS = 10_000_000;

export type ReadRefusal =
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'too-large'; readonly count: number }
  | { readonly kind: 'too-deep'; readonly most: number };

export const createModdle = (): BpmnModdle => new BpmnModdle({ zeebe, tram: tramModdle });

export async function readFlow(xml: string): Promise<Result<FlowFile, ReadRefusal>> {
  if (xml.length > MAX_CHARACTERS) return err({ kind: 'unreadable', detail: `> ${MAX_CHARACTERS} characters` });
  let root: unknown;
  try {
    root = (await createModdle().fromXML(xml)).rootElement;
  } catch (error) {
    // Text that is not BPMN comes from a person, so this is an answer and no fault.
    return err({
      kind: 'unreadable',
      detail: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    });
  }
  if (!isElement(root)) return err({ kind: 'unreadable', detail: 'bpmn:definitions' });
  const processes = children(root, 'rootElements').filter((element) => element.$type === 'bpmn:Process');
  const { count, depth } = measure(processes);
  if (count > MAX_ELEMENTS) return err({ kind: 'too-large', count });
  if (depth > MAX_DEPTH) return err({ kind: 'too-deep', most: MAX_DEPTH });
  const read = processes.map(readProcess);
  return ok({
    definitions: root,
    processes: read,
    byId: new Map(read.flatMap((process) => process.nodes.map((node) => [node.id, node]))),
  });
}

/** Level by level, because what reads a flow afterwards may call itself once per level and this may not. */
function measure(processes: readonly ModdleElement[]): { readonly count: number; readonly depth: number } {
  let [count, depth] = [0, 0];
  for (let level = processes; level.length > 0; depth += 1) {
    level = level.flatMap((scope) => children(scope, 'flowElements'));
    count += level.length;
  }
  return { count, depth };
}

function readProcess(process: ModdleElement): FlowProcess {
  const processId = process.id ?? '';
  const nodes = new Map<string, FlowNode>();
  const flows: ModdleElement[] = [];
  collect(process, { processId, parentId: null }, nodes, flows);
  for (const node of nodes.values()) {
    if (node.attachedTo !== null) nodes.get(node.attachedTo)?.boundary.push(node);
  }
  const edges = flows.flatMap((flow) => connect(flow, nodes));
  return {
    id: processId,
    name: process.name ?? null,
    isExecutable: flag(process, 'isExecutable'),
    nodes: [...nodes.values()],
    edges,
  };
}

interface Place {
  readonly processId: string;
  readonly parentId: string | null;
}

function collect(scope: ModdleElement, place: Place, nodes: Map<string, FlowNode>, flows: ModdleElement[]): void {
  for (const element of children(scope, 'flowElements')) {
    const { id } = element;
    if (element.$type === 'bpmn:SequenceFlow') flows.push(element);
    if (id === undefined || !isNode(element)) continue;
    const attached = element.get('attachedToRef');
    nodes.set(id, {
      ...place,
      id,
      type: element.$type,
      name: attribute(element, 'name'),
      element,
      outgoing: [],
      incoming: [],
      boundary: [],
      attachedTo: isElement(attached) ? (attached.id ?? null) : null,
    });
    collect(element, { ...place, parentId: id }, nodes, flows);
  }
}

const isNode = (element: ModdleElement): boolean =>
  !['bpmn:SequenceFlow', 'bpmn:DataObject', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference'].includes(
    element.$type,
  );

function connect(flow: ModdleElement, nodes: ReadonlyMap<string, FlowNode>): readonly FlowEdge[] {
  const source = nodes.get(idOf(flow.get('sourceRef')));
  const target = nodes.get(idOf(flow.get('targetRef')));
  if (source === undefined || target === undefined || flow.id === undefined) return [];
  // Hand-written files leave these lists out, and the rules of bpmnlint read them.
  addReference(source.element, 'outgoing', flow);
  addReference(target.element, 'incoming', flow);
  const edge: FlowEdge = {
    id: flow.id,
    name: attribute(flow, 'name'),
    source,
    target,
    condition: body(flow, 'conditionExpression')?.replace(/^=\s*/, '') ?? null,
    isDefault: source.element.get('default') === flow,
  };
  source.outgoing.push(edge);
  target.incoming.push(edge);
  return [edge];
}

const idOf = (value: unknown): string => (isElement(value) ? (value.id ?? '') : '');

function addReference(element: ModdleElement, side: string, flow: ModdleElement): void {
  const known = element.get(side);
  if (Array.isArray(known) && !known.includes(flow)) known.push(flow);
}
