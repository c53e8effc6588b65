// Checks on the logic of a decision table: inputs that no row answers, rows that answer together where only one may, rows
// that can never answer. The domain of each column is partitioned exactly (column-domain.ts); a budget bounds the work,
// and a check that was not finished says so instead of answering "nothing found".

import type { DecisionTable } from '../model/definitions.ts';
import type { ColumnDomain, PieceRange } from './column-domain.ts';
import { domainOfColumn, exampleOf, isIn, textOfPieces } from './column-domain.ts';
import type { Cell } from './read-cell.ts';
import { readCell } from './read-cell.ts';

export type FindingKind =
  /** No row answers. */
  | 'gap'
  /** Several rows answer where the hit policy allows one. */
  | 'overlap'
  /** Rows that may answer together, as long as they say the same, say different things. */
  | 'contradiction'
  /** Earlier rows answer everything that this row could, or nothing can satisfy it. */
  | 'unreachable'
  /** Only FEEL can judge a cell of these rows; they were left out. */
  | 'not-judged'
  /** The work was stopped at its budget: more may be wrong than is listed. */
  | 'gave-up';

export interface Finding {
  readonly kind: FindingKind;
  /** Row numbers from 1. */
  readonly rows: readonly number[];
  readonly ruleIds: readonly (string | null)[];
  /** Per input: its name, the region as a unary test, and one value of it as FEEL. Empty when there is no example. */
  readonly region: readonly RegionPart[];
}

export interface RegionPart {
  readonly input: string;
  readonly test: string;
  readonly example: string;
}

export interface CheckLimits {
  readonly maxFindings: number;
  /** Steps of the sweep, and pairs of rows. */
  readonly maxSteps: number;
  /** Larger tables are not judged at all. */
  readonly maxRows: number;
}

export const CHECK_LIMITS: CheckLimits = { maxFindings: 50, maxSteps: 20_000_000, maxRows: 5_000 };

interface Sweep {
  readonly table: DecisionTable;
  readonly domains: readonly ColumnDomain[];
  /** Rows that are judged: all their cells are recognised and can be satisfied. */
  readonly rows: readonly number[];
  readonly limits: CheckLimits;
  readonly findings: Finding[];
  steps: number;
}

export function checkTable(table: DecisionTable, limits: CheckLimits = CHECK_LIMITS): readonly Finding[] {
  if (table.rules.length > limits.maxRows) return [findingOf(table, 'gave-up', [], [])];
  const domains = table.inputs.map((input, column) =>
    domainOfColumn(
      table.rules.map((rule) => readCell(rule.inputEntries[column]?.text ?? '-')),
      allowedOf(input.allowedValues?.text),
    ),
  );
  const findings: Finding[] = [];
  const all = table.rules.map((_, row) => row);
  const isOpaque = (row: number): boolean => domains.some((domain) => domain.accepted[row] === null);
  const isImpossible = (row: number): boolean => domains.some((domain) => piecesOfRow(domain, row).length === 0);
  const opaque = all.filter(isOpaque);
  const impossible = all.filter((row) => !isOpaque(row) && isImpossible(row));
  const rows = all.filter((row) => !isOpaque(row) && !isImpossible(row));
  const sweep: Sweep = { table, domains, rows, limits, findings, steps: 0 };
  for (const row of impossible) findings.push(findingOf(table, 'unreachable', [row], []));
  checkPairs(sweep);
  checkCovered(sweep);
  // A row that only FEEL can judge might fill any gap, so no gap is claimed beside one.
  if (opaque.length === 0) checkGaps(sweep);
  else findings.push(findingOf(table, 'not-judged', opaque, []));
  if (sweep.steps > limits.maxSteps || isFull(sweep)) findings.push(findingOf(table, 'gave-up', [], []));
  return findings;
}

const allowedOf = (text: string | undefined): Cell => (text === undefined ? { kind: 'any' } : readCell(text));

const acceptedBy = (domain: ColumnDomain, row: number): readonly PieceRange[] => domain.accepted[row] ?? [];
const piecesOfRow = (domain: ColumnDomain, row: number): readonly number[] =>
  domain.pieces.filter((piece) => isIn(acceptedBy(domain, row), piece));

function findingOf(
  table: DecisionTable,
  kind: FindingKind,
  rows: readonly number[],
  region: readonly RegionPart[],
): Finding {
  return {
    kind,
    rows: rows.map((row) => row + 1),
    ruleIds: rows.map((row) => table.rules[row]?.place.id ?? null),
    region,
  };
}

function regionOf({ table, domains }: Sweep, pieces: readonly (readonly number[])[]): readonly RegionPart[] {
  return domains.map((domain, column) => {
    const input = table.inputs[column];
    const own = pieces[column] ?? domain.pieces;
    return {
      input: input?.label ?? input?.expression?.text.trim() ?? '',
      test: textOfPieces(domain, own),
      example: exampleOf(domain, own[0] ?? domain.pieces[0] ?? 0),
    };
  });
}

const isFull = ({ findings, limits }: Sweep): boolean => findings.length >= limits.maxFindings;

/** Two rows answer together exactly when their cells share a piece in every column. */
function checkPairs(sweep: Sweep): void {
  const { table, rows, limits } = sweep;
  const { hitPolicy } = table;
  if (hitPolicy !== 'UNIQUE' && hitPolicy !== 'ANY') return;
  for (const [index, first] of rows.entries()) {
    for (const second of rows.slice(index + 1)) {
      sweep.steps += 1;
      if (isFull(sweep) || sweep.steps > limits.maxSteps) return;
      const doContradict = !haveSameOutputs(table, first, second);
      if (hitPolicy === 'ANY' && !doContradict) continue;
      const shared = sharedPieces(sweep, first, second);
      if (shared === null) continue;
      const kind = hitPolicy === 'ANY' ? 'contradiction' : 'overlap';
      sweep.findings.push(findingOf(table, kind, [first, second], regionOf(sweep, shared)));
    }
  }
}

function sharedPieces({ domains }: Sweep, first: number, second: number): readonly (readonly number[])[] | null {
  const shared: (readonly number[])[] = [];
  for (const domain of domains) {
    const [a, b] = [acceptedBy(domain, first), acceptedBy(domain, second)];
    const overlaps = a.some((x) => b.some((y) => x.from <= y.to && y.from <= x.to));
    if (!overlaps) return null;
    const pieces = domain.pieces.filter((piece) => isIn(a, piece) && isIn(b, piece));
    if (pieces.length === 0) return null;
    shared.push(pieces);
  }
  return shared;
}

function haveSameOutputs(table: DecisionTable, first: number, second: number): boolean {
  const outputsOf = (row: number) => table.rules[row]?.outputEntries.map((entry) => entry.text.trim()) ?? [];
  return JSON.stringify(outputsOf(first)) === JSON.stringify(outputsOf(second));
}

/** First hit: a row is useless when the rows above it answer all of its inputs. */
function checkCovered(sweep: Sweep): void {
  if (sweep.table.hitPolicy !== 'FIRST') return;
  for (const [index, row] of sweep.rows.entries()) {
    const earlier = sweep.rows.slice(0, index).filter((other) => sharedPieces(sweep, other, row) !== null);
    sweep.steps += index;
    if (isFull(sweep) || sweep.steps > sweep.limits.maxSteps) return;
    if (earlier.length === 0) continue;
    const within = sweep.domains.map((domain) => piecesOfRow(domain, row));
    if (findUncovered(sweep, within, earlier) === 'covered') {
      sweep.findings.push(findingOf(sweep.table, 'unreachable', [row], regionOf(sweep, within)));
    }
  }
}

function checkGaps(sweep: Sweep): void {
  const within = sweep.domains.map((domain) => domain.pieces);
  // A collection of nothing is an answer, and so is a default output.
  if (sweep.table.hitPolicy === 'COLLECT') return;
  if (sweep.table.outputs.some((output) => output.defaultEntry !== null)) return;
  visitUncovered(sweep, { within, column: 0, rows: sweep.rows, path: [] }, (pieces) => {
    sweep.findings.push(findingOf(sweep.table, 'gap', [], regionOf(sweep, pieces)));
    return !isFull(sweep);
  });
}

function findUncovered(
  sweep: Sweep,
  within: readonly (readonly number[])[],
  rows: readonly number[],
): 'covered' | 'uncovered' | 'unknown' {
  let isUncovered = false;
  const isComplete = visitUncovered(sweep, { within, column: 0, rows, path: [] }, () => {
    isUncovered = true;
    return false;
  });
  if (isUncovered) return 'uncovered';
  return isComplete ? 'covered' : 'unknown';
}

interface Region {
  readonly within: readonly (readonly number[])[];
  readonly column: number;
  /** Rows that accept everything chosen so far. */
  readonly rows: readonly number[];
  readonly path: readonly (readonly number[])[];
}

/** Visits regions that no row accepts; false when it was stopped by the visitor or by the budget. */
function visitUncovered(
  sweep: Sweep,
  region: Region,
  visit: (pieces: readonly (readonly number[])[]) => boolean,
): boolean {
  sweep.steps += 1 + region.rows.length;
  if (sweep.steps > sweep.limits.maxSteps) return false;
  const { within, column, rows, path } = region;
  if (rows.length === 0) return visit([...path, ...within.slice(column)]);
  const domain = sweep.domains[column];
  if (domain === undefined) return true;
  const pieces = within[column] ?? [];
  sweep.steps += pieces.length * rows.length;
  if (sweep.steps > sweep.limits.maxSteps) return false;
  for (const group of groupPieces(domain, pieces, rows)) {
    const next = { within, column: column + 1, rows: group.rows, path: [...path, group.pieces] };
    if (!visitUncovered(sweep, next, visit)) return false;
  }
  return true;
}

/** Pieces that the same rows accept are one piece for everything that follows. */
function groupPieces(domain: ColumnDomain, pieces: readonly number[], rows: readonly number[]) {
  const groups = new Map<string, { readonly pieces: number[]; readonly rows: readonly number[] }>();
  for (const piece of pieces) {
    const accepting = rows.filter((row) => isIn(acceptedBy(domain, row), piece));
    const key = accepting.join(',');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { pieces: [piece], rows: accepting });
    else group.pieces.push(piece);
  }
  return groups.values();
}
