// Numbers, texts and `@"…"`. Texts know \n \r \t \" \\ and code points as \uXXXX (surrogate pairs included) or \UXXXXXX.

import { readString } from '../escapes.ts';
import { parseNumber } from '../numbers.ts';
import { parseTemporal } from '../temporal/parse.ts';
import type { SyntaxNode } from './parse.ts';
import type { Eval, Unit } from './unit.ts';
import { childrenOf, constant, reject, sourceOf, spanOf } from './unit.ts';

export function compileNumber(unit: Unit, node: SyntaxNode): Eval {
  const source = sourceOf(unit, node).replace(/\s+/g, '');
  return constant(unit, parseNumber(source));
}

export function compileString(unit: Unit, node: SyntaxNode): Eval {
  const text = readString(sourceOf(unit, node));
  if (text === null) reject(unit, node, 'FEEL_SYNTAX_BAD_STRING');
  return constant(unit, text);
}

export function compileAtLiteral(unit: Unit, node: SyntaxNode): Eval {
  const string = childrenOf(node).at(-1);
  const text = string === undefined ? '' : (readString(sourceOf(unit, string)) ?? '');
  const value = parseTemporal(text);
  const span = spanOf(node);
  if (value !== null) return constant(unit, value);
  return (run) => run.warnAt(span, 'FEEL_BAD_LITERAL', { text });
}
