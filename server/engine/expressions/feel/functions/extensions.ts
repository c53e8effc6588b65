// Functions beyond the standard that models of the zeebe: dialect use (docs/feel.md lists them). Pure ones only: an
// evaluation must give the same value again, so there is no `uuid()` and no `random number()`.

import { equals } from '../comparison.ts';
import { extractPattern } from '../regex.ts';
import { EvaluationStopped } from '../compile/run.ts';
import type { BuiltIn } from './define.ts';
import { any, define, optional, signature, text } from './define.ts';

export const COMMON_EXTENSIONS: readonly BuiltIn[] = [
  define(
    'is defined',
    signature([any('value')], ([value]) => value !== null),
  ),
  define(
    'get or else',
    signature([any('value'), any('default')], ([value, fallback]) => value ?? fallback),
  ),
  define(
    // The only way to make an evaluation fail; the caller gets the cause as an error, not as a warning.
    'assert',
    signature([any('value'), any('condition'), optional(text('cause'))], ([value, condition, cause]) => {
      if (equals(condition, true) === true) return value;
      throw new EvaluationStopped('FEEL_ASSERTION_FAILED', { cause: cause ?? 'The condition is not fulfilled' });
    }),
  ),
  define(
    'trim',
    signature([text('string')], ([string]) => string.trim()),
  ),
  define(
    'is blank',
    signature([text('string')], ([string]) => string.trim() === ''),
  ),
  define(
    'to base64',
    signature([text('value')], ([value]) => toBase64(new TextEncoder().encode(value))),
  ),
  define(
    'extract',
    signature([text('string'), text('pattern')], ([string, pattern], run) => {
      const found = extractPattern(string, { pattern, flags: '' });
      return found.ok ? found.value : run.warn('FEEL_BAD_REGEX', { reason: found.error });
    }),
  ),
];

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Written out because the browser's btoa reads no bytes and Node's Buffer is not in the browser. */
function toBase64(bytes: Uint8Array): string {
  let result = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const digit = (shift: number): string => ALPHABET.charAt((bits >> shift) & 63);
    result += `${digit(18)}${digit(12)}${b === undefined ? '=' : digit(6)}${c === undefined ? '=' : digit(0)}`;
  }
  return result;
}
