// Values as texts: what `string()` answers, and what warnings show. Texts inside lists and contexts are quoted.

import { numberText } from './numbers.ts';
import type { FeelValue } from './values.ts';
import { FeelFunction, FeelRange, isContext, isDuration, isList, isNumber, isTemporal } from './values.ts';

/** null for null: the standard has no text for it at the top. */
export function textOf(value: FeelValue): string | null {
  if (value === null) return null;
  return typeof value === 'string' ? value : literalOf(value);
}

export function literalOf(value: FeelValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value)) return numberText(value);
  if (isTemporal(value) || isDuration(value)) return value.toString();
  if (value instanceof FeelRange) return rangeText(value);
  if (value instanceof FeelFunction) return functionText(value);
  if (isList(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (!isContext(value)) return '';
  const entries = Object.entries(value).map(([name, item]) => `${keyText(name)}: ${literalOf(item)}`);
  return `{${entries.join(', ')}}`;
}

const keyText = (name: string): string => (/^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(name) ? name : literalOf(name));

function rangeText(range: FeelRange): string {
  const bound = (value: FeelValue): string =>
    isTemporal(value) || isDuration(value) ? `@"${value.toString()}"` : literalOf(value);
  if (range.isExcluded) return `!=${bound(range.start)}`;
  const open = range.isStartIncluded ? '[' : '(';
  return `${open}${bound(range.start)}..${bound(range.end)}${range.isEndIncluded ? ']' : ')'}`;
}

const functionText = (value: FeelFunction): string =>
  `function(${value.parameters.map((parameter) => parameter.name).join(', ')})`;

const MAX_SHOWN = 80;

/** For warnings: at most 80 characters. */
export function shown(value: FeelValue): string {
  const text = literalOf(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
