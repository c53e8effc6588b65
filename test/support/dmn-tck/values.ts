// Values of test cases ↔ FEEL values: what an XML Schema type means in FEEL, and when two values are the same for a test.
// Numbers are compared with the tolerance of the public kit, everything else by FEEL's own equality.

import {
  areEqual,
  compileFeel,
  contextOf,
  createStaticScope,
  getEntry,
  isContext,
  isList,
  kindOf,
  listEntries,
  type Value,
} from '../../../server/engine/decisions/feel.ts';
import { beginRun, createRecorder, Frame } from '../../../server/engine/decisions/evaluate/run.ts';
import { parseNumber } from '../../../server/engine/expressions/feel/index.ts';
import type { Instant } from '../../../server/shared/time.ts';
import type { CaseValue } from './read-test-cases.ts';

const TOLERANCE = '0.00000001';
export const TEST_NOW = '2026-01-15T08:00:00.000Z' as Instant;

const emptyFrame = (): Frame =>
  new Frame(beginRun(createRecorder({ now: TEST_NOW, isOpen: false, isExplained: false }), new Map()), null);

function evaluate(text: string, names: readonly (readonly [string, Value])[] = []): Value {
  const scope = createStaticScope(
    names.map(([name]) => [name, { kind: 'any' as const }] as const),
    () => null,
  );
  const compiled = compileFeel(text, scope);
  if (!compiled.ok) throw new Error(`${text}: ${compiled.error.message}`);
  return compiled.value.evaluate(emptyFrame().with(names));
}

const call = (name: string, text: string): Value => evaluate(`${name}(${JSON.stringify(text.trim())})`);

export function toFeel(value: CaseValue): Value {
  switch (value.kind) {
    case 'nil':
      return null;
    case 'list':
      return value.items.map(toFeel);
    case 'context':
      return contextOf(value.entries.map((entry): [string, Value] => [entry.name, toFeel(entry.value)]));
    case 'scalar':
      return scalarToFeel(value.type, value.text);
  }
}

function scalarToFeel(type: string | null, text: string): Value {
  switch (type) {
    case 'boolean':
      return text.trim() === 'true' || text.trim() === '1';
    case 'decimal':
    case 'double':
    case 'float':
    case 'integer':
    case 'int':
    case 'long':
      return parseNumber(text.trim());
    case 'date':
      return call('date', text);
    case 'time':
      return call('time', text);
    case 'dateTime':
      return call('date and time', text);
    case 'duration':
    case 'dayTimeDuration':
    case 'yearMonthDuration':
      return call('duration', text);
    default:
      return text;
  }
}

/** Components that only one side has make a difference; their order does not. */
export function areSame(expected: Value, actual: Value): boolean {
  if (kindOf(expected) !== kindOf(actual)) return false;
  if (kindOf(expected) === 'number') {
    if (areEqual(expected, actual) === true) return true;
    return (
      evaluate(`abs(a - b) < ${TOLERANCE}`, [
        ['a', expected],
        ['b', actual],
      ]) === true
    );
  }
  if (isList(expected) && isList(actual)) {
    return expected.length === actual.length && expected.every((item, index) => areSame(item, actual[index] ?? null));
  }
  if (isContext(expected)) {
    const entries = listEntries(expected);
    if (entries.length !== listEntries(actual).length) return false;
    return entries.every(([name, value]) => {
      const other = getEntry(actual, name);
      return other !== undefined && areSame(value, other);
    });
  }
  return areEqual(expected, actual) === true || (expected === null && actual === null);
}
