// Arithmetic, comparisons and three-valued logic. The pairs that conditions are made of (a number, text or boolean
// against a literal) are decided without a call; everything else goes through comparison.ts and arithmetic.ts.

import { isZero, negated, OPERATIONS } from '../arithmetic.ts';
import type { Operation } from '../arithmetic.ts';
import { compare } from '../comparison.ts';
import type { Span } from '../diagnostics.ts';
import { shown } from '../text.ts';
import type { FeelValue } from '../values.ts';
import { FeelRange } from '../values.ts';
import type { SyntaxNode } from './parse.ts';
import type { Run } from './run.ts';
import type { Eval, Scope, Unit } from './unit.ts';
import { childrenOf, compileChild, constant, NULL, sourceOf, spanOf } from './unit.ts';
import type { Comparator, Comparing } from './comparing.ts';
import { compareValues, isComparator } from './comparing.ts';
import { compileMembership } from './membership.ts';

export function compileArithmetic(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const children = childrenOf(node);
  const [first, second, third] = children;
  if (children.length === 2) return compileSign(unit, node, scope);
  const left = compileChild(unit, first, scope);
  const right = compileChild(unit, third, scope);
  const operator = second === undefined ? '' : sourceOf(unit, second);
  const operation = OPERATIONS[operator];
  const span = spanOf(node);
  if (operation === undefined) return NULL;
  const rest: Rest = { operation, operator, span };
  if (operator === '+') return (run, frame) => plus(run, left(run, frame), { right: right(run, frame), ...rest });
  return (run, frame) => calculate(run, left(run, frame), { right: right(run, frame), ...rest });
}

interface Rest {
  readonly operation: Operation;
  readonly operator: string;
  readonly span: Span;
}

interface RightSide extends Rest {
  readonly right: FeelValue;
}

function plus(run: Run, left: FeelValue, rest: RightSide): FeelValue {
  if (typeof left === 'string' && typeof rest.right === 'string') {
    run.reserve(left.length + rest.right.length);
    return left + rest.right;
  }
  return calculate(run, left, rest);
}

function calculate(run: Run, left: FeelValue, { right, operation, operator, span }: RightSide): FeelValue {
  run.spend(1);
  const result = operation(left, right);
  if (result !== undefined && result !== null) return result;
  if (result === undefined) {
    return run.warnAt(span, 'FEEL_BAD_OPERANDS', { left: shown(left), operator, right: shown(right) });
  }
  return run.warnAt(span, operator === '/' && isZero(right) ? 'FEEL_DIVISION_BY_ZERO' : 'FEEL_OUT_OF_RANGE');
}

function compileSign(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [signNode, operandNode] = childrenOf(node);
  const operand = compileChild(unit, operandNode, scope);
  const span = spanOf(node);
  const sign = signNode === undefined ? '-' : sourceOf(unit, signNode);
  return (run, frame) => {
    const value = operand(run, frame);
    const result = sign === '-' ? negated(value) : value;
    return result === undefined
      ? run.warnAt(span, 'FEEL_BAD_OPERANDS', { left: '', operator: sign, right: shown(value) })
      : result;
  };
}

export function compileComparison(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const children = childrenOf(node);
  const [leftNode, operatorNode, rightNode] = children;
  if (operatorNode?.name === 'in') return compileMembership(unit, node, scope);
  const left = compileChild(unit, leftNode, scope);
  if (operatorNode?.name === 'between') return compileBetween(unit, node, { left, scope });
  const right = compileChild(unit, rightNode, scope);
  const operator = operatorNode === undefined ? '' : sourceOf(unit, operatorNode);
  if (!isComparator(operator)) return NULL;
  const literal = unit.constants.get(right);
  const span = spanOf(node);
  if (literal !== undefined) return compareWithLiteral(left, literal.value, { operator, span });
  return (run, frame) => compareValues(run, left(run, frame), { right: right(run, frame), operator, span });
}

/** Conditions are mostly `name < literal`: one type check and one comparison of JavaScript. */
function compareWithLiteral(left: Eval, literal: FeelValue, comparing: Comparing): Eval {
  const slow = (run: Run, value: FeelValue): FeelValue => compareValues(run, value, { ...comparing, right: literal });
  if (typeof literal === 'number') return compareWithNumber(left, literal, { operator: comparing.operator, slow });
  const { operator } = comparing;
  if (typeof literal !== 'string' && typeof literal !== 'boolean') return (run, frame) => slow(run, left(run, frame));
  const kind = typeof literal;
  if (operator === '=') {
    return (run, frame) => {
      const value = left(run, frame);
      return typeof value === kind ? value === literal : slow(run, value);
    };
  }
  if (operator === '!=') {
    return (run, frame) => {
      const value = left(run, frame);
      return typeof value === kind ? value !== literal : slow(run, value);
    };
  }
  return (run, frame) => slow(run, left(run, frame));
}

interface Specialised {
  readonly operator: Comparator;
  readonly slow: (run: Run, value: FeelValue) => FeelValue;
}

function compareWithNumber(left: Eval, literal: number, { operator, slow }: Specialised): Eval {
  const build =
    (test: (value: number) => boolean): Eval =>
    (run, frame) => {
      const value = left(run, frame);
      return typeof value === 'number' ? test(value) : slow(run, value);
    };
  // Written out: each closure gets a test of its own, which the JavaScript compiler inlines.
  switch (operator) {
    case '=':
      return build((value) => value === literal);
    case '!=':
      return build((value) => value !== literal);
    case '<':
      return build((value) => value < literal);
    case '<=':
      return build((value) => value <= literal);
    case '>':
      return build((value) => value > literal);
    case '>=':
      return build((value) => value >= literal);
  }
}

function compileBetween(
  unit: Unit,
  node: SyntaxNode,
  { left, scope }: { readonly left: Eval; readonly scope: Scope | null },
): Eval {
  const children = childrenOf(node);
  const low = compileChild(unit, children[2], scope);
  const high = compileChild(unit, children[4], scope);
  const span = spanOf(node);
  return (run, frame) => {
    const value = left(run, frame);
    const atLeast = compareValues(run, value, { right: low(run, frame), operator: '>=', span });
    const atMost = compareValues(run, value, { right: high(run, frame), operator: '<=', span });
    return both(atLeast, atMost);
  };
}

/** Three-valued: false decides, otherwise anything but two booleans is null. */
export function both(a: FeelValue, b: FeelValue): boolean | null {
  if (a === false || b === false) return false;
  return a === true && b === true ? true : null;
}

export function compileConjunction(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [leftNode, , rightNode] = childrenOf(node);
  const left = compileChild(unit, leftNode, scope);
  const right = compileChild(unit, rightNode, scope);
  return (run, frame) => {
    const a = left(run, frame);
    if (a === false) return false;
    const b = right(run, frame);
    if (b === false) return false;
    return a === true && b === true ? true : null;
  };
}

export function compileDisjunction(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [leftNode, , rightNode] = childrenOf(node);
  const left = compileChild(unit, leftNode, scope);
  const right = compileChild(unit, rightNode, scope);
  return (run, frame) => {
    const a = left(run, frame);
    if (a === true) return true;
    const b = right(run, frame);
    if (b === true) return true;
    return a === false && b === false ? false : null;
  };
}

/** `> 5` as a value is the range of everything above five. */
export function rangeOfTest(operator: Comparator, end: FeelValue): FeelRange {
  const open = { start: null, end: null, isStartIncluded: false, isEndIncluded: false };
  switch (operator) {
    case '<':
      return new FeelRange({ ...open, end });
    case '<=':
      return new FeelRange({ ...open, end, isEndIncluded: true });
    case '>':
      return new FeelRange({ ...open, start: end });
    case '>=':
      return new FeelRange({ ...open, start: end, isStartIncluded: true });
    case '=':
      return new FeelRange({ start: end, end, isStartIncluded: true, isEndIncluded: true });
    case '!=':
      return new FeelRange({ start: end, end, isStartIncluded: true, isEndIncluded: true, isExcluded: true });
  }
}

/** `> 5`, `[1..3]`: a range as a value. */
export function compileTestValue(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [first, second] = childrenOf(node);
  if (first?.name === 'Interval') return compileInterval(unit, first, scope);
  const operator = first === undefined ? '' : sourceOf(unit, first);
  const end = compileChild(unit, second, scope);
  if (!isComparator(operator)) return NULL;
  const literal = unit.constants.get(end);
  if (literal !== undefined) return constant(unit, rangeOfTest(operator, literal.value));
  return (run, frame) => rangeOfTest(operator, end(run, frame));
}

export function compileInterval(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [open, startNode, , endNode, close] = childrenOf(node);
  const start = compileChild(unit, startNode, scope);
  const end = compileChild(unit, endNode, scope);
  const isStartIncluded = open !== undefined && sourceOf(unit, open) === '[';
  const isEndIncluded = close !== undefined && sourceOf(unit, close) === ']';
  const span = spanOf(node);
  const build = (from: FeelValue, to: FeelValue): FeelRange =>
    new FeelRange({ start: from, end: to, isStartIncluded, isEndIncluded });
  const [low, high] = [unit.constants.get(start), unit.constants.get(end)];
  if (low !== undefined && high !== undefined && isOrdered(low.value, high.value)) {
    return constant(unit, build(low.value, high.value));
  }
  return (run, frame) => {
    const from = start(run, frame);
    const to = end(run, frame);
    if (isOrdered(from, to)) return build(from, to);
    return run.warnAt(span, 'FEEL_NOT_COMPARABLE', { left: shown(from), right: shown(to) });
  };
}

/** The ends are of one ordered kind; an end that is null is open. */
const isOrdered = (from: FeelValue, to: FeelValue): boolean =>
  from === null
    ? to === null || compare(to, to) !== null
    : to === null
      ? compare(from, from) !== null
      : compare(from, to) !== null;
