// What is certain at each step of a flow: signed by a person, numbered, sealed by the agency, sent. "Certain" means on every
// path to it; a return to drafting takes all of it away. The legal order signed → numbered → sealed → sent is read off.

import type { FlowFile, FlowNode, FlowProcess } from './read-flow.ts';
import { calledProcessOf, formRefOf, isInterrupting, jobTypeOf } from './steps.ts';
import { beginningsOf, byParent, nextOf, walk } from './walk.ts';

export type Fact = 'signed' | 'numbered' | 'sealed' | 'sent';
export type Facts = ReadonlySet<Fact>;

/** Before and after each node; a node that no path reaches is absent. */
export interface Certain {
  readonly before: ReadonlyMap<FlowNode, Facts>;
  readonly after: ReadonlyMap<FlowNode, Facts>;
}

const BY_FORM: Readonly<Record<string, Fact>> = { 'sign.personal': 'signed', 'sign.agency': 'sealed' };
const BY_JOB: Readonly<Record<string, Fact>> = {
  'sign.number': 'numbered',
  'dispatch.package': 'sent',
  'dispatch.send': 'sent',
};

/** What the completion of the node makes true. */
export const factOf = (node: FlowNode): Fact | null =>
  BY_FORM[formRefOf(node) ?? ''] ?? BY_JOB[jobTypeOf(node) ?? ''] ?? null;

/** What may stand without a flow into it. */
const STARTERS: ReadonlySet<string> = new Set([
  'bpmn:StartEvent',
  'bpmn:SubProcess',
  'bpmn:ReceiveTask',
  'bpmn:EventBasedGateway',
]);

const NOTHING: Facts = new Set();
const EVERYTHING: Facts = new Set<Fact>(['signed', 'numbered', 'sealed', 'sent']);
const both = (a: Facts, b: Facts): Facts => new Set([...a].filter((fact) => b.has(fact)));
const either = (a: Facts, b: Facts): Facts => new Set([...a, ...b]);
const isSame = (a: Facts, b: Facts | undefined): boolean =>
  b !== undefined && a.size === b.size && [...a].every((fact) => b.has(fact));

/** Several rules ask about the same process. */
const answers = new WeakMap<FlowProcess, Certain>();

export function findCertain(process: FlowProcess, flow: FlowFile): Certain {
  const known = answers.get(process) ?? computeCertain(process, flow);
  answers.set(process, known);
  return known;
}

interface Around {
  readonly flow: FlowFile;
  readonly process: FlowProcess;
  readonly before: Map<FlowNode, Facts>;
  readonly after: Map<FlowNode, Facts>;
  /** Of each subprocess: where its inside begins and ends. */
  readonly begins: ReturnType<typeof byParent>;
  readonly ends: ReturnType<typeof byParent>;
  readonly places: ReadonlyMap<FlowNode, number>;
}

/**
 * The greatest solution: everything is held for certain until a path says otherwise, so facts only fall away. It ends,
 * whatever the loops, and the order of the file does not matter. What depends on a change is looked at again.
 */
function computeCertain(process: FlowProcess, flow: FlowFile): Certain {
  const begins = beginningsOf(process);
  const reached = reachedFrom(begins);
  const around: Around = {
    flow,
    process,
    before: new Map([...reached].map((node) => [node, EVERYTHING])),
    after: new Map([...reached].map((node) => [node, EVERYTHING])),
    begins,
    ends: byParent([...reached].filter((node) => node.outgoing.length === 0)),
    places: new Map(walk(process).map((node, place) => [node, place])),
  };
  const { before, after } = around;
  const open = new Set(reached);
  for (const node of open) {
    open.delete(node);
    const entry = entryOf(node, around);
    const exit = exitOf(node, entry, around);
    if (isSame(entry, before.get(node)) && isSame(exit, after.get(node))) continue;
    before.set(node, entry);
    after.set(node, exit);
    for (const dependent of dependentsOf(node, around)) if (reached.has(dependent)) open.add(dependent);
  }
  return { before, after };
}

/** What nothing leads to is never begun, but for what starts things: events, and event subprocesses at any moment. */
function reachedFrom(begins: Around['begins']): ReadonlySet<FlowNode> {
  const reached = new Set<FlowNode>();
  const open = (begins.get(null) ?? []).filter(({ type }) => STARTERS.has(type));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    open.push(...nextOf(node), ...(begins.get(node.id) ?? []));
  }
  return reached;
}

function dependentsOf(node: FlowNode, { flow, begins }: Around): readonly FlowNode[] {
  const parent = node.parentId === null ? undefined : flow.byId.get(node.parentId);
  return [
    ...nextOf(node),
    ...(begins.get(node.id) ?? []),
    ...(parent === undefined || node.outgoing.length > 0 ? [] : [parent]),
  ];
}

function entryOf(node: FlowNode, { flow, before, after, places }: Around): Facts {
  // A boundary event fires before its activity is done, so nothing of the activity is certain.
  const outer = flow.byId.get(node.attachedTo ?? (node.incoming.length === 0 ? (node.parentId ?? '') : ''));
  if (outer !== undefined) return before.get(outer) ?? NOTHING;
  const arrivals = (isUsed: (source: FlowNode) => boolean): readonly Facts[] =>
    node.incoming.flatMap(({ source }) => (isUsed(source) ? (after.get(source) ?? []) : []));
  const any = arrivals(() => true);
  if (node.type !== 'bpmn:ParallelGateway') return any.length === 0 ? NOTHING : any.reduce(both);
  // A join waits for all; what leads back into it cannot be what it waits for the first time.
  const place = places.get(node) ?? 0;
  const forward = arrivals((source) => (places.get(source) ?? 0) < place);
  return (forward.length === 0 ? any : forward).reduce(either, NOTHING);
}

function exitOf(node: FlowNode, entry: Facts, { flow, process, after, ends }: Around): Facts {
  if (formRefOf(node) === 'draft.prepare') return NOTHING;
  const reached = (ends.get(node.id) ?? []).flatMap((each) => after.get(each) ?? []);
  if (reached.length > 0) return reached.reduce(both);
  const called = flow.processes.find(({ id }) => id === calledProcessOf(node));
  const gained = called === undefined || called.id === process.id ? NOTHING : gainedBy(called, flow);
  const fact = factOf(node);
  return either(entry, fact === null ? gained : either(gained, new Set([fact])));
}

/** What a called process of the same file has certainly done when it is over. */
function gainedBy(called: FlowProcess, flow: FlowFile): Facts {
  if (called.nodes.some((node) => calledProcessOf(node) !== null)) return NOTHING; // calls of calls promise nothing
  const { after } = findCertain(called, flow);
  const ends = called.nodes.filter((node) => node.outgoing.length === 0 && node.parentId === null);
  return ends.map((node) => after.get(node) ?? NOTHING).reduce(both, EVERYTHING);
}

/** Ends of paths beside the main one, such as the end behind a reminder, end no document. */
export function mainEnds(process: FlowProcess): readonly FlowNode[] {
  const seen = new Set<FlowNode>();
  const open = process.nodes.filter(
    (node) => node.parentId === null && node.incoming.length === 0 && node.attachedTo === null,
  );
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...node.outgoing.map((edge) => edge.target), ...node.boundary.filter(isInterrupting));
  }
  return [...seen].filter((node) => node.parentId === null && node.outgoing.length === 0);
}
