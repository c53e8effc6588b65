// A small compiler for the expressions that almost every model consists of: names, paths, literals, comparisons,
// `and`, `or`, `not(…)`. feelin parses on every evaluation (about 100 µs); a compiled one costs less than 1 µs.
// Everything outside the subset answers UNSUPPORTED and is left to feelin, which test/engine also uses as the oracle.
// One difference is on purpose: ordering values of different types is null with a warning, not false, so that a
// mistyped condition becomes an incident and never silently takes the default flow.

import { parseExpression } from 'feelin';
import type { Json } from '../types.ts';
import { FUNCTION_NAMES } from './functions.ts';
import { ownValue } from './scope.ts';
import type { Scope } from './scope.ts';

export const UNSUPPORTED = Symbol('outside the compiled subset');

type Value = Json | typeof UNSUPPORTED;
type Scalar = null | boolean | number | string;

export interface Evaluation {
  readonly scope: Scope;
  readonly warnings: string[];
}

export type CompiledExpression = (evaluation: Evaluation) => Value;

/** The node type of the parser, taken from feelin's own signature so that no second package is imported. */
type SyntaxNode = ReturnType<typeof parseExpression>['topNode'];

export function compileExpression(text: string): CompiledExpression | null {
  const tree = parseExpression(text, { ...FUNCTION_NAMES }, 'camunda');
  const root = childrenOf(tree.topNode)[0];
  return root === undefined ? null : compileNode(root, text);
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

function compileNode(node: SyntaxNode, text: string): CompiledExpression | null {
  const source = text.slice(node.from, node.to);
  switch (node.name) {
    case 'null':
      return () => null;
    case 'BooleanLiteral':
      return constant(source === 'true');
    case 'NumericLiteral':
      return /^\d+(\.\d+)?$/.test(source) ? constant(Number(source)) : null;
    case 'StringLiteral':
      return /^"[^"\\]*"$/.test(source) ? constant(source.slice(1, -1)) : null;
    case 'VariableName':
      return compileVariable(source);
    case 'ParenthesizedExpression':
      return compileOnly(childrenOf(node)[1], text);
    case 'PathExpression':
      return compilePath(childrenOf(node), text);
    case 'Comparison':
      return compileComparison(childrenOf(node), text);
    case 'Conjunction':
      return compileLogic(childrenOf(node), text, false);
    case 'Disjunction':
      return compileLogic(childrenOf(node), text, true);
    case 'FunctionInvocation':
      return compileNot(childrenOf(node), text);
    default:
      return null;
  }
}

const compileOnly = (node: SyntaxNode | undefined, text: string): CompiledExpression | null =>
  node === undefined ? null : compileNode(node, text);

const constant =
  (value: Json): CompiledExpression =>
  () =>
    value;

/** Plain names only; a name of a function has its own meaning in feelin. */
const isPlainName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && !Object.hasOwn(FUNCTION_NAMES, name);

function compileVariable(name: string): CompiledExpression | null {
  if (!isPlainName(name)) return null;
  return ({ scope, warnings }) => {
    const value = scope.find(name);
    if (value !== undefined) return value;
    warnings.push(`Variable '${name}' not found`);
    return null;
  };
}

function compilePath(children: readonly SyntaxNode[], text: string): CompiledExpression | null {
  const target = compileOnly(children[0], text);
  const nameNode = children[2];
  if (target === null || nameNode === undefined || nameNode.name !== 'PathName') return null;
  const name = text.slice(nameNode.from, nameNode.to);
  if (!isPlainName(name)) return null;
  return (evaluation) => {
    const value = target(evaluation);
    if (value === UNSUPPORTED || Array.isArray(value)) return UNSUPPORTED;
    if (typeof value === 'object' && value !== null) {
      // Arrays have been left to feelin above; `readonly Json[]` is not narrowed away by Array.isArray.
      const found = ownValue(value as Readonly<Record<string, Json>>, name);
      if (found !== undefined) return found;
    }
    evaluation.warnings.push(`Property '${name}' not found`);
    return null;
  };
}

function compileComparison(children: readonly SyntaxNode[], text: string): CompiledExpression | null {
  const [leftNode, operatorNode, rightNode] = children;
  if (children.length !== 3 || operatorNode?.name !== 'CompareOp') return null;
  const left = compileOnly(leftNode, text);
  const right = compileOnly(rightNode, text);
  const compare = COMPARISONS[text.slice(operatorNode.from, operatorNode.to)];
  if (left === null || right === null || compare === undefined) return null;
  return (evaluation) => {
    const a = left(evaluation);
    const b = right(evaluation);
    return isScalar(a) && isScalar(b) ? compare(a, b, evaluation.warnings) : UNSUPPORTED;
  };
}

const isScalar = (value: Value): value is Scalar =>
  value === null || (typeof value !== 'object' && typeof value !== 'symbol');

type Compare = (a: Scalar, b: Scalar, warnings: string[]) => boolean | null;

function notComparable(a: Scalar, b: Scalar, warnings: string[]): null {
  warnings.push(`Can't compare ${JSON.stringify(a)} with ${JSON.stringify(b)}`);
  return null;
}

const equal: Compare = (a, b, warnings) => {
  if (a === null || b === null) return a === b;
  return typeof a === typeof b ? a === b : notComparable(a, b, warnings);
};

const ordered =
  (test: (a: number | string, b: number | string) => boolean): Compare =>
  (a, b, warnings) => {
    if (typeof a === 'number' && typeof b === 'number') return test(a, b);
    if (typeof a === 'string' && typeof b === 'string') return test(a, b);
    return notComparable(a, b, warnings);
  };

const COMPARISONS: Readonly<Record<string, Compare>> = {
  '=': equal,
  '!=': (a, b, warnings) => {
    const result = equal(a, b, warnings);
    return result === null ? null : !result;
  },
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
};

/** Three-valued: one decisive side wins whatever the other is, otherwise anything but a boolean makes it null. */
function compileLogic(children: readonly SyntaxNode[], text: string, decisive: boolean): CompiledExpression | null {
  const left = compileOnly(children[0], text);
  const right = compileOnly(children[2], text);
  if (children.length !== 3 || left === null || right === null) return null;
  return (evaluation) => {
    const a = left(evaluation);
    const b = right(evaluation);
    if (a === UNSUPPORTED || b === UNSUPPORTED) return UNSUPPORTED;
    if (a === decisive || b === decisive) return decisive;
    return typeof a === 'boolean' && typeof b === 'boolean' ? !decisive : null;
  };
}

function compileNot(children: readonly SyntaxNode[], text: string): CompiledExpression | null {
  const [nameNode, , parameters] = children;
  if (nameNode === undefined || text.slice(nameNode.from, nameNode.to) !== 'not') return null;
  if (parameters?.name !== 'PositionalParameters' || childrenOf(parameters).length !== 1) return null;
  const operand = compileOnly(childrenOf(parameters)[0], text);
  if (operand === null) return null;
  return (evaluation) => {
    const value = operand(evaluation);
    if (value === UNSUPPORTED || evaluation.scope.find('not') !== undefined) return UNSUPPORTED;
    return typeof value === 'boolean' ? !value : null;
  };
}
