// Which of the matching rules give the result (DMN 1.5, 8.2.10). A rule that is needed is evaluated when it is needed, so
// that FIRST never evaluates the outputs of later rules.

import type { Aggregation, HitPolicy } from '../model/definitions.ts';
import { aggregate, areEqual, type Value } from '../feel.ts';

export interface Matches {
  /** Rows from 0, in table order; never empty. */
  readonly rows: readonly number[];
  /** The value of a row: its output, or a context of its outputs. */
  readonly valueOf: (row: number) => Value;
  /** The outputs of a row, by column. */
  readonly outputsOf: (row: number) => readonly Value[];
  /** Rank of an output value among the allowed values of its column; Infinity when it is not among them. */
  readonly rankOf: (column: number, value: Value) => number;
}

export type Outcome = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

const give = (value: Value): Outcome => ({ ok: true, value });
const refuse = (message: string): Outcome => ({ ok: false, message });

const rowText = (rows: readonly number[]): string => rows.map((row) => row + 1).join(', ');

const POLICIES: Readonly<Record<Exclude<HitPolicy, 'COLLECT'>, (matches: Matches) => Outcome>> = {
  UNIQUE: ({ rows, valueOf }) => {
    const [row] = rows;
    if (row === undefined || rows.length > 1) return refuse(`one rule may match, but rules ${rowText(rows)} match`);
    return give(valueOf(row));
  },
  ANY: ({ rows, valueOf }) => {
    const values = rows.map(valueOf);
    const [first = null] = values;
    if (values.every((value) => areEqual(first, value) === true)) return give(first);
    return refuse(`matching rules must agree, but rules ${rowText(rows)} give different results`);
  },
  PRIORITY: (matches) => give(inPriorityOrder(matches)[0] ?? null),
  FIRST: ({ rows, valueOf }) => give(rows[0] === undefined ? null : valueOf(rows[0])),
  'RULE ORDER': ({ rows, valueOf }) => give(rows.map(valueOf)),
  'OUTPUT ORDER': (matches) => give(inPriorityOrder(matches)),
};

/** Outputs are compared column by column, left to right; rows that are equal in all stay in table order. */
function inPriorityOrder({ rows, valueOf, outputsOf, rankOf }: Matches): readonly Value[] {
  const ranked = rows.map((row) => ({ row, ranks: outputsOf(row).map((value, column) => rankOf(column, value)) }));
  ranked.sort((a, b) => {
    for (const [column, rank] of a.ranks.entries()) {
      const other = b.ranks[column] ?? Infinity;
      if (rank !== other) return rank < other ? -1 : 1;
    }
    return a.row - b.row;
  });
  return ranked.map(({ row }) => valueOf(row));
}

/** What a table answers when nothing matches and no default output is given. */
export function emptyResult(policy: HitPolicy, aggregation: Aggregation | null): Value {
  if (policy !== 'COLLECT') return null;
  if (aggregation === null) return [];
  return aggregation === 'COUNT' ? aggregate('COUNT', []) : null;
}

export function applyHitPolicy(
  policy: HitPolicy,
  aggregation: Aggregation | null,
  matches: Matches,
  combine: (outputs: readonly Value[]) => Value,
): Outcome {
  if (policy !== 'COLLECT') return POLICIES[policy](matches);
  const { rows, valueOf, outputsOf } = matches;
  if (aggregation === null) return give(rows.map(valueOf));
  if (aggregation === 'COUNT') return give(aggregate('COUNT', rows.map(valueOf)));
  // With several outputs each column is aggregated by itself.
  const outputs = rows.map(outputsOf);
  const columns = outputs[0]?.map((_, column) => outputs.map((values) => values[column] ?? null)) ?? [];
  return give(combine(columns.map((values) => aggregate(aggregation, values))));
}
