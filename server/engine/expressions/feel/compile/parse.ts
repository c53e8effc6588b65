// Text → syntax tree, with the grammar of lezer-feel beneath. The grammar must know the names in scope to read those
// that hold blanks, operators or keywords, so parsers are kept per set of names. Errors come out as diagnostics.

import { parser, trackVariables } from 'lezer-feel';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { FeelDiagnostic, Span } from '../diagnostics.ts';
import { diagnosticAt } from '../diagnostics.ts';
import type { FeelType } from '../type-model.ts';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

export type Grammar = 'Expression' | 'UnaryTests';
/** `camunda` reads names in backticks and texts with line breaks; `dmn` is the standard. */
export type Dialect = 'dmn' | 'camunda';

/** The names in scope with their types; a type tells which members a path may name. */
export type FeelNames = Readonly<Record<string, FeelType>>;

/** What the grammar wants: objects where members are known, any other value where not. */
interface Shape {
  [name: string]: Shape | 1;
}

/** The grammar's bookkeeping of names is quadratic in the items of one list; tables have their cells as texts of their own. */
const MAX_TEXT = 32_000;
const MAX_NESTING = 250;

/** Built-in names that hold a keyword of the grammar; all others are read without being known. */
const NAMES_WITH_KEYWORDS = ['get or else', 'day of week', 'day of year', 'month of year', 'week of year', 'index of'];
const BUILT_IN_SHAPE: Shape = Object.fromEntries(NAMES_WITH_KEYWORDS.map((name) => [name, 1 as const]));

function shapeOf(type: FeelType, depth: number): Shape | 1 {
  // A type that names itself would unfold for ever; nobody writes paths of more than a dozen steps.
  if (depth > 12) return 1;
  if (type.kind === 'list') return shapeOf(type.of, depth + 1);
  if (type.kind === 'function') return shapeOf(type.result, depth + 1);
  if (type.kind !== 'context') return 1;
  return Object.fromEntries(Object.entries(type.members).map(([name, of]) => [name, shapeOf(of, depth + 1)]));
}

type ConfiguredParser = typeof parser;
const parsers = new WeakMap<FeelNames, Map<string, ConfiguredParser>>();

function parserFor(names: FeelNames, grammar: Grammar, dialect: Dialect): ConfiguredParser {
  const known = parsers.get(names) ?? new Map<string, ConfiguredParser>();
  parsers.set(names, known);
  const key = `${grammar} ${dialect}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const context: Shape = { ...BUILT_IN_SHAPE };
  for (const [name, type] of Object.entries(names)) context[name] = shapeOf(type, 0);
  const configured = parser.configure({
    top: grammar,
    contextTracker: trackVariables(context),
    ...(dialect === 'camunda' ? { dialect } : {}),
  });
  known.set(key, configured);
  return configured;
}

export interface ParseOptions {
  readonly names: FeelNames;
  readonly grammar: Grammar;
  readonly dialect: Dialect;
}

export function parseText(text: string, options: ParseOptions): Result<SyntaxNode, readonly FeelDiagnostic[]> {
  const fail = (span: Span, code: string, values: FeelDiagnostic['values'] = {}) =>
    err([diagnosticAt(text, span, { code, values, hint: null })]);
  const whole = { from: 0, to: text.length };
  if (text.trim() === '') return fail({ from: 0, to: 0 }, 'FEEL_SYNTAX_EMPTY');
  if (text.length > MAX_TEXT) return fail(whole, 'FEEL_SYNTAX_TOO_LONG', { limit: String(MAX_TEXT) });
  if (deepestBracket(text) > MAX_NESTING) return fail(whole, 'FEEL_SYNTAX_TOO_DEEP', { limit: String(MAX_NESTING) });
  const configured = parserFor(options.names, options.grammar, options.dialect);
  const root = configured.parse(text).topNode;
  if (depthOf(root) > MAX_TREE_DEPTH) return fail(whole, 'FEEL_SYNTAX_TOO_DEEP', { limit: String(MAX_TREE_DEPTH) });
  const first = firstError(root);
  if (first === null) return ok(root);
  const rewritten = withRangeTypes(text);
  const second = rewritten === text ? null : configured.parse(rewritten).topNode;
  if (second !== null && firstError(second) === null) return ok(second);
  return err([syntaxError(text, first)]);
}

/**
 * The grammar has no `range<…>` type. Written as a list type of the same length it is read, every position stays, and
 * the compiler looks at the original text to see which of the two was meant.
 */
const withRangeTypes = (text: string): string => text.replace(/\brange(\s*<)/g, 'list $1');

function firstError(root: SyntaxNode): Span | null {
  let found: Span | null = null;
  root.toTree().iterate({
    enter(node) {
      if (node.type.isError && found === null) found = { from: node.from + root.from, to: node.to + root.from };
      return found === null;
    },
  });
  return found;
}

function syntaxError(text: string, { from, to }: Span): FeelDiagnostic {
  const rest = text.slice(from);
  const token = /^\s*([\p{L}\p{N}_]+|"[^"]*"?|\S)/u.exec(rest);
  if (token === null) {
    return diagnosticAt(text, { from, to: text.length }, { code: 'FEEL_SYNTAX_INCOMPLETE', values: {}, hint: null });
  }
  const found = token[1] ?? '';
  const start = from + (token[0].length - found.length);
  const span = { from: start, to: Math.max(to, start + found.length) };
  return diagnosticAt(text, span, { code: 'FEEL_SYNTAX_UNEXPECTED', values: { found }, hint: hintFor(found) });
}

/** What people of other languages write. */
const HINTS: Readonly<Record<string, string>> = {
  '&': 'FEEL_HINT_AND',
  '|': 'FEEL_HINT_OR',
  '=': 'FEEL_HINT_EQUALS',
  '!': 'FEEL_HINT_NOT',
  "'": 'FEEL_HINT_QUOTES',
};
const hintFor = (found: string): string | null => HINTS[found] ?? null;

/** Brackets outside of texts and comments; a cheap guard before the parser and the compiler recurse into them. */
function deepestBracket(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (char === 34) {
      index = endOfString(text, index);
    } else if (char === 40 || char === 91 || char === 123) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (char === 41 || char === 93 || char === 125) {
      depth -= 1;
    }
  }
  return deepest;
}

export function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text.charCodeAt(index) !== 34) index += text.charCodeAt(index) === 92 ? 2 : 1;
  return index;
}

/** Beyond some six hundred operators in a row the grammar cuts the tree and reports an error that is none. */
const MAX_TREE_DEPTH = 500;

function depthOf(root: SyntaxNode): number {
  let depth = 0;
  let deepest = 0;
  root.toTree().iterate({
    enter() {
      depth += 1;
      deepest = Math.max(deepest, depth);
    },
    leave() {
      depth -= 1;
    },
  });
  return deepest;
}
