// Who writes and who reads each variable of a process, from the model alone. A variable is a name in a scope: inputs
// and items are local to their element, results go outwards to the nearest element that has the name, else to the process.

import { analyse, ANY } from '../expressions/feel/index.ts';
import type { FeelType, NameRead } from '../expressions/feel/index.ts';
import type { ExecutableProcess, FlowElement } from '../types.ts';
import type { ExpressionPlace, ExpressionUse } from './expression-places.ts';
import { findExpressionPlaces } from './expression-places.ts';

export interface VariableWrite {
  readonly elementId: string;
  readonly by: 'input' | 'output' | 'script' | 'decision' | 'item' | 'loopCounter' | 'outputCollection';
  /** Below the variable, for a mapping target such as `order.total`. */
  readonly path: readonly string[];
  /** As far as the text alone says. */
  readonly type: FeelType;
}

export interface VariableRead {
  /** The element or sequence flow. */
  readonly elementId: string;
  readonly use: ExpressionUse;
  readonly expression: string;
  readonly from: number;
  readonly to: number;
  readonly path: readonly string[];
  /** false inside of a filter: the name may be a member of the item. */
  readonly isCertain: boolean;
}

export interface VariableUsage {
  readonly name: string;
  /** The element that the variable is local to; null is the process. */
  readonly scopeId: string | null;
  readonly writes: readonly VariableWrite[];
  readonly reads: readonly VariableRead[];
}

/** An element that brings or takes variables which the model does not name. */
export interface OpenElement {
  readonly elementId: string;
  readonly by: 'start' | 'job' | 'task' | 'event' | 'call' | 'decision' | 'listener';
}

export interface ProcessVariables {
  readonly variables: readonly VariableUsage[];
  readonly openWriters: readonly OpenElement[];
  readonly openReaders: readonly OpenElement[];
}

const OPTIONS = { dialect: 'camunda' } as const;

interface LocalWrite extends VariableWrite {
  readonly name: string;
}

export function findProcessVariables(process: ExecutableProcess): ProcessVariables {
  const places = findExpressionPlaces(process);
  const elements = Object.values(process.elements);
  const locals = new Map(elements.map((element) => [element.id, localWrites(element)]));
  const table = new UsageTable();
  for (const element of elements) {
    for (const write of locals.get(element.id) ?? []) table.at(write.name, element.id).writes.push(plain(write));
    for (const write of outwardWrites(element)) {
      const scopeId = scopeOf(write.name, { process, locals, from: element.parentId });
      table.at(write.name, scopeId).writes.push(plain(write));
    }
  }
  for (const place of places) {
    for (const read of analyse(place.expression, OPTIONS).reads) {
      const scopeId = scopeOfRead(read, place, { process, locals });
      table.at(read.name, scopeId).reads.push(readOf(read, place));
    }
  }
  return { variables: table.sorted(), ...findOpenElements(process) };
}

const plain = ({ elementId, by, path, type }: LocalWrite): VariableWrite => ({ elementId, by, path, type });

const readOf = ({ from, to, path, isCertain }: NameRead, { elementId, use, expression }: ExpressionPlace) =>
  ({ elementId, use, expression, from, to, path, isCertain }) satisfies VariableRead;

interface Collected {
  readonly name: string;
  readonly scopeId: string | null;
  readonly writes: VariableWrite[];
  readonly reads: VariableRead[];
}

class UsageTable {
  private readonly rows = new Map<string, Collected>();

  at(name: string, scopeId: string | null): Collected {
    const key = JSON.stringify([name, scopeId]);
    const found = this.rows.get(key) ?? { name, scopeId, writes: [], reads: [] };
    this.rows.set(key, found);
    return found;
  }

  sorted(): readonly VariableUsage[] {
    const order = ({ name, scopeId }: Collected): string => JSON.stringify([name, scopeId ?? '']);
    return [...this.rows.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }
}

const typeOfText = (expression: string): FeelType => analyse(expression, OPTIONS).type;

function mappingWrites(element: FlowElement, by: 'input' | 'output'): readonly LocalWrite[] {
  return (by === 'input' ? element.inputs : element.outputs).map(({ source, target }) => {
    const [name = target, ...path] = target.split('.');
    const type: FeelType = source.kind === 'static' ? { kind: 'string' } : typeOfText(source.expression);
    return { elementId: element.id, name, by, path, type };
  });
}

/** What the script or the decision of an element answers. */
function resultWrites({ id, script, decision }: FlowElement): readonly LocalWrite[] {
  const of = (name: string, by: 'script' | 'decision', type: FeelType): readonly LocalWrite[] =>
    name === '' ? [] : [{ elementId: id, name, by, path: [], type }];
  return [
    ...(script === null ? [] : of(script.resultVariable, 'script', typeOfText(script.expression))),
    ...(decision === null ? [] : of(decision.resultVariable, 'decision', ANY)),
  ];
}

/** In the order in which they are made: items, inputs, and a result that output mappings take over. */
function localWrites(element: FlowElement): readonly LocalWrite[] {
  const { id, multiInstance, standardLoop } = element;
  const item = multiInstance?.inputElement ?? null;
  const isRepeated = multiInstance !== null || standardLoop !== null;
  const collection = typeOfText(multiInstance?.inputCollection ?? 'null');
  return [
    ...(item === null ? [] : [local(id, item, { by: 'item', type: collection.kind === 'list' ? collection.of : ANY })]),
    ...(isRepeated ? [local(id, 'loopCounter', { by: 'loopCounter', type: { kind: 'number' } })] : []),
    ...mappingWrites(element, 'input'),
    ...(element.outputs.length > 0 || multiInstance !== null ? resultWrites(element) : []),
  ];
}

const local = (elementId: string, name: string, rest: Pick<LocalWrite, 'by' | 'type'>): LocalWrite => ({
  elementId,
  name,
  path: [],
  ...rest,
});

/** What goes to the scope around the element. */
function outwardWrites(element: FlowElement): readonly LocalWrite[] {
  const { multiInstance } = element;
  if (multiInstance !== null) {
    const name = multiInstance.outputCollection;
    const of = typeOfText(multiInstance.outputElement ?? 'null');
    return name === null ? [] : [local(element.id, name, { by: 'outputCollection', type: { kind: 'list', of } })];
  }
  return element.outputs.length > 0 ? mappingWrites(element, 'output') : resultWrites(element);
}

interface Scopes {
  readonly process: ExecutableProcess;
  readonly locals: ReadonlyMap<string, readonly LocalWrite[]>;
}

/** The innermost element, from this one upwards, that has the name as its own. */
function scopeOf(name: string, { process, locals, from }: Scopes & { readonly from: string | null }): string | null {
  for (let at = from; at !== null; at = process.elements[at]?.parentId ?? null) {
    if (locals.get(at)?.some((write) => write.name === name) === true) return at;
  }
  return null;
}

function scopeOfRead(read: NameRead, place: ExpressionPlace, scopes: Scopes): string | null {
  const { process, locals } = scopes;
  const element = process.elements[place.elementId];
  if (element === undefined) {
    const source = process.flows[place.elementId]?.sourceId;
    return scopeOf(read.name, { ...scopes, from: process.elements[source ?? '']?.parentId ?? null });
  }
  const visible = visibleLocals(locals.get(element.id) ?? [], place);
  if (visible.some((write) => write.name === read.name)) return element.id;
  return scopeOf(read.name, { ...scopes, from: element.parentId });
}

/** The collection is read before there are items; an input sees the inputs above it. */
function visibleLocals(own: readonly LocalWrite[], { use, target }: ExpressionPlace): readonly LocalWrite[] {
  if (use === 'collection') return [];
  if (use !== 'input') return own;
  const at = own.findIndex((write) => write.by === 'input' && [write.name, ...write.path].join('.') === target);
  return own.slice(0, at);
}

function findOpenElements(process: ExecutableProcess): Pick<ProcessVariables, 'openWriters' | 'openReaders'> {
  const openWriters: OpenElement[] = [];
  const openReaders: OpenElement[] = [];
  for (const element of Object.values(process.elements)) {
    const { id: elementId } = element;
    for (const by of openWritesOf(element)) openWriters.push({ elementId, by });
    if (element.decision !== null) openReaders.push({ elementId, by: 'decision' });
    if (element.call?.propagateAllParentVariables === true) openReaders.push({ elementId, by: 'call' });
    if (element.job !== null) openReaders.push({ elementId, by: 'job' });
  }
  return { openWriters, openReaders };
}

function openWritesOf(element: FlowElement): readonly OpenElement['by'][] {
  const isCatching = element.triggers.some(({ kind }) => ['message', 'signal', 'error', 'escalation'].includes(kind));
  const isThrowing = element.kind === 'endEvent' || element.kind === 'intermediateThrowEvent';
  const listeners = element.startListeners.length + element.endListeners.length;
  const found: readonly (readonly [OpenElement['by'], boolean])[] = [
    ['start', element.kind === 'startEvent' && element.parentId === null],
    ['event', isCatching && !isThrowing],
    ['job', element.job !== null],
    ['task', element.userTask !== null && element.job === null],
    ['call', element.call?.propagateAllChildVariables === true],
    ['listener', listeners > 0],
  ];
  // With output mappings only what they name leaves the element.
  return element.outputs.length > 0 ? [] : found.flatMap(([by, is]) => (is ? [by] : []));
}
