// The checks on the logic of decision tables: gaps, overlaps, contradictions and rows without use, each with an example
// that shows the fault, and a neighbour without it.

import { describe, expect, it } from 'vitest';
import { checkTable } from '../../../server/engine/decisions/table/check-table.ts';
import { textOfFinding } from '../../../server/engine/decisions/table/finding-texts.ts';
import { tableOf, type TableSketch } from './table-model.ts';

const check = (sketch: TableSketch) => checkTable(tableOf(sketch));
const brief = (sketch: TableSketch) =>
  check(sketch).map(({ kind, rows, region }) => ({
    kind,
    rows: rows.join(','),
    at: region.map(({ test }) => test).join(' | '),
  }));

describe('checks on decision tables', () => {
  it('a complete table without overlaps has no findings', () => {
    const rows = [
      ['< 10', '"a"', '1'],
      ['>= 10', '"a"', '2'],
      ['-', 'not("a")', '3'],
    ];
    expect(brief({ inputs: ['x', 'y'], rows })).toEqual([]);
  });

  it('a gap between two intervals is named with its region and an example', () => {
    const findings = check({
      inputs: ['x'],
      rows: [
        ['<= 10', '1'],
        ['>= 12', '2'],
      ],
    });
    expect(findings).toMatchObject([{ kind: 'gap', region: [{ input: 'x', test: '(10..12)', example: '11' }] }]);
  });

  it('a single missing value between open intervals is a gap of its own', () => {
    expect(
      brief({
        inputs: ['x'],
        rows: [
          ['< 10', '1'],
          ['> 10', '2'],
        ],
      }),
    ).toEqual([{ kind: 'gap', rows: '', at: '10' }]);
  });

  it('no gap is seen between two consecutive days', () => {
    const rows = [
      ['<= date("2024-02-28")', '1'],
      ['>= @"2024-02-29"', '2'],
    ];
    expect(brief({ inputs: ['day'], rows })).toEqual([]);
    const gap = [
      ['<= date("2024-02-28")', '1'],
      ['>= @"2024-03-01"', '2'],
    ];
    expect(check({ inputs: ['day'], rows: gap })).toMatchObject([
      { kind: 'gap', region: [{ example: 'date("2024-02-29")' }] },
    ]);
  });

  it('text that no row names is a gap, unless the allowed values exclude it', () => {
    const rows = [
      ['"a"', '1'],
      ['"b"', '2'],
    ];
    expect(brief({ inputs: ['x'], rows })).toEqual([{ kind: 'gap', rows: '', at: 'not("a", "b")' }]);
    const extra = { x: '<inputValues><text>"a","b"</text></inputValues>' };
    expect(brief({ inputs: ['x'], rows, extra })).toEqual([]);
  });

  it('booleans have two values and nothing between them', () => {
    expect(brief({ inputs: ['x'], rows: [['true', '1']] })).toEqual([{ kind: 'gap', rows: '', at: 'false' }]);
    expect(
      brief({
        inputs: ['x'],
        rows: [
          ['true', '1'],
          ['not(true)', '2'],
        ],
      }),
    ).toEqual([]);
  });

  it('a gap in two columns is found as their combination', () => {
    const rows = [
      ['< 5', '-', '1'],
      ['>= 5', '"a"', '2'],
    ];
    expect(brief({ inputs: ['x', 'y'], rows })).toEqual([{ kind: 'gap', rows: '', at: '>= 5 | not("a")' }]);
  });

  it('a default output leaves no gap', () => {
    const extra = { out: '<defaultOutputEntry><text>0</text></defaultOutputEntry>' };
    expect(brief({ inputs: ['x'], rows: [['< 5', '1']], extra })).toEqual([]);
  });

  it('rows that match together are an overlap where one row may match, and none where the first wins', () => {
    const rows = [
      ['<= 10', '1'],
      ['>= 10', '2'],
    ];
    expect(check({ inputs: ['x'], rows })).toMatchObject([
      { kind: 'overlap', rows: [1, 2], ruleIds: ['r1', 'r2'], region: [{ test: '10', example: '10' }] },
    ]);
    expect(brief({ inputs: ['x'], rows, hitPolicy: 'FIRST' })).toEqual([]);
  });

  it('rows that may match together contradict each other only when their results differ', () => {
    const hitPolicy = 'ANY';
    expect(
      brief({
        inputs: ['x'],
        hitPolicy,
        rows: [
          ['<= 10', '1'],
          ['>= 5', '1'],
        ],
      }),
    ).toEqual([]);
    expect(
      brief({
        inputs: ['x'],
        hitPolicy,
        rows: [
          ['<= 10', '1'],
          ['>= 5', '2'],
        ],
      }),
    ).toEqual([{ kind: 'contradiction', rows: '1,2', at: '[5..10]' }]);
  });

  it('a row that several rows above it cover together is never used', () => {
    const rows = [
      ['<= 10', '-', '1'],
      ['> 10', '"a"', '2'],
      ['[5..20]', '"a"', '3'],
      ['-', '-', '4'],
    ];
    expect(brief({ inputs: ['x', 'y'], hitPolicy: 'FIRST', rows })).toEqual([
      { kind: 'unreachable', rows: '3', at: '[5..20] | "a"' },
    ]);
  });

  it('a row that no value can satisfy is never used', () => {
    expect(
      brief({
        inputs: ['x'],
        rows: [
          ['(5..5)', '1'],
          ['-', '2'],
        ],
      }),
    ).toEqual([{ kind: 'unreachable', rows: '1', at: '' }]);
  });

  it('rows with expressions are left out, and no gap is claimed beside them', () => {
    const rows = [
      ['< 5', '1'],
      ['? > limit', '2'],
    ];
    expect(brief({ inputs: ['x'], rows })).toEqual([{ kind: 'not-judged', rows: '2', at: '' }]);
  });

  it('a table beyond the budget says that the check stopped', () => {
    const rows = Array.from({ length: 400 }, (_, i) => [
      `[${i}..${i + 200}]`,
      `[${i}..${i + 200}]`,
      `[${i}..${i + 90}]`,
      '1',
    ]);
    const findings = checkTable(tableOf({ inputs: ['x', 'y', 'z'], hitPolicy: 'RULE ORDER', rows }), {
      maxFindings: 50,
      maxSteps: 20_000,
      maxRows: 5_000,
    });
    expect(findings.at(-1)?.kind).toBe('gave-up');
  });

  it('findings are sentences in both languages', () => {
    const [gap] = check({
      inputs: ['Số tiền'],
      rows: [
        ['<= 10', '1'],
        ['>= 12', '2'],
      ],
    });
    expect(gap && textOfFinding(gap, 'vi')).toBe(
      'Không có dòng nào trả lời khi Số tiền: (10..12). Ví dụ: Số tiền = 11.',
    );
    expect(gap && textOfFinding(gap, 'en')).toBe('No row answers when Số tiền: (10..12). Example: Số tiền = 11.');
  });
});
