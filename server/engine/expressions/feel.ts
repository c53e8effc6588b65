// The only door to FEEL. Pure: the same expression, variables and `now` give the same value. Compiled forms are
// cached per expression text; that is memory of a pure function, not state.

import { evaluate, parseExpression } from 'feelin';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Variables } from '../types.ts';
import { UNSUPPORTED, compileExpression } from './compile.ts';
import type { CompiledExpression } from './compile.ts';
import { FUNCTION_NAMES, functionsAt } from './functions.ts';
import type { EvaluationContext } from './scope.ts';

export interface Evaluated {
  readonly value: unknown;
  /** Why parts of the expression were null; goes into the message of an incident. */
  readonly warnings: readonly string[];
}

interface CachedExpression {
  readonly compiled: CompiledExpression | null;
  /** Words of the text: only variables that begin with one of them are handed to feelin. */
  readonly words: ReadonlySet<string>;
}

/** Model texts are few; the bound only guards against a client that deploys generated expressions for ever. */
const MAX_CACHED_EXPRESSIONS = 10_000;
const cache = new Map<string, CachedExpression>();

/** Camunda's grammar: names with blanks or operators are written in backticks. */
const DIALECT = 'camunda';
const WORD = /[\p{L}_][\p{L}\p{N}_]*/gu;
const wordsOf = (text: string): readonly string[] => text.match(WORD) ?? [];

function cached(expression: string): CachedExpression {
  const found = cache.get(expression);
  if (found !== undefined) return found;
  const entry: CachedExpression = {
    compiled: checkSyntax(expression) === null ? compileExpression(expression) : null,
    words: new Set(wordsOf(expression)),
  };
  if (cache.size >= MAX_CACHED_EXPRESSIONS) cache.clear();
  cache.set(expression, entry);
  return entry;
}

/** null when the text is FEEL, else what is wrong with it and where. */
export function checkSyntax(expression: string): string | null {
  if (expression.trim() === '') return 'the expression is empty';
  let position: number | null = null;
  parseExpression(expression, { ...FUNCTION_NAMES }, DIALECT).iterate({
    enter(node) {
      if (node.type.isError) position ??= node.from;
    },
  });
  return position === null ? null : `not readable at character ${position + 1}`;
}

/** The error is a text for people: the expression failed (`assert`), or it is not FEEL at all. */
export function evaluateFeel(expression: string, context: EvaluationContext): Result<Evaluated, string> {
  const { compiled, words } = cached(expression);
  if (compiled !== null) {
    const warnings: string[] = [];
    const value = compiled({ scope: context.scope, warnings });
    if (value !== UNSUPPORTED) return ok({ value, warnings });
  }
  try {
    const variables = { ...functionsAt(context.now), ...relevantVariables(context.scope.all(), expression, words) };
    const { value, warnings } = evaluate(expression, variables, DIALECT);
    return ok({ value, warnings: warnings.map((warning) => warning.message) });
  } catch (error) {
    // feelin reports unreadable text, a failed `assert` and values outside its range (years above 9999) by
    // throwing. All of them are answers to a model's expression, none is a fault of the engine.
    return err(error instanceof Error ? error.message : String(error));
  }
}

/** feelin copies its whole context on every call, so only what the expression can name is handed over. */
function relevantVariables(all: Variables, expression: string, words: ReadonlySet<string>): Variables {
  const hasQuotedNames = expression.includes('`');
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name]) => words.has(name) || (hasQuotedNames && wordsOf(name).some((word) => words.has(word))),
    ),
  );
}
