// One column of a decision table, prepared for lookup: the values that its cells name cut the domain into points and the
// gaps between them, and for each of these pieces the rows whose cell accepts it are known as bits. A lookup is one
// binary search. Only values of the column's own kind are answered; all others are left to FEEL, row by row.

import type { Cell, Interval, Literal, LiteralKind } from './read-cell.ts';
import { addAll, addRow, emptyRowSet, type RowSet, wordsFor } from './row-set.ts';

/** A value of the input, reduced to what a column compares. */
export type Probe = Literal['value'];

export interface ColumnIndex {
  readonly kind: LiteralKind;
  /** Rows whose cell accepts the value; rows with an opaque cell are among them and have to be asked. */
  readonly rowsFor: (value: Probe) => RowSet;
  /** Rows whose cell only FEEL can judge. */
  readonly opaque: RowSet;
}

/** Words of all bit sets of a column; beyond it (some 5,000 rows with as many values) a scan is cheaper than the memory. */
const MAX_WORDS = 2_000_000;

export const compareProbes = (a: Probe, b: Probe): number => (a < b ? -1 : a > b ? 1 : 0);

/** The distinct values that cells of a kind name, in order. */
export function pointsOf(cells: readonly Cell[], kind: LiteralKind): readonly Probe[] {
  const values = new Set<Probe>();
  for (const cell of cells) {
    if (cell.kind !== 'tests' || cell.of !== kind) continue;
    for (const { low, high } of cell.tests) {
      if (low !== null) values.add(low.literal.value);
      if (high !== null) values.add(high.literal.value);
    }
  }
  return [...values].sort(compareProbes);
}

/** The kind that most recognised cells of a column have; null when none is recognised. */
export function kindOfColumn(cells: readonly Cell[]): LiteralKind | null {
  const counts = new Map<LiteralKind, number>();
  for (const cell of cells) {
    if (cell.kind === 'tests') counts.set(cell.of, (counts.get(cell.of) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/**
 * Pieces of the domain in order: piece 2i+1 is the point i, piece 2i the gap before it, the last piece the gap behind all.
 * The pieces that an interval covers are contiguous.
 */
export function piecesOf({ low, high }: Interval, positions: ReadonlyMap<Probe, number>, pieces: number) {
  const from = low === null ? 0 : 2 * (positions.get(low.literal.value) ?? 0) + (low.isIncluded ? 1 : 2);
  const to = high === null ? pieces - 1 : 2 * (positions.get(high.literal.value) ?? 0) + (high.isIncluded ? 1 : 0);
  return { from, to };
}

export function indexColumn(cells: readonly Cell[]): ColumnIndex | null {
  const kind = kindOfColumn(cells);
  if (kind === null) return null;
  const points = pointsOf(cells, kind);
  const pieces = 2 * points.length + 1;
  if (pieces * wordsFor(cells.length) > MAX_WORDS) return null;
  const positions = new Map(points.map((point, index) => [point, index]));
  const sets = Array.from({ length: pieces }, () => emptyRowSet(cells.length));
  const everywhere = emptyRowSet(cells.length);
  const opaque = emptyRowSet(cells.length);
  cells.forEach((cell, row) => {
    if (cell.kind === 'tests' && cell.of === kind) {
      addPieces(cell, { row, positions, sets });
      return;
    }
    addRow(everywhere, row);
    if (cell.kind !== 'any') addRow(opaque, row);
  });
  for (const set of sets) addAll(set, everywhere);
  const fallback = sets[0] ?? everywhere;
  return { kind, opaque, rowsFor: (value) => sets[pieceOf(points, value)] ?? fallback };
}

interface Target {
  readonly row: number;
  readonly positions: ReadonlyMap<Probe, number>;
  readonly sets: readonly RowSet[];
}

function addPieces(cell: Extract<Cell, { kind: 'tests' }>, { row, positions, sets }: Target): void {
  if (!cell.isNegated) {
    for (const test of cell.tests) {
      const { from, to } = piecesOf(test, positions, sets.length);
      for (let piece = from; piece <= to; piece += 1) addTo(sets[piece], row);
    }
    return;
  }
  const ranges = cell.tests.map((test) => piecesOf(test, positions, sets.length));
  for (let piece = 0; piece < sets.length; piece += 1) {
    if (!ranges.some(({ from, to }) => piece >= from && piece <= to)) addTo(sets[piece], row);
  }
}

function addTo(set: RowSet | undefined, row: number): void {
  if (set !== undefined) addRow(set, row);
}

/** The piece of the domain that holds the value. */
export function pieceOf(points: readonly Probe[], value: Probe): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareProbes(points[middle] ?? value, value) < 0) low = middle + 1;
    else high = middle;
  }
  return points[low] === value ? 2 * low + 1 : 2 * low;
}
