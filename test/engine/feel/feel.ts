// Evaluates a FEEL text for tests: the value as a FEEL literal, so that a case reads `text → value` in one line.

import type { CompileOptions, FeelValue } from '../../../server/engine/expressions/feel/index.ts';
import {
  compileExpression,
  compileUnaryTests,
  literalOf,
  messageOf,
  scopeOf,
} from '../../../server/engine/expressions/feel/index.ts';

/** 2019-05-06T08:00:00+07:00 */
export const NOW_MS = Date.UTC(2019, 4, 6, 1);

export type Context = Readonly<Record<string, FeelValue>>;

export function evaluate(text: string, context: Context = {}, options: CompileOptions = {}) {
  const compiled = compileExpression(text, options);
  if (!compiled.ok) throw new Error(`${text}: ${compiled.error.map((error) => messageOf(error)).join('; ')}`);
  return compiled.value.evaluate(scopeOf(context), { nowMs: NOW_MS });
}

export const literal = (text: string, context: Context = {}, options: CompileOptions = {}): string =>
  literalOf(evaluate(text, context, options).value);

export const codesOf = (text: string, context: Context = {}): readonly string[] =>
  evaluate(text, context).warnings.map((warning) => warning.code);

export function passes(tests: string, input: FeelValue, context: Context = {}): FeelValue {
  const compiled = compileUnaryTests(tests);
  if (!compiled.ok) throw new Error(`${tests}: ${compiled.error.map((error) => messageOf(error)).join('; ')}`);
  return compiled.value.test(input, scopeOf(context), { nowMs: NOW_MS }).value;
}
