// Regular expressions of XPath (flags s m i x q) on RE2, which matches in linear time whatever the pattern is. What
// RE2 cannot do (back-references, look-around, subtraction of classes) is refused with a reason, never tried.

import { RE2JS } from 're2js';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';

export interface Pattern {
  readonly pattern: string;
  readonly flags: string;
}

const MAX_PATTERN = 10_000;
const MAX_COMPILED = 1_000;
const compiled = new Map<string, Result<RE2JS, string>>();

function compilePattern({ pattern, flags }: Pattern): Result<RE2JS, string> {
  const key = `${flags}/${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const result = translateAndCompile({ pattern, flags });
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(key, result);
  return result;
}

function translateAndCompile({ pattern, flags }: Pattern): Result<RE2JS, string> {
  if (!/^[smixq]*$/.test(flags)) return err(`the flags are '${flags}', but only s, m, i, x and q exist`);
  if (pattern.length > MAX_PATTERN) return err(`it is longer than ${MAX_PATTERN} characters`);
  const isLiteral = flags.includes('q');
  const source = flags.includes('x') && !isLiteral ? pattern.replace(/[ \t\r\n]/g, '') : pattern;
  const translated = isLiteral ? ok(RE2JS.quote(source)) : translate(source, flags.includes('s'));
  if (!translated.ok) return translated;
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0);
  try {
    return ok(RE2JS.compile(translated.value, bits));
  } catch (error) {
    // RE2 reports unreadable patterns by throwing; the pattern comes from an expression.
    return err(error instanceof Error ? error.message : String(error));
  }
}

const SPACE = ' \\t\\n\\r';
const NOT_SPACE = '\\x{0}-\\x{8}\\x{b}\\x{c}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}';
/** Members of a class for each escape of XPath. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: SPACE,
  S: NOT_SPACE,
  w: '\\p{L}\\p{M}\\p{N}\\p{S}',
  W: '\\p{P}\\p{Z}\\p{C}',
  i: '\\p{L}\\p{Nl}_:',
  c: '\\p{L}\\p{M}\\p{N}\\-._:\\x{b7}',
};
const NEGATED: Readonly<Record<string, string>> = { I: '\\p{L}\\p{Nl}_:', C: '\\p{L}\\p{M}\\p{N}\\-._:\\x{b7}' };
const SINGLE = new Set('nrt\\|.-^?*+{}()[]$');
const BLOCKS: Readonly<Record<string, string>> = {
  BasicLatin: '\\x{0}-\\x{7f}',
  'Latin-1Supplement': '\\x{80}-\\x{ff}',
  'LatinExtended-A': '\\x{100}-\\x{17f}',
  'LatinExtended-B': '\\x{180}-\\x{24f}',
  LatinExtendedAdditional: '\\x{1e00}-\\x{1eff}',
  GreekandCoptic: '\\x{370}-\\x{3ff}',
  Greek: '\\x{370}-\\x{3ff}',
  Cyrillic: '\\x{400}-\\x{4ff}',
  Hebrew: '\\x{590}-\\x{5ff}',
  Arabic: '\\x{600}-\\x{6ff}',
  CJKUnifiedIdeographs: '\\x{4e00}-\\x{9fff}',
};

interface Reader {
  readonly source: string;
  at: number;
  readonly isDotAll: boolean;
}

function translate(source: string, isDotAll: boolean): Result<string, string> {
  const reader: Reader = { source, at: 0, isDotAll };
  let result = '';
  while (reader.at < source.length) {
    const part = nextPart(reader);
    if (!part.ok) return part;
    result += part.value;
  }
  return ok(result);
}

function nextPart(reader: Reader): Result<string, string> {
  const char = reader.source.charAt(reader.at);
  if (char === '\\') return escaped(reader, false);
  if (char === '[') return characterClass(reader);
  reader.at += 1;
  if (char === '.') return ok(reader.isDotAll ? '.' : '[^\\n\\r]');
  if (char === ']' || char === '}') return err(`'${char}' has nothing to close`);
  if (char === '{') return quantity(reader);
  if (char === '(' && reader.source.charAt(reader.at) === '?' && reader.source.charAt(reader.at + 1) !== ':') {
    return err('look-around and other groups with (? are not supported');
  }
  return ok(char);
}

function quantity(reader: Reader): Result<string, string> {
  const match = /^(\d+(,\d*)?)\}/.exec(reader.source.slice(reader.at));
  if (match === null) return err("after '{' stands no number of repetitions");
  reader.at += match[0].length;
  return ok(`{${match[0]}`);
}

/** One escape, as a part of its own or as members of a class. */
function escaped(reader: Reader, isInClass: boolean): Result<string, string> {
  const char = reader.source.charAt(reader.at + 1);
  reader.at += 2;
  if (/[0-9]/.test(char)) return err('references to earlier groups are not supported');
  if (char === 'p' || char === 'P') return property(reader, char, isInClass);
  if (SINGLE.has(char)) return ok(`\\${char}`);
  const members = CLASSES[char];
  if (members !== undefined) return ok(isInClass ? members : `[${members}]`);
  const negated = NEGATED[char];
  if (negated !== undefined && !isInClass) return ok(`[^${negated}]`);
  return err(`'\\${char}' is no escape`);
}

function property(reader: Reader, letter: string, isInClass: boolean): Result<string, string> {
  const match = /^\{([A-Za-z0-9-]+)\}/.exec(reader.source.slice(reader.at));
  const name = match?.[1];
  if (match === null || name === undefined) return err(`after '\\${letter}' stands no category in braces`);
  reader.at += match[0].length;
  if (/^[A-Z][a-z]?$/.test(name)) return ok(`\\${letter}{${name}}`);
  const block = name.startsWith('Is') ? BLOCKS[name.slice(2)] : undefined;
  if (block === undefined || (isInClass && letter === 'P')) return err(`the category '${name}' is not supported`);
  return ok(isInClass ? block : `[${letter === 'P' ? '^' : ''}${block}]`);
}

function characterClass(reader: Reader): Result<string, string> {
  reader.at += 1;
  let result = '[';
  if (reader.source.charAt(reader.at) === '^') {
    result += '^';
    reader.at += 1;
  }
  const begin = reader.at;
  while (reader.at < reader.source.length) {
    const char = reader.source.charAt(reader.at);
    if (char === ']') {
      if (reader.at === begin) return err('a class is empty');
      reader.at += 1;
      return ok(`${result}]`);
    }
    if (char === '[') return err('subtraction of classes is not supported');
    const part = char === '\\' ? escaped(reader, true) : member(reader, char);
    if (!part.ok) return part;
    result += part.value;
  }
  return err("a class has no ']'");
}

function member(reader: Reader, char: string): Result<string, string> {
  reader.at += 1;
  if (char === '-' && reader.source.charAt(reader.at) === '[') return err('subtraction of classes is not supported');
  return ok(char);
}

export function matchesPattern(input: string, pattern: Pattern): Result<boolean, string> {
  const regex = compilePattern(pattern);
  return regex.ok ? ok(regex.value.matcher(input).find()) : regex;
}

export function replacePattern(input: string, pattern: Pattern, replacement: string): Result<string, string> {
  const regex = compilePattern(pattern);
  if (!regex.ok) return regex;
  if (regex.value.matcher('').find()) return err('it matches the empty text, so there is nothing to replace');
  const template = pattern.flags.includes('q')
    ? ok<readonly (string | number)[]>([replacement])
    : readReplacement(replacement, regex.value.groupCount());
  if (!template.ok) return template;
  const matcher = regex.value.matcher(input);
  let result = '';
  let end = 0;
  while (matcher.find()) {
    result += input.slice(end, matcher.start());
    for (const part of template.value) result += typeof part === 'string' ? part : (matcher.group(part) ?? '');
    end = matcher.end();
  }
  return ok(result + input.slice(end));
}

/** `$1` is a group, `\$` and `\\` are themselves. As many digits belong to a group as there are groups. */
function readReplacement(text: string, groups: number): Result<readonly (string | number)[], string> {
  const parts: (string | number)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === '\\') {
      if (next !== '\\' && next !== '$') return err("in a replacement '\\' stands before '\\' or '$' only");
      parts.push(next);
      at += 1;
    } else if (char === '$') {
      if (!/\d/.test(next)) return err("in a replacement '$' stands before the number of a group");
      let digits = next;
      while (
        /\d/.test(text.charAt(at + 1 + digits.length)) &&
        Number(digits + text.charAt(at + 1 + digits.length)) <= groups
      ) {
        digits += text.charAt(at + 1 + digits.length);
      }
      parts.push(Number(digits) <= groups ? Number(digits) : '');
      at += digits.length;
    } else parts.push(char);
  }
  return ok(parts);
}

/** A delimiter that matches the empty text splits between all characters. */
export function splitPattern(input: string, pattern: Pattern): Result<readonly string[], string> {
  const regex = compilePattern(pattern);
  if (!regex.ok) return regex;
  if (regex.value.matcher('').find()) return ok(Array.from(input));
  const matcher = regex.value.matcher(input);
  const parts: string[] = [];
  let end = 0;
  while (matcher.find()) {
    parts.push(input.slice(end, matcher.start()));
    end = matcher.end();
  }
  return ok([...parts, input.slice(end)]);
}

/** All matches, each as the whole text of the match. */
export function extractPattern(input: string, pattern: Pattern): Result<readonly string[], string> {
  const regex = compilePattern(pattern);
  if (!regex.ok) return regex;
  const matcher = regex.value.matcher(input);
  const found: string[] = [];
  while (matcher.find()) found.push(input.slice(matcher.start(), matcher.end()));
  return ok(found);
}
