// Types of lists, contexts, filters, conditions and loops, and the names that they make visible inside.

import { nameOfNode } from '../compile/names.ts';
import type { SyntaxNode } from '../compile/parse.ts';
import { childrenOf, plainName, sourceOf, spanOf } from '../compile/unit.ts';
import { readString } from '../escapes.ts';
import { ANY, commonType } from '../types.ts';
import type { FeelType } from '../type-model.ts';
import { checkBoolean, checkComparable } from './infer-operators.ts';
import type { Inquiry, TypedScope } from './inquiry.ts';
import { bounded, itemTypeOf } from './samples.ts';

const BRACKETS = new Set(['[', ']', '{', '}', '(', ')']);
const MAX_ITEMS = 500;

export function inferList(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const types = childrenOf(node)
    .filter((child) => !BRACKETS.has(child.name))
    .map((child) => inquiry.infer(child, scope));
  return bounded({ kind: 'list', of: joinTypes(types) });
}

/** `Any` as soon as one of them is not known. */
export const joinTypes = (types: readonly FeelType[]): FeelType =>
  types.length > MAX_ITEMS || types.some((type) => type.kind === 'any') ? ANY : commonType(types);

export function inferContext(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const entries: [string, FeelType][] = [];
  let inner = scope;
  for (const child of childrenOf(node)) {
    const [keyNode, valueNode] = child.name === 'ContextEntry' ? childrenOf(child) : [];
    if (keyNode === undefined) continue;
    const source = sourceOf(inquiry.unit, keyNode);
    const name = source.startsWith('"') ? (readString(source) ?? source.slice(1, -1)) : plainName(source);
    // Only a function sees its own name, and its type is not known while it is read.
    const own: TypedScope = { kind: 'name', name, type: ANY, parent: inner };
    const type = bounded(inquiry.infer(valueNode, valueNode?.name === 'FunctionDefinition' ? own : inner));
    entries.push([name, type]);
    inquiry.locals.push({ name, type, from: child.to, to: node.to });
    inner = { kind: 'name', name, type, parent: inner };
  }
  return bounded({ kind: 'context', members: Object.fromEntries(entries) });
}

export function inferFilter(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const [targetNode, , filterNode] = childrenOf(node);
  const target = inquiry.infer(targetNode, scope);
  const of = target.kind === 'list' ? target.of : target.kind === 'null' ? ANY : target;
  if (filterNode !== undefined) inquiry.locals.push({ name: 'item', type: of, ...spanOf(filterNode) });
  const filter = inquiry.infer(filterNode, { kind: 'item', type: of, parent: scope });
  if (filter.kind === 'number') return of;
  if (filter.kind !== 'any') checkBoolean(inquiry, filterNode, filter);
  // What is not known may be a position or a condition.
  return filter.kind === 'boolean' ? { kind: 'list', of } : ANY;
}

export function inferIf(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const children = childrenOf(node);
  checkBoolean(inquiry, children[1], inquiry.infer(children[1], scope));
  return joinTypes([inquiry.infer(children[3], scope), inquiry.infer(children[5], scope)]);
}

function inferIterators(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): TypedScope | null {
  const [, iterators] = childrenOf(node);
  let inner = scope;
  for (const child of iterators === undefined ? [] : childrenOf(iterators)) {
    const [nameNode, , contextNode] = child.name === 'InExpression' ? childrenOf(child) : [];
    if (nameNode === undefined || contextNode === undefined) continue;
    const [startNode, , endNode] = childrenOf(contextNode);
    const start = inquiry.infer(startNode, inner);
    if (endNode !== undefined) {
      const end = inquiry.infer(endNode, inner);
      checkComparable(inquiry, spanOf(contextNode), { left: start, right: end, isOrder: true });
    }
    const type = endNode === undefined ? itemTypeOf(start) : start;
    const name = nameOfNode(inquiry.unit, nameNode);
    inquiry.locals.push({ name, type, from: child.to, to: node.to });
    inner = { kind: 'name', name, type, parent: inner };
  }
  return inner;
}

export function inferFor(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const partial: TypedScope = { kind: 'name', name: 'partial', type: { kind: 'list', of: ANY }, parent: scope };
  const inner = inferIterators(inquiry, node, partial);
  return bounded({ kind: 'list', of: inquiry.infer(childrenOf(node).at(-1), inner) });
}

export function inferQuantified(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const inner = inferIterators(inquiry, node, scope);
  const condition = childrenOf(node).at(-1);
  checkBoolean(inquiry, condition, inquiry.infer(condition, inner));
  return { kind: 'boolean' };
}
