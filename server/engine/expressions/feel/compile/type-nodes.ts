// Types in a text (`instance of list<number>`, `function(a: string) …`) → FeelType. Unknown names are diagnostics.

import { ANY, findBuiltInType, isInstanceOf } from '../types.ts';
import type { FeelType } from '../type-model.ts';
import type { SyntaxNode } from './parse.ts';
import type { Eval, Scope, Unit } from './unit.ts';
import { childrenOf, compileChild, plainName, reject, sourceOf } from './unit.ts';

export function compileInstanceOf(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const children = childrenOf(node);
  const value = compileChild(unit, children[0], scope);
  const typeNode = children.at(-1);
  const type = typeNode === undefined ? ANY : compileType(unit, typeNode);
  return (run, frame) => isInstanceOf(value(run, frame), type);
}

export function compileType(unit: Unit, node: SyntaxNode): FeelType {
  const [inner] = node.name === 'Type' || node.name === 'ArgumentType' ? childrenOf(node) : [node];
  if (inner === undefined) return ANY;
  switch (inner.name) {
    case 'Type':
      return compileType(unit, inner);
    case 'ListType': {
      // A range type reaches the grammar as a list type (see parse.ts); the text says which one it is.
      const kind = sourceOf(unit, inner).startsWith('range') ? 'range' : 'list';
      return { kind, of: typesIn(unit, inner)[0] ?? ANY };
    }
    case 'ContextType':
      return contextType(unit, inner);
    case 'FunctionType':
      return functionType(unit, inner);
    default:
      return namedType(unit, inner);
  }
}

const typesIn = (unit: Unit, node: SyntaxNode): readonly FeelType[] =>
  childrenOf(node)
    .filter((child) => child.name === 'Type')
    .map((child) => compileType(unit, child));

function contextType(unit: Unit, node: SyntaxNode): FeelType {
  const entries = childrenOf(node)
    .flatMap((child) => (child.name === 'ContextEntryTypes' ? childrenOf(child) : []))
    .filter((child) => child.name === 'ContextEntryType')
    .map((child): [string, FeelType] => {
      const [nameNode, typeNode] = childrenOf(child);
      const name = nameNode === undefined ? '' : plainName(sourceOf(unit, nameNode));
      return [name, typeNode === undefined ? ANY : compileType(unit, typeNode)];
    });
  return { kind: 'context', members: Object.fromEntries(entries) };
}

function functionType(unit: Unit, node: SyntaxNode): FeelType {
  const parameters = childrenOf(node)
    .flatMap((child) => (child.name === 'ArgumentTypes' ? childrenOf(child) : []))
    .filter((child) => child.name === 'ArgumentType')
    .map((child) => compileType(unit, child));
  return { kind: 'function', parameters, result: typesIn(unit, node).at(-1) ?? ANY };
}

function namedType(unit: Unit, node: SyntaxNode): FeelType {
  const name = plainName(sourceOf(unit, node));
  const own = unit.resolveType(name) ?? findBuiltInType(name);
  if (own !== null) return own;
  reject(unit, node, 'FEEL_UNKNOWN_TYPE', { type: name });
  return ANY;
}
