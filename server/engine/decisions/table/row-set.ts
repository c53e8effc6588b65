// A set of rows as bits, 32 to a word: intersecting six columns of a table of 1,000 rows is 192 steps.

export type RowSet = Uint32Array;

const BITS = 32;

export const wordsFor = (rows: number): number => Math.ceil(rows / BITS);
export const emptyRowSet = (rows: number): RowSet => new Uint32Array(wordsFor(rows));

export function addRow(set: RowSet, row: number): void {
  const word = row >>> 5;
  set[word] = (set[word] ?? 0) | (1 << (row & 31));
}

export const hasRow = (set: RowSet, row: number): boolean => ((set[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;

export function addAll(set: RowSet, other: RowSet): void {
  for (let word = 0; word < set.length; word += 1) set[word] = (set[word] ?? 0) | (other[word] ?? 0);
}

/** Calls `visit` with each row that is in all sets, in order, until it answers false. */
export function visitCommonRows(sets: readonly RowSet[], rows: number, visit: (row: number) => boolean): void {
  const words = wordsFor(rows);
  for (let word = 0; word < words; word += 1) {
    let common = word === words - 1 && rows % BITS !== 0 ? (1 << (rows % BITS)) - 1 : -1;
    for (const set of sets) {
      common &= set[word] ?? 0;
      if (common === 0) break;
    }
    while (common !== 0) {
      const lowest = common & -common;
      if (!visit(word * BITS + (BITS - 1 - Math.clz32(lowest)))) return;
      common ^= lowest;
    }
  }
}
