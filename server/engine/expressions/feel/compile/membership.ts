// `in` and unary tests: whether a value fulfils a test. A test is a comparison, a range, a list of such, an equal
// value, or an expression over `?` that is true.

import { equals, isInList, isInRange } from '../comparison.ts';
import type { Span } from '../diagnostics.ts';
import { shown } from '../text.ts';
import type { FeelList, FeelValue } from '../values.ts';
import { FeelRange, isList } from '../values.ts';
import { compareValues } from './comparing.ts';
import type { Comparator } from './comparing.ts';
import type { SyntaxNode } from './parse.ts';
import type { Run } from './run.ts';
import type { Eval, Frame, Scope, Unit } from './unit.ts';
import { childrenOf, compileChild, INPUT_NAME, sourceOf, spanOf } from './unit.ts';

/** A test reads the value it is given and may read the frame, in which `?` is that value. */
export type Test = (run: Run, frame: Frame | null, value: FeelValue) => boolean | null;

export function compileMembership(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [valueNode, , ...rest] = childrenOf(node);
  const value = compileChild(unit, valueNode, scope);
  const tests = rest
    .flatMap((child) => (child.name === 'PositiveUnaryTests' ? childrenOf(child) : [child]))
    .filter((child) => child.name === 'PositiveUnaryTest')
    .map((child) => compileTest(unit, child, scope));
  const any = anyOf(tests);
  return (run, frame) => any(run, frame, value(run, frame));
}

/** Three-valued `or`. */
export function anyOf(tests: readonly Test[]): Test {
  const [single] = tests;
  if (tests.length === 1 && single !== undefined) return single;
  return (run, frame, value) => {
    let result: boolean | null = false;
    for (const test of tests) {
      const passed = test(run, frame, value);
      if (passed === true) return true;
      if (passed === null) result = null;
    }
    return result;
  };
}

export function compileTest(unit: Unit, node: SyntaxNode, scope: Scope | null): Test {
  const [inner] = childrenOf(node);
  if (inner === undefined) return () => null;
  if (inner.name === 'SimplePositiveUnaryTest') return compileSimpleTest(unit, inner, scope);
  const inputScope: Scope = { kind: 'name', name: INPUT_NAME, parent: scope };
  const evaluate = unit.compile(inner, inputScope);
  const span = spanOf(inner);
  if (mentionsInput(inner)) {
    return (run, frame, value) => {
      const result = evaluate(run, { parent: frame, value });
      if (result === null || typeof result === 'boolean') return result;
      return fulfils(run, value, { test: result, span });
    };
  }
  const literal = unit.constants.get(evaluate);
  if (literal !== undefined) return (run, _frame, value) => fulfils(run, value, { test: literal.value, span });
  return (run, frame, value) => fulfils(run, value, { test: evaluate(run, { parent: frame, value }), span });
}

function mentionsInput(node: SyntaxNode): boolean {
  let isMentioned = false;
  node.toTree().iterate({
    enter(child) {
      if (child.name === INPUT_NAME) isMentioned = true;
      return !isMentioned;
    },
  });
  return isMentioned;
}

function compileSimpleTest(unit: Unit, node: SyntaxNode, scope: Scope | null): Test {
  const [first, second] = childrenOf(node);
  const span = spanOf(node);
  if (first?.name === 'Interval') {
    const range = unit.compile(node, scope);
    return (run, frame, value) => {
      const bounds = range(run, frame);
      return bounds instanceof FeelRange ? inRange(run, value, { range: bounds, span }) : null;
    };
  }
  const inputScope: Scope = { kind: 'name', name: INPUT_NAME, parent: scope };
  const end = compileChild(unit, second, inputScope);
  // The grammar allows nothing else here.
  const operator = (first === undefined ? '=' : sourceOf(unit, first)) as Comparator;
  return (run, frame, value) => {
    const result = compareValues(run, value, { right: end(run, { parent: frame, value }), operator, span });
    return typeof result === 'boolean' ? result : null;
  };
}

function inRange(run: Run, value: FeelValue, { range, span }: { range: FeelRange; span: Span }): boolean | null {
  const result = isInRange(value, range);
  if (result === null) {
    run.warnAt(span, 'FEEL_NOT_COMPARABLE', { left: shown(value), right: shown(range) });
  }
  return result;
}

/** What a value that is no comparison means as a test. */
export function fulfils(run: Run, value: FeelValue, { test, span }: { test: FeelValue; span: Span }): boolean | null {
  if (test instanceof FeelRange) {
    return value instanceof FeelRange ? equals(value, test) : inRange(run, value, { range: test, span });
  }
  if (isList(test)) return fulfilsList(value, test);
  if (test === true && typeof value !== 'boolean') return true;
  const same = equals(value, test);
  if (same === null) run.warnAt(span, 'FEEL_NOT_COMPARABLE', { left: shown(value), right: shown(test) });
  return same;
}

function fulfilsList(value: FeelValue, test: FeelList): boolean {
  return isInList(value, test) || (isList(value) && equals(value, test) === true);
}
