// What is certain at each step of a flow: signed by a person, numbered, sealed by the agency, sent. "Certain" means on every
// path to it; a return to drafting takes all of it away. The legal order signed → numbered → sealed → sent is read off.

import type { FlowFile, FlowNode, FlowProcess } from './read-flow.ts';
import { calledProcessOf, formRefOf, isInterrupting, jobTypeOf } from './steps.ts';

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
const both = (a: Facts, b: Facts): Facts => new Set([...a].filter((fact) => b.has(fact)));
const either = (a: Facts, b: Facts): Facts => new Set([...a, ...b]);
const isSame = (a: Facts, b: Facts | undefined): boolean =>
  b !== undefined && a.size === b.size && [...a].every((fact) => b.has(fact));

/** The greatest solution: starts from "not reached", and facts only fall away, so it ends. */
export function findCertain(process: FlowProcess, flow: FlowFile): Certain {
  const before = new Map<FlowNode, Facts>();
  const after = new Map<FlowNode, Facts>();
  let isChanging = true;
  while (isChanging) {
    isChanging = false;
    for (const node of process.nodes) {
      const entry = entryOf(node, { flow, before, after });
      if (entry === null) continue;
      const exit = exitOf(node, entry, { flow, process, after });
      if (isSame(entry, before.get(node)) && isSame(exit, after.get(node))) continue;
      before.set(node, entry);
      after.set(node, exit);
      isChanging = true;
    }
  }
  return { before, after };
}

interface Known {
  readonly flow: FlowFile;
  readonly before: ReadonlyMap<FlowNode, Facts>;
  readonly after: ReadonlyMap<FlowNode, Facts>;
}

function entryOf(node: FlowNode, { flow, before, after }: Known): Facts | null {
  const host = node.attachedTo === null ? undefined : flow.byId.get(node.attachedTo);
  // A boundary event fires before its activity is done, so nothing of the activity is certain.
  if (host !== undefined) return before.get(host) ?? null;
  if (node.incoming.length === 0) {
    const around = node.parentId === null ? undefined : flow.byId.get(node.parentId);
    if (around !== undefined) return before.get(around) ?? null;
    // What nothing leads to is never begun, but for what starts things: events, and event subprocesses at any moment.
    return STARTERS.has(node.type) ? NOTHING : null;
  }
  const arrived = node.incoming.flatMap(({ source }) => after.get(source) ?? []);
  const [first, ...rest] = arrived;
  if (first === undefined) return null;
  return rest.reduce(node.type === 'bpmn:ParallelGateway' ? either : both, first);
}

interface Around {
  readonly flow: FlowFile;
  readonly process: FlowProcess;
  readonly after: ReadonlyMap<FlowNode, Facts>;
}

function exitOf(node: FlowNode, entry: Facts, { flow, process, after }: Around): Facts {
  if (formRefOf(node) === 'draft.prepare') return NOTHING;
  const inner = process.nodes.filter((each) => each.parentId === node.id && each.outgoing.length === 0);
  const ends = inner.flatMap((each) => after.get(each) ?? []);
  if (ends.length > 0) return ends.reduce(both);
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
  return ends
    .map((node) => after.get(node) ?? NOTHING)
    .reduce((a, b) => both(a, b), new Set(['signed', 'numbered', 'sealed', 'sent'] as const));
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
