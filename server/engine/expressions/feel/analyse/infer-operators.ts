// Types of operators. What an operator takes and gives is asked of the evaluator's tables with one value of each kind.

import { negated, OPERATIONS } from '../arithmetic.ts';
import { compare, equals } from '../comparison.ts';
import type { SyntaxNode } from '../compile/parse.ts';
import { childrenOf, sourceOf, spanOf } from '../compile/unit.ts';
import type { Span } from '../diagnostics.ts';
import { ANY, commonType, typeOf, typeText } from '../types.ts';
import type { FeelType } from '../type-model.ts';
import type { Inquiry, TypedScope } from './inquiry.ts';
import { report } from './inquiry.ts';
import { asSingle, sampleOf } from './samples.ts';

export const BOOLEAN: FeelType = { kind: 'boolean' };

/** For people: long types are cut. */
export const shownType = (type: FeelType): string => typeText(type).slice(0, 80);

export function inferArithmetic(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const children = childrenOf(node);
  if (children.length === 2) return inferSign(inquiry, node, scope);
  const [leftNode, operatorNode, rightNode] = children;
  const left = inquiry.infer(leftNode, scope);
  const right = inquiry.infer(rightNode, scope);
  const operator = operatorNode === undefined ? '' : sourceOf(inquiry.unit, operatorNode);
  const operation = OPERATIONS[operator];
  const [a, b] = [sampleOf(left), sampleOf(right)];
  if (operation === undefined || a === undefined || b === undefined) return resultWithUnknown(left, right, operator);
  const result = operation(a, b);
  if (result !== undefined) return result === null ? ANY : typeOf(result);
  const values = { leftType: shownType(left), operator, rightType: shownType(right) };
  return report(inquiry, spanOf(node), { code: 'FEEL_TYPE_OPERANDS', values });
}

/** Only `+` of a text has but one meaning: the other side is a text or the result is null. */
function resultWithUnknown(left: FeelType, right: FeelType, operator: string): FeelType {
  const isText = left.kind === 'string' || right.kind === 'string';
  return isText && operator === '+' ? { kind: 'string' } : ANY;
}

function inferSign(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const [signNode, operandNode] = childrenOf(node);
  const type = inquiry.infer(operandNode, scope);
  const sample = sampleOf(type);
  if (sample === undefined || negated(sample) !== undefined) return type;
  const operator = signNode === undefined ? '-' : sourceOf(inquiry.unit, signNode);
  const values = { leftType: '', operator, rightType: shownType(type) };
  return report(inquiry, spanOf(node), { code: 'FEEL_TYPE_OPERANDS', values });
}

export function inferComparison(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const children = childrenOf(node);
  const [leftNode, operatorNode, rightNode] = children;
  const left = inquiry.infer(leftNode, scope);
  if (operatorNode?.name === 'in') {
    for (const child of children.slice(2)) inferTests(inquiry, child, { scope, input: left });
    return BOOLEAN;
  }
  if (operatorNode?.name === 'between') {
    for (const bound of [children[2], children[4]]) {
      const type = inquiry.infer(bound, scope);
      checkComparable(inquiry, spanOf(bound ?? node), { left, right: type, isOrder: true });
    }
    return BOOLEAN;
  }
  const right = inquiry.infer(rightNode, scope);
  const operator = operatorNode === undefined ? '=' : sourceOf(inquiry.unit, operatorNode);
  checkComparable(inquiry, spanOf(node), { left, right, isOrder: operator !== '=' && operator !== '!=' });
  return BOOLEAN;
}

interface Pair {
  readonly left: FeelType;
  readonly right: FeelType;
  readonly isOrder: boolean;
}

export function checkComparable(inquiry: Inquiry, span: Span, { left, right, isOrder }: Pair): void {
  if (!isOrder && left.kind === 'list' && right.kind === 'list') return;
  const [a, b] = [sampleOf(asSingle(left)), sampleOf(asSingle(right))];
  if (a === undefined || b === undefined) return;
  if ((isOrder ? compare(a, b) : equals(a, b)) !== null) return;
  const values = { leftType: shownType(left), rightType: shownType(right) };
  report(inquiry, span, { code: 'FEEL_TYPE_COMPARISON', values });
}

export interface Tested {
  readonly scope: TypedScope | null;
  readonly input: FeelType;
}

/** The tests of `in`, or of a cell: `?` is the input. */
export function inferTests(inquiry: Inquiry, node: SyntaxNode, { scope, input }: Tested): void {
  if (node.name === 'PositiveUnaryTests') {
    for (const child of childrenOf(node)) inferTests(inquiry, child, { scope, input });
    return;
  }
  if (node.name !== 'PositiveUnaryTest') return;
  const [test] = childrenOf(node);
  if (test === undefined) return;
  const type = inquiry.infer(test, { kind: 'name', name: '?', type: input, parent: scope });
  const isOperator = test.name === 'SimplePositiveUnaryTest';
  // A condition over `?`, a list of tests, a range: each says itself what it is compared with.
  if (type.kind === 'boolean' && !isOperator) return;
  const other = type.kind === 'range' ? type.of : asSingle(type);
  const against = other.kind === 'range' ? other.of : other;
  checkComparable(inquiry, spanOf(test), { left: asSingle(input), right: against, isOrder: false });
}

/** `[1..3]`, `> 5`. */
export function inferRange(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const [first, second, , fourth] = childrenOf(node);
  if (first?.name === 'Interval') return inferRange(inquiry, first, scope);
  if (node.name !== 'Interval') return { kind: 'range', of: inquiry.infer(second, scope) };
  const [start, end] = [inquiry.infer(second, scope), inquiry.infer(fourth, scope)];
  checkComparable(inquiry, spanOf(node), { left: start, right: end, isOrder: true });
  const isUnknown = start.kind === 'any' || end.kind === 'any';
  return { kind: 'range', of: isUnknown ? ANY : commonType([start, end]) };
}

/** `and`, `or`: true, false or null, whatever stands there. */
export function inferLogic(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const [left, , right] = childrenOf(node);
  for (const part of [left, right]) checkBoolean(inquiry, part, inquiry.infer(part, scope));
  return BOOLEAN;
}

export function checkBoolean(inquiry: Inquiry, node: SyntaxNode | undefined, type: FeelType): void {
  if (node === undefined || type.kind === 'any' || type.kind === 'null' || type.kind === 'boolean') return;
  report(inquiry, spanOf(node), { code: 'FEEL_TYPE_BOOLEAN', values: { foundType: shownType(type) } });
}
