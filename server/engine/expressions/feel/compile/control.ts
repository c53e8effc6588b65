// `if`, `for`, `some` and `every`. Loops nest from left to right, so a later list may name an earlier variable; whole
// numbers and dates between two ends can be counted up or down.

import { compare } from '../comparison.ts';
import type { Span } from '../diagnostics.ts';
import { isInteger, toSafeInteger } from '../numbers.ts';
import { plusDuration } from '../temporal/arithmetic.ts';
import { NANOS_PER_DAY } from '../temporal/calendar.ts';
import { DaysTimeDuration, FeelDate, FeelDateTime } from '../temporal/values.ts';
import { shown } from '../text.ts';
import type { FeelList, FeelValue } from '../values.ts';
import { FeelRange, isList, isNumber } from '../values.ts';
import { nameOfNode } from './names.ts';
import type { SyntaxNode } from './parse.ts';
import type { Run } from './run.ts';
import type { Eval, Frame, Scope, Unit } from './unit.ts';
import { childrenOf, compileChild, sourceOf, spanOf } from './unit.ts';

export function compileIf(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const children = childrenOf(node);
  const condition = compileChild(unit, children[1], scope);
  const then = compileChild(unit, children[3], scope);
  const otherwise = compileChild(unit, children[5], scope);
  const span = spanOf(children[1] ?? node);
  return (run, frame) => {
    const value = condition(run, frame);
    if (value === true) return then(run, frame);
    if (value !== false && value !== null) run.warnAt(span, 'FEEL_NOT_BOOLEAN', { value: shown(value) });
    return otherwise(run, frame);
  };
}

interface Iterator {
  /** null when it cannot be iterated over. */
  readonly items: (run: Run, frame: Frame | null) => FeelList | null;
}

interface Loop {
  readonly iterators: readonly Iterator[];
  readonly scope: Scope | null;
}

function compileIterators(unit: Unit, node: SyntaxNode | undefined, scope: Scope | null): Loop {
  const iterators: Iterator[] = [];
  let inner = scope;
  for (const child of node === undefined ? [] : childrenOf(node)) {
    const [nameNode, , contextNode] = child.name === 'InExpression' ? childrenOf(child) : [];
    if (nameNode === undefined || contextNode === undefined) continue;
    iterators.push(compileIterationContext(unit, contextNode, inner));
    inner = { kind: 'name', name: nameOfNode(unit, nameNode), parent: inner };
  }
  return { iterators, scope: inner };
}

function compileIterationContext(unit: Unit, node: SyntaxNode, scope: Scope | null): Iterator {
  const [startNode, , endNode] = childrenOf(node);
  const start = compileChild(unit, startNode, scope);
  const span = spanOf(node);
  if (endNode === undefined) return { items: (run, frame) => itemsOf(run, start(run, frame), span) };
  const end = compileChild(unit, endNode, scope);
  return { items: (run, frame) => countBetween(run, { from: start(run, frame), to: end(run, frame), span }) };
}

function itemsOf(run: Run, value: FeelValue, span: Span): FeelList | null {
  if (value === null) return run.warnAt(span, 'FEEL_NOT_A_LIST', { value: 'null' });
  if (isList(value)) return value;
  if (!(value instanceof FeelRange)) return [value];
  const all = countBetween(run, { from: value.start, to: value.end, span });
  if (all === null) return null;
  const first = value.isStartIncluded ? 0 : 1;
  return all.slice(first, value.isEndIncluded ? undefined : -1);
}

interface Ends {
  readonly from: FeelValue;
  readonly to: FeelValue;
  readonly span: Span;
}

const ONE_DAY = BigInt(NANOS_PER_DAY);

function countBetween(run: Run, { from, to, span }: Ends): FeelList | null {
  if (isNumber(from) && isNumber(to) && isInteger(from) && isInteger(to)) {
    const [first, last] = [toSafeInteger(from), toSafeInteger(to)];
    if (first !== null && last !== null) return countNumbers(run, first, last);
  }
  if (from instanceof FeelDate && to instanceof FeelDate) {
    return countDays(run, from, to);
  }
  if (from instanceof FeelDateTime && to instanceof FeelDateTime && compare(from, to) !== null) {
    return countDays(run, from, to);
  }
  return run.warnAt(span, 'FEEL_NOT_ITERABLE', { start: shown(from), end: shown(to) });
}

function countNumbers(run: Run, first: number, last: number): FeelList {
  const count = Math.abs(last - first) + 1;
  run.reserve(count);
  run.spend(count);
  const step = last < first ? -1 : 1;
  return Array.from({ length: count }, (_, index) => first + index * step);
}

function countDays(run: Run, first: FeelDate | FeelDateTime, last: FeelDate | FeelDateTime): FeelList {
  const days: FeelValue[] = [];
  const isDown = (compare(first, last) ?? 0) > 0;
  const step = new DaysTimeDuration(isDown ? -ONE_DAY : ONE_DAY);
  let at: FeelDate | FeelDateTime | null = first;
  while (at !== null) {
    const order: number = compare(at, last) ?? 0;
    if (isDown ? order < 0 : order > 0) break;
    run.reserve(days.length + 1);
    run.spend(1);
    days.push(at);
    at = plusDuration(at, step);
  }
  return days;
}

/** Visits every combination; `visit` answers false to stop. null when some part was no list. */
function visitAll(
  run: Run,
  frame: Frame | null,
  { iterators, visit }: { readonly iterators: readonly Iterator[]; readonly visit: (frame: Frame | null) => boolean },
): boolean | null {
  const [first, ...rest] = iterators;
  if (first === undefined) return visit(frame);
  const items = first.items(run, frame);
  if (items === null) return null;
  for (const value of items) {
    run.spend(1);
    const goesOn = visitAll(run, { parent: frame, value }, { iterators: rest, visit });
    if (goesOn !== true) return goesOn;
  }
  return true;
}

export function compileFor(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const children = childrenOf(node);
  const outer: Scope = { kind: 'name', name: 'partial', parent: scope };
  const { iterators, scope: inner } = compileIterators(unit, children[1], outer);
  const bodyNode = children.at(-1);
  const body = compileChild(unit, bodyNode, inner);
  const usesPartial = bodyNode !== undefined && /\bpartial\b/.test(sourceOf(unit, bodyNode));
  return (run, frame) => {
    const results: FeelValue[] = [];
    const partial: Frame = { parent: frame, value: results };
    const visit = (at: Frame | null): boolean => {
      run.reserve(results.length + 1);
      // `partial` is the list so far. It is copied, because a result may hold it and results never change.
      if (usesPartial) partial.value = results.slice();
      results.push(body(run, at));
      return true;
    };
    return visitAll(run, partial, { iterators, visit }) === null ? null : results;
  };
}

export function compileQuantified(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const children = childrenOf(node);
  const decisive = children[0]?.name === 'some';
  const { iterators, scope: inner } = compileIterators(unit, children[1], scope);
  const condition = compileChild(unit, children.at(-1), inner);
  return (run, frame) => {
    let result: boolean | null = !decisive;
    const visit = (at: Frame | null): boolean => {
      const value = condition(run, at);
      if (value === decisive) result = decisive;
      else if (typeof value !== 'boolean') result = null;
      return value !== decisive;
    };
    return visitAll(run, frame, { iterators, visit }) === null ? null : result;
  };
}
