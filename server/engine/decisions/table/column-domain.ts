// The domain of one input column, cut into pieces by the values that its cells name. Within a piece no cell can tell two
// values apart, so judging one value of each piece judges all values: that makes the checks on tables exact.

import { compareProbes, kindOfColumn, piecesOf, type Probe, pointsOf } from './column-index.ts';
import type { Cell, LiteralKind } from './read-cell.ts';

/** Contiguous pieces, both ends included. */
export interface PieceRange {
  readonly from: number;
  readonly to: number;
}

export interface ColumnDomain {
  readonly kind: LiteralKind | null;
  readonly points: readonly Probe[];
  /** Numbers of the pieces that can hold a value: no number lies between two days, no third boolean exists. */
  readonly pieces: readonly number[];
  /** Of each row: the pieces that its cell accepts, or null when only FEEL can judge the cell. */
  readonly accepted: readonly (readonly PieceRange[] | null)[];
}

/** `allowed`: the cell form of the input's allowed values, which make every other value impossible. */
export function domainOfColumn(cells: readonly Cell[], allowed: Cell): ColumnDomain {
  const kind = allowed.kind === 'tests' ? allowed.of : kindOfColumn(cells);
  if (kind === null) {
    return { kind, points: [], pieces: [0], accepted: cells.map((cell) => (cell.kind === 'any' ? [ALL] : null)) };
  }
  const points = kind === 'boolean' ? [false, true] : pointsOf([...cells, allowed], kind);
  const count = 2 * points.length + 1;
  const positions = new Map(points.map((point, index) => [point, index]));
  const accept = (cell: Cell): readonly PieceRange[] | null => {
    if (cell.kind === 'any') return [{ from: 0, to: count - 1 }];
    if (cell.kind === 'opaque' || cell.of !== kind) return null;
    const ranges = cell.tests.map((test) => piecesOf(test, positions, count)).filter(({ from, to }) => from <= to);
    return cell.isNegated ? complementOf(ranges, count) : ranges;
  };
  const possible = accept(allowed);
  const pieces = Array.from({ length: count }, (_, piece) => piece).filter(
    (piece) => canHoldValue(kind, points, piece) && (possible === null || isIn(possible, piece)),
  );
  return { kind, points, pieces, accepted: cells.map(accept) };
}

const ALL: PieceRange = { from: 0, to: 0 };

export const isIn = (ranges: readonly PieceRange[], piece: number): boolean =>
  ranges.some(({ from, to }) => piece >= from && piece <= to);

function complementOf(ranges: readonly PieceRange[], count: number): readonly PieceRange[] {
  const rest: PieceRange[] = [];
  let next = 0;
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (from > next) rest.push({ from: next, to: from - 1 });
    next = Math.max(next, to + 1);
  }
  if (next < count) rest.push({ from: next, to: count - 1 });
  return rest;
}

const isPoint = (piece: number): boolean => piece % 2 === 1;

function canHoldValue(kind: LiteralKind, points: readonly Probe[], piece: number): boolean {
  if (isPoint(piece)) return true;
  if (kind === 'boolean') return false;
  const [before, after] = [points[piece / 2 - 1], points[piece / 2]];
  if (kind !== 'date' || typeof before !== 'string' || typeof after !== 'string') return true;
  return compareProbes(plusDays(before, 1), after) < 0;
}

const MS_PER_DAY = 86_400_000;
const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 'YYYY-MM-DD'.length);

/** A FEEL literal out of a piece, as an example for people. */
export function exampleOf({ kind, points }: ColumnDomain, piece: number): string {
  if (kind === null) return '…';
  if (isPoint(piece)) return literalText(kind, points[(piece - 1) / 2] ?? '');
  const [before, after] = [points[piece / 2 - 1], points[piece / 2]];
  if (kind === 'number') return String(numberBetween(before, after));
  if (kind === 'date') return literalText(kind, dateBetween(before, after));
  let other = '?';
  while (points.includes(other)) other += '?';
  return literalText(kind, other);
}

function numberBetween(before: Probe | undefined, after: Probe | undefined): number {
  if (typeof before === 'number' && typeof after === 'number') {
    const whole = Math.floor(before) + 1;
    return whole < after ? whole : (before + after) / 2;
  }
  if (typeof before === 'number') return Math.floor(before) + 1;
  return typeof after === 'number' ? Math.ceil(after) - 1 : 0;
}

function dateBetween(before: Probe | undefined, after: Probe | undefined): string {
  if (typeof before === 'string') return plusDays(before, 1);
  return typeof after === 'string' ? plusDays(after, -1) : '';
}

function literalText(kind: LiteralKind, value: Probe): string {
  if (kind === 'date') return `date("${String(value)}")`;
  return kind === 'string' ? JSON.stringify(value) : String(value);
}

/** The pieces as a unary test: `(10..20)`, `"a", "b"`, `> 5`. */
export function textOfPieces(domain: ColumnDomain, pieces: readonly number[]): string {
  if (domain.kind === null || pieces.length === domain.pieces.length) return '-';
  const kind = domain.kind;
  if (kind === 'string' || kind === 'boolean') return textOfValues(domain, kind, pieces);
  const runs: [number, number][] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    // Pieces that cannot hold a value (no day between two days) do not interrupt a run.
    const previous = domain.pieces[domain.pieces.indexOf(piece) - 1];
    if (last !== undefined && last[1] === previous) last[1] = piece;
    else runs.push([piece, piece]);
  }
  return runs.map(([from, to]) => textOfRun(domain.points, kind, from, to)).join(', ');
}

function textOfValues({ points, pieces: all }: ColumnDomain, kind: LiteralKind, pieces: readonly number[]): string {
  const textOf = (piece: number): string => literalText(kind, points[(piece - 1) / 2] ?? '');
  if (pieces.every(isPoint)) return pieces.map(textOf).join(', ');
  // "Any other text" is among them: what is excluded is the shorter description.
  const excluded = all.filter((piece) => isPoint(piece) && !pieces.includes(piece));
  return excluded.length === 0 ? '-' : `not(${excluded.map(textOf).join(', ')})`;
}

function textOfRun(points: readonly Probe[], kind: LiteralKind, from: number, to: number): string {
  const low = isPoint(from) ? points[(from - 1) / 2] : points[from / 2 - 1];
  const high = isPoint(to) ? points[(to - 1) / 2] : points[to / 2];
  if (low === undefined && high === undefined) return '-';
  if (low === undefined) return `${isPoint(to) ? '<=' : '<'} ${literalText(kind, high ?? '')}`;
  if (high === undefined) return `${isPoint(from) ? '>=' : '>'} ${literalText(kind, low)}`;
  if (from === to && isPoint(from)) return literalText(kind, low);
  const [open, close] = [isPoint(from) ? '[' : '(', isPoint(to) ? ']' : ')'];
  return `${open}${literalText(kind, low)}..${literalText(kind, high)}${close}`;
}
