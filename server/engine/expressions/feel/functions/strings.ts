// Functions of texts (DMN 1.5, 10.3.4.3). Positions and lengths count code points, so an emoji is one character.

import { toDecimal } from '../numbers.ts';
import type { FeelNumber } from '../numbers.ts';
import { matchesPattern, replacePattern, splitPattern } from '../regex.ts';
import type { FeelList, FeelValue, FunctionRun } from '../values.ts';
import type { BuiltIn } from './define.ts';
import { define, list, noResult, number, optional, signature, text } from './define.ts';

/** Cut to a whole number, as other engines do. */
export const wholeOf = (value: FeelNumber): number => Math.trunc(toDecimal(value).toNumber()) + 0;

function substring(source: string, start: number, length: number | null): string | null {
  const points = Array.from(source);
  if (start === 0 || Math.abs(start) > points.length || (length !== null && length < 1)) return null;
  const from = start > 0 ? start - 1 : points.length + start;
  return points.slice(from, length === null ? undefined : from + length).join('');
}

/** Texts of two parameters. */
const ofTwo = (name: string, apply: (string: string, match: string) => FeelValue): BuiltIn =>
  define(
    name,
    signature([text('string'), text('match')], ([string, match]) => apply(string, match)),
  );

const ofOne = (name: string, apply: (string: string) => FeelValue): BuiltIn =>
  define(
    name,
    signature([text('string')], ([string]) => apply(string)),
  );

/** null when an item is no text; null items are left out. */
function join(items: FeelList, delimiter: string, run: FunctionRun): string | null {
  const texts: string[] = [];
  let size = 0;
  for (const item of items) {
    if (item === null) continue;
    if (typeof item !== 'string') return null;
    size += item.length + delimiter.length;
    texts.push(item);
  }
  run.reserve(size);
  return texts.join(delimiter);
}

/** The outcome of a pattern; its failure is a warning with the reason. */
function settled<T extends FeelValue>(
  run: FunctionRun,
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
): FeelValue {
  return result.ok ? result.value : run.warn('FEEL_BAD_REGEX', { reason: result.error });
}

export const STRING_FUNCTIONS: readonly BuiltIn[] = [
  define(
    'substring',
    signature(
      [text('string'), number('start position'), optional(number('length'))],
      ([string, start, length], run) =>
        substring(string, wholeOf(start), length === null ? null : wholeOf(length)) ?? noResult(run, 'substring'),
    ),
  ),
  ofOne('string length', (string) => Array.from(string).length),
  ofOne('upper case', (string) => string.toUpperCase()),
  ofOne('lower case', (string) => string.toLowerCase()),
  ofTwo('substring before', (string, match) => string.slice(0, Math.max(0, string.indexOf(match)))),
  ofTwo('substring after', (string, match) => {
    const index = string.indexOf(match);
    return index < 0 ? '' : string.slice(index + match.length);
  }),
  ofTwo('contains', (string, match) => string.includes(match)),
  ofTwo('starts with', (string, match) => string.startsWith(match)),
  ofTwo('ends with', (string, match) => string.endsWith(match)),
  define(
    'replace',
    signature(
      [text('input'), text('pattern'), text('replacement'), optional(text('flags'))],
      ([input, pattern, replacement, flags], run) =>
        settled(run, replacePattern(input, { pattern, flags: flags ?? '' }, replacement)),
    ),
  ),
  define(
    'matches',
    signature([text('input'), text('pattern'), optional(text('flags'))], ([input, pattern, flags], run) =>
      settled(run, matchesPattern(input, { pattern, flags: flags ?? '' })),
    ),
  ),
  define(
    'split',
    signature([text('string'), text('delimiter')], ([string, delimiter], run) =>
      settled(run, splitPattern(string, { pattern: delimiter, flags: '' })),
    ),
  ),
  define(
    'string join',
    signature([list('list'), optional(text('delimiter'))], ([items, delimiter], run) => {
      return join(items, delimiter ?? '', run) ?? noResult(run, 'string join');
    }),
  ),
];
