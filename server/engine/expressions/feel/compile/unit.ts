// What the compiler carries along: the text, the names in scope, and how to compile a child. A compiled node is a
// closure over its children; local names are resolved to a distance in a chain of frames while compiling.

import type { FeelDiagnostic, Span } from '../diagnostics.ts';
import { diagnosticAt } from '../diagnostics.ts';
import type { FeelType } from '../type-model.ts';
import type { FeelContext, FeelValue } from '../values.ts';
import type { Dialect, FeelNames, SyntaxNode } from './parse.ts';
import type { Run } from './run.ts';

/** The locals of an evaluation, innermost first. */
export interface Frame {
  readonly parent: Frame | null;
  value: FeelValue;
}

export type Eval = (run: Run, frame: Frame | null) => FeelValue;

/** What a frame stands for: one name, or the item of a filter, whose members are visible as names. */
export type Scope =
  | { readonly kind: 'name'; readonly name: string; readonly parent: Scope | null }
  | { readonly kind: 'item'; readonly parent: Scope | null };

/** The frame that holds the input of a unary test; no name can be written like this. */
export const INPUT_NAME = '?';

export type ResolveType = (name: string) => FeelType | undefined;

export interface Unit {
  readonly text: string;
  readonly names: FeelNames;
  readonly dialect: Dialect;
  readonly resolveType: ResolveType;
  readonly diagnostics: FeelDiagnostic[];
  /** Names that the text reads from the scope, with the members of their paths. */
  readonly reads: Map<string, Span>;
  /** The values of literals, so that operators can be specialised for them. */
  readonly constants: WeakMap<Eval, { readonly value: FeelValue }>;
  /** Function names that were called and are neither local nor built in. */
  readonly compile: (node: SyntaxNode, scope: Scope | null) => Eval;
}

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment' && child.name !== 'BlockComment') children.push(child);
  }
  return children;
}

export const sourceOf = (unit: Unit, node: Span): string => unit.text.slice(node.from, node.to);

export const spanOf = (node: Span): Span => ({ from: node.from, to: node.to });

export function reject(unit: Unit, node: Span, code: string, values: Readonly<Record<string, string>> = {}): void {
  unit.diagnostics.push(diagnosticAt(unit.text, spanOf(node), { code, values, hint: null }));
}

export const NULL: Eval = () => null;

export function constant(unit: Unit, value: FeelValue): Eval {
  const evaluate: Eval = () => value;
  unit.constants.set(evaluate, { value });
  return evaluate;
}

/** Children that the grammar promises; a tree without errors has them, so NULL only satisfies the type. */
export const compileChild = (unit: Unit, node: SyntaxNode | undefined, scope: Scope | null): Eval =>
  node === undefined ? NULL : unit.compile(node, scope);

/** Names are equal whatever blanks stand between their parts; comments count as blanks. */
export const normaliseName = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s*([./\-'+]|\*\*?)\s*/g, ' $1 ')
    .replace(/\s+/g, ' ')
    .trim();

/** A key as it is stored: one blank where several stand. */
export const plainName = (text: string): string => text.replace(/\s+/g, ' ').trim();

const normalisedKeys = new WeakMap<object, ReadonlyMap<string, string>>();

/** The stored spelling of a name that is written with other blanks around its operators; undefined when unknown. */
export function spellingIn(record: FeelNames | FeelContext, name: string): string | undefined {
  if (Object.hasOwn(record, name)) return name;
  if (/^[\p{L}\p{N}_]+$/u.test(name)) return undefined;
  let keys = normalisedKeys.get(record);
  if (keys === undefined) {
    keys = new Map(Object.keys(record).map((key) => [normaliseName(key), key]));
    normalisedKeys.set(record, keys);
  }
  return keys.get(normaliseName(name));
}
