// A message between XML and domain: element name → values, every element as a list. Checked against the field
// table in one place for both directions, so that the writer refuses exactly what the reader would refuse.

import type { WireProblem } from '../../../modules/exchange/ports.ts';
import type { GroupRule, Rule, TextRule } from './schema.ts';
import { hasForbiddenCharacter } from './xml-text.ts';

export type WireValue = string | WireGroup;
export interface WireGroup {
  readonly [name: string]: readonly WireValue[];
}

export type Direction = 'reading' | 'writing';

/** The text of the first element at the path; empty when there is none. */
export function textAt(from: WireGroup, ...path: readonly string[]): string {
  let current: WireValue = from;
  for (const name of path) {
    const next: WireValue | undefined = typeof current === 'string' ? undefined : current[name]?.[0];
    if (next === undefined) return '';
    current = next;
  }
  return typeof current === 'string' ? current : '';
}

export const groupsAt = (from: WireGroup | undefined, name: string): readonly WireGroup[] =>
  (from?.[name] ?? []).filter((value): value is WireGroup => typeof value !== 'string');

export const textsAt = (from: WireGroup | undefined, name: string): readonly string[] =>
  (from?.[name] ?? []).filter((value): value is string => typeof value === 'string');

/** All violations of the field table, in the order of the table. */
export function checkGroup(rule: GroupRule, value: WireGroup, direction: Direction, path = rule.name): WireProblem[] {
  return rule.children.flatMap((child) => {
    const childPath = `${path}.${child.name}`;
    const values = value[child.name] ?? [];
    const problems = checkCount(child, values.length, direction, childPath);
    return [...problems, ...values.flatMap((one) => checkValue(child, one, direction, childPath))];
  });
}

function checkCount(rule: Rule, count: number, direction: Direction, path: string): WireProblem[] {
  const isNeeded = rule.need === 'always' || (rule.need === 'writing' && direction === 'writing');
  if (count === 0 && isNeeded) return [{ code: `N.${path}`, message: `${path} is missing or empty.` }];
  if (count <= rule.maxCount) return [];
  return rule.maxCount === 1
    ? [{ code: `M.${path}`, message: `${path} occurs ${count} times; once is allowed.` }]
    : [{ code: `R.${path}`, message: `${path} occurs ${count} times; at most ${rule.maxCount} are allowed.` }];
}

function checkValue(rule: Rule, value: WireValue, direction: Direction, path: string): WireProblem[] {
  if (rule.kind === 'text') {
    return typeof value === 'string'
      ? checkText(rule, value, path)
      : [{ code: `T.${path}`, message: `${path} holds elements where text is expected.` }];
  }
  return typeof value === 'string'
    ? [{ code: `T.${path}`, message: `${path} holds text where elements are expected.` }]
    : checkGroup(rule, value, direction, path);
}

function checkText(rule: TextRule, text: string, path: string): WireProblem[] {
  if (rule.format === 'base64') return [];
  if ([...text].length > rule.maxLength) {
    return [{ code: `R.${path}`, message: `${path} has more than ${rule.maxLength} characters.` }];
  }
  if (hasForbiddenCharacter(text)) {
    return [{ code: `T.${path}`, message: `${path} holds a character that XML cannot carry.` }];
  }
  const problem = checkFormat(rule, text);
  return problem === null ? [] : [{ code: `${problem.letter}.${path}`, message: `${path} ${problem.message}` }];
}

interface FormatProblem {
  readonly letter: 'M' | 'T';
  readonly message: string;
}

const wrongType = (message: string): FormatProblem => ({ letter: 'T', message });
const invalid = (message: string): FormatProblem => ({ letter: 'M', message });

function checkFormat(rule: TextRule, text: string): FormatProblem | null {
  switch (rule.format) {
    case 'agencyCode':
      return /^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}$/.test(text) ? null : invalid('is not an agency code.');
    case 'date':
      return isDate(text) ? null : wrongType('is not a date yyyy/MM/dd.');
    case 'dateTime':
      return isDateTime(text) ? null : wrongType('is not a time yyyy/MM/dd HH:mm:ss.');
    case 'integer':
      if (!/^\d+$/.test(text)) return wrongType('is not a whole number.');
      return rule.maxValue !== null && Number(text) > rule.maxValue
        ? invalid(`is greater than ${rule.maxValue}.`)
        : null;
    case 'boolean':
      return /^(true|false|0|1)$/i.test(text) ? null : wrongType('is not true or false.');
    case 'statusCode':
      return /^\d{2}$/.test(text) ? null : wrongType('is not a two-digit status code.');
    case 'fileName':
      return isFileName(text) ? null : invalid('is not a plain file name.');
    default:
      return null;
  }
}

function isDate(text: string): boolean {
  const parts = /^(\d{4})\/(\d{2})\/(\d{2})$/.exec(text);
  if (parts === null) return false;
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
}

const isDateTime = (text: string): boolean =>
  isDate(text.slice(0, 10)) && /^ ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text.slice(10));

/** A name that stays in the folder in which a person saves it. */
const isFileName = (text: string): boolean => !/[\\/:\u0000-\u001f\u007f]/.test(text) && text !== '.' && text !== '..';
