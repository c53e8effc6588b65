// Lists, contexts and filters. Entries of a context see the ones before them; a filter looks at each item with its
// members as names, or picks one item by its position.

import { toSafeInteger } from '../numbers.ts';
import type { Span } from '../diagnostics.ts';
import { shown } from '../text.ts';
import type { FeelList, FeelValue } from '../values.ts';
import { isList, isNumber } from '../values.ts';
import { readString } from '../escapes.ts';
import type { SyntaxNode } from './parse.ts';
import type { Run } from './run.ts';
import type { Eval, Frame, Scope, Unit } from './unit.ts';
import { childrenOf, compileChild, constant, plainName, sourceOf, spanOf } from './unit.ts';

const BRACKETS = new Set(['[', ']', '{', '}', '(', ')']);

export function compileList(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const items = childrenOf(node)
    .filter((child) => !BRACKETS.has(child.name))
    .map((child) => unit.compile(child, scope));
  const literals = items.map((item) => unit.constants.get(item));
  if (literals.every((literal) => literal !== undefined)) {
    return constant(
      unit,
      literals.map((literal) => literal.value),
    );
  }
  return (run, frame) => {
    run.spend(items.length);
    return items.map((item) => item(run, frame));
  };
}

interface Entry {
  readonly key: string;
  readonly evaluate: Eval;
  /** A function may call itself by the name of its entry; any other value must not see its own name. */
  readonly seesItself: boolean;
}

export function compileContext(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const entries: Entry[] = [];
  let inner = scope;
  let duplicate: { readonly key: string; readonly span: Span } | null = null;
  for (const child of childrenOf(node)) {
    const [keyNode, valueNode] = child.name === 'ContextEntry' ? childrenOf(child) : [];
    if (keyNode === undefined) continue;
    const key = keyOf(unit, keyNode);
    if (entries.some((entry) => entry.key === key)) duplicate = { key, span: spanOf(keyNode) };
    const withKey: Scope = { kind: 'name', name: key, parent: inner };
    const seesItself = valueNode?.name === 'FunctionDefinition';
    entries.push({ key, seesItself, evaluate: compileChild(unit, valueNode, seesItself ? withKey : inner) });
    inner = withKey;
  }
  if (duplicate !== null) {
    const { key, span } = duplicate;
    return (run) => run.warnAt(span, 'FEEL_DUPLICATE_KEY', { name: key });
  }
  return (run, frame) => buildContext(run, frame, entries);
}

function keyOf(unit: Unit, node: SyntaxNode): string {
  const source = sourceOf(unit, node);
  return source.startsWith('"') ? (readString(source) ?? source.slice(1, -1)) : plainName(source);
}

function buildContext(run: Run, frame: Frame | null, entries: readonly Entry[]): FeelValue {
  run.spend(entries.length);
  const values: [string, FeelValue][] = [];
  let inner = frame;
  for (const { key, evaluate, seesItself } of entries) {
    const own: Frame = { parent: inner, value: null };
    own.value = evaluate(run, seesItself ? own : inner);
    values.push([key, own.value]);
    inner = own;
  }
  // fromEntries defines own properties, also for a key such as `__proto__`.
  return Object.fromEntries(values);
}

/** Filters that can only be conditions need not be tried as a position. */
const CONDITIONS = new Set([
  'Comparison',
  'Conjunction',
  'Disjunction',
  'QuantifiedExpression',
  'InstanceOfExpression',
]);

export function compileFilter(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [targetNode, , filterNode] = childrenOf(node);
  const target = compileChild(unit, targetNode, scope);
  const filter = compileChild(unit, filterNode, { kind: 'item', parent: scope });
  const isCondition = filterNode !== undefined && CONDITIONS.has(filterNode.name);
  const span = spanOf(filterNode ?? node);
  const literal = unit.constants.get(filter);
  // A literal that is neither a position nor a truth value can never be meant; the standard gives it no result.
  const isMeaningless = literal !== undefined && typeof literal.value !== 'boolean' && !isNumber(literal.value);
  return (run, frame) => {
    const value = target(run, frame);
    if (value === null || literal?.value === null) return null;
    if (isMeaningless) return run.warnAt(span, 'FEEL_NOT_BOOLEAN', { value: shown(literal.value) });
    const list: FeelList = isList(value) ? value : [value];
    run.spend(list.length);
    const position = literal === undefined && !isCondition ? tryPosition(run, frame, filter) : literal?.value;
    if (position !== undefined && isNumber(position)) return itemAt(run, list, { position, span });
    return list.filter((item) => filter(run, { parent: frame, value: item }) === true);
  };
}

/** A position does not depend on the items, so it is evaluated once, without one. */
function tryPosition(run: Run, frame: Frame | null, filter: Eval): FeelValue {
  run.quiet += 1;
  const position = filter(run, { parent: frame, value: null });
  run.quiet -= 1;
  return position;
}

interface Position {
  readonly position: FeelValue;
  readonly span: Span;
}

/** Counted from 1, or from the end below zero. */
function itemAt(run: Run, list: FeelList, { position, span }: Position): FeelValue {
  const index = position !== null && isNumber(position) ? toSafeInteger(position) : null;
  const item = index === null || index === 0 ? undefined : list.at(index > 0 ? index - 1 : index);
  if (item !== undefined) return item;
  return run.warnAt(span, 'FEEL_INDEX_OUT_OF_RANGE', { index: shown(position), count: String(list.length) });
}
