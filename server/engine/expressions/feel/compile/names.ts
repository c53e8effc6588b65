// Names and paths. A name is local (a parameter, a loop variable, an earlier entry), a member of the item that a
// filter looks at, a variable of the scope, or a built-in function, in this order. Missing names are null.

import { builtInFunction } from '../functions/index.ts';
import type { Span } from '../diagnostics.ts';
import { propertyOf } from '../properties.ts';
import type { FeelList, FeelValue } from '../values.ts';
import { isContext, isList, memberOf } from '../values.ts';
import type { SyntaxNode } from './parse.ts';
import type { Run } from './run.ts';
import type { Eval, Frame, Scope, Unit } from './unit.ts';
import { childrenOf, compileChild, normaliseName, plainName, sourceOf, spanOf, spellingIn } from './unit.ts';

export const nameOfNode = (unit: Unit, node: SyntaxNode): string => {
  const source = sourceOf(unit, node);
  return source.startsWith('`') ? source.slice(1, -1) : plainName(source);
};

export function compileVariable(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  return compileName(unit, nameOfNode(unit, node), { scope, span: spanOf(node) });
}

interface Place {
  readonly scope: Scope | null;
  readonly span: Span;
}

export function compileName(unit: Unit, name: string, { scope, span }: Place): Eval {
  const key = normaliseName(name);
  const itemDepths: number[] = [];
  let depth = 0;
  for (let at = scope; at !== null; at = at.parent) {
    if (at.kind === 'name' && normaliseName(at.name) === key) {
      return withItems(unit, name, { itemDepths, next: readFrame(depth) });
    }
    if (at.kind === 'item') {
      if (name === 'item') return withItems(unit, name, { itemDepths: [...itemDepths, depth], next: readFrame(depth) });
      itemDepths.push(depth);
    }
    depth += 1;
  }
  const spelled = spellingIn(unit.names, name) ?? name;
  if (builtInFunction(name, unit.dialect) === undefined && !unit.reads.has(spelled)) unit.reads.set(spelled, span);
  const next = compileGlobal(unit, spelled, span);
  return withItems(unit, name, { itemDepths, next });
}

function readFrame(depth: number): Eval {
  if (depth === 0) return (_run, frame) => frame?.value ?? null;
  if (depth === 1) return (_run, frame) => frame?.parent?.value ?? null;
  return (_run, frame) => frameAt(frame, depth)?.value ?? null;
}

export function frameAt(frame: Frame | null, depth: number): Frame | null {
  let at = frame;
  for (let left = depth; left > 0 && at !== null; left -= 1) at = at.parent;
  return at;
}

/** Inside of filters the members of the item come first; which it has is known only when it is looked at. */
function withItems(
  _unit: Unit,
  name: string,
  { itemDepths, next }: { itemDepths: readonly number[]; next: Eval },
): Eval {
  if (itemDepths.length === 0) return next;
  return (run, frame) => {
    for (const depth of itemDepths) {
      const item = frameAt(frame, depth)?.value ?? null;
      const found = item === null || typeof item !== 'object' ? undefined : memberNamed(item, name);
      if (found !== undefined) return found;
    }
    return next(run, frame);
  };
}

/** undefined when the item is no context or has no such member. */
function memberNamed(item: FeelValue, name: string): FeelValue | undefined {
  if (!isContext(item)) return undefined;
  const direct = memberOf(item, name);
  if (direct !== undefined) return direct;
  const spelled = spellingIn(item, name);
  return spelled === undefined ? undefined : memberOf(item, spelled);
}

function compileGlobal(unit: Unit, name: string, span: Span): Eval {
  const builtIn = builtInFunction(name, unit.dialect);
  return (run) => {
    const value = run.scope.find(name);
    if (value !== undefined) return value;
    return builtIn ?? run.warnAt(span, 'FEEL_VARIABLE_NOT_FOUND', { name });
  };
}

export function compilePath(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [targetNode, , nameNode] = childrenOf(node);
  const target = compileChild(unit, targetNode, scope);
  const name = nameNode === undefined ? '' : nameOfNode(unit, nameNode);
  const span = spanOf(nameNode ?? node);
  return (run, frame) => readProperty(run, target(run, frame), { name, span });
}

export interface Property {
  readonly name: string;
  readonly span: Span;
}

export function readProperty(run: Run, value: FeelValue, property: Property): FeelValue {
  if (value !== null && typeof value === 'object') {
    if (isList(value)) return readFromItems(run, value, property);
    const found = isContext(value) ? memberNamed(value, property.name) : propertyOf(value, property.name);
    if (found !== undefined) return found;
  }
  return run.warnAt(property.span, 'FEEL_PROPERTY_NOT_FOUND', { name: property.name });
}

function readFromItems(run: Run, items: FeelList, property: Property): FeelValue {
  run.spend(items.length);
  return items.map((item) => readProperty(run, item, property));
}
