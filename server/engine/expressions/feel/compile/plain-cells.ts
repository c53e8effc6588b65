// Cells of decision tables that hold nothing but literals: `"a", "b"`, `> 5`, `[1..10)`, `not("x")`, `-`. Tables have
// thousands of them, and reading them here costs a hundredth of the grammar. Anything else is left to the grammar.

import { compare } from '../comparison.ts';
import { parseNumber } from '../numbers.ts';
import type { FeelValue } from '../values.ts';
import { FeelRange } from '../values.ts';
import type { Comparator } from './comparing.ts';
import { compareValues } from './comparing.ts';
import type { Test } from './membership.ts';
import { anyOf, fulfils } from './membership.ts';

const SPACES = /[ \t\r\n]*/y;
const LITERAL = /"([^"\\\n]*)"|(-?(?:\d+(?:\.\d+)?|\.\d+))(?!\w|\.\d)|(true|false|null)(?![\w ])/y;
const OPERATOR = /<=|>=|!=|<|>|=/y;
const NOT = /^\s*not\s*\(([^()]*)\)\s*$/;

interface Cursor {
  readonly text: string;
  at: number;
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match !== null) cursor.at += match[0].length;
  return match;
}

/** undefined when no literal stands here. */
function takeLiteral(cursor: Cursor): FeelValue | undefined {
  take(cursor, SPACES);
  const match = take(cursor, LITERAL);
  if (match === null) return undefined;
  const [, text, digits, word] = match;
  if (text !== undefined) return text;
  if (digits !== undefined) return parseNumber(digits);
  return word === 'null' ? null : word === 'true';
}

function takeTest(cursor: Cursor): Test | null {
  take(cursor, SPACES);
  const from = cursor.at;
  const first = cursor.text.charAt(from);
  if (first === '[' || first === ']' || first === '(') return takeRange(cursor);
  const operator = take(cursor, OPERATOR)?.[0] as Comparator | undefined; // the pattern holds nothing else
  const value = takeLiteral(cursor);
  if (value === undefined) return null;
  const span = { from, to: cursor.at };
  if (operator === undefined) return (run, _frame, input) => fulfils(run, input, { test: value, span });
  return (run, _frame, input) => {
    const result = compareValues(run, input, { right: value, operator, span });
    return typeof result === 'boolean' ? result : null;
  };
}

function takeRange(cursor: Cursor): Test | null {
  const from = cursor.at;
  const isStartIncluded = cursor.text.charAt(from) === '[';
  cursor.at += 1;
  const start = takeLiteral(cursor);
  take(cursor, SPACES);
  if (start === undefined || start === null || !cursor.text.startsWith('..', cursor.at)) return null;
  cursor.at += 2;
  const end = takeLiteral(cursor);
  take(cursor, SPACES);
  const close = cursor.text.charAt(cursor.at);
  if (end === undefined || end === null || ![']', ')', '['].includes(close)) return null;
  cursor.at += 1;
  if (compare(start, end) === null) return null;
  const range = new FeelRange({ start, end, isStartIncluded, isEndIncluded: close === ']' });
  const span = { from, to: cursor.at };
  return (run, _frame, input) => fulfils(run, input, { test: range, span });
}

/** null when the cell holds more than literals. */
export function readPlainCell(text: string): Test | null {
  if (text.trim() === '-') return () => true;
  const negated = NOT.exec(text);
  if (negated === null) return readTests(text);
  const inner = readTests(negated[1] ?? '');
  if (inner === null) return null;
  return (run, frame, input) => {
    const passed = inner(run, frame, input);
    return passed === null ? null : !passed;
  };
}

function readTests(text: string): Test | null {
  const cursor: Cursor = { text, at: 0 };
  const tests: Test[] = [];
  for (;;) {
    const test = takeTest(cursor);
    if (test === null) return null;
    tests.push(test);
    take(cursor, SPACES);
    if (cursor.at === text.length) return anyOf(tests);
    if (text.charAt(cursor.at) !== ',') return null;
    cursor.at += 1;
  }
}
