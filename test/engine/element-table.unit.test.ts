// docs/engine.md promises a table of every element with its support and its test; this keeps the promise.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ELEMENTS } from '../../server/engine/elements/index.ts';

const page = readFileSync(new URL('../../docs/engine.md', import.meta.url), 'utf8');
const [, table = ''] = page
  .split(/^## /m)
  .filter((section, index) => index === 0 || section.startsWith('Every BPMN element'));
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| BPMN element') && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

const codes = (cell: string | undefined): readonly string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

describe('the table of elements', () => {
  it('has a row for every element that the engine runs, and for no other', () => {
    const kinds = new Set(rows.flatMap((row) => codes(row[2])));

    expect([...kinds].sort()).toEqual(Object.keys(ELEMENTS).sort());
  });

  it('says how far each element is supported, and names a test that exists', () => {
    for (const row of rows) {
      expect(row[3], row[1]).toMatch(/^(yes|part: .+|drawing|no)$/);
      const tests = codes(row[4]);
      expect(tests.length, row[1]).toBeGreaterThan(0);
      for (const test of tests) {
        expect(existsSync(new URL(`./${test}.unit.test.ts`, import.meta.url)), `${test} of '${row[1]}'`).toBe(true);
      }
    }
  });
});
