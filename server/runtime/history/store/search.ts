// Runs the statements that the search plans.

import type { Tx } from '../../../shared/transactions.ts';
import { writeCursor } from '../search/cursor.ts';
import type { Entity } from '../search/entity.ts';
import { planGet, planSearch, type SearchPlan, type SearchRequest, type Viewer, type Within } from '../search/query.ts';

/** An item as its entity describes it; the route's schema says the rest. */
export type Item = Readonly<Record<string, unknown>>;

export interface SearchPage {
  readonly items: readonly Item[];
  readonly page: {
    /** Not counted further than a limit; `hasMoreTotalItems` says that there are more. */
    readonly totalItems: number;
    readonly hasMoreTotalItems: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export async function searchEntity(
  tx: Tx,
  entity: Entity,
  viewer: Viewer,
  { request, within }: { readonly request: SearchRequest; readonly within?: Within | undefined },
): Promise<SearchPage> {
  const plan = planSearch(entity, viewer, request, within);
  const { rows } = await tx.query<Record<string, unknown>>(plan.page.sql, plan.page.values);
  const found = plan.isBackward ? [...rows].reverse() : rows;
  const total = await countAll(tx, plan, rows.length);
  const cursorOf = (row: Item | undefined): string | null => {
    if (row === undefined) return null;
    const values = Array.from({ length: plan.sortColumns }, (_, index) => String(row[`#${index}`]));
    return writeCursor({ order: plan.order, values });
  };
  return {
    items: found.map(withoutPosition),
    page: {
      totalItems: Math.min(total, plan.countLimit),
      hasMoreTotalItems: total > plan.countLimit,
      startCursor: cursorOf(found[0]),
      endCursor: cursorOf(found.at(-1)),
    },
  };
}

async function countAll(tx: Tx, plan: SearchPlan, found: number): Promise<number> {
  if (plan.isWhole && found < plan.limit) return found;
  const { rows } = await tx.query<{ total: number }>(plan.count.sql, plan.count.values);
  return rows[0]?.total ?? 0;
}

const withoutPosition = (row: Item): Item =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('#')));

export async function findByKey(tx: Tx, entity: Entity, viewer: Viewer, key: string): Promise<Item | null> {
  const { sql, values } = planGet(entity, viewer, key);
  const { rows } = await tx.query<Item>(sql, values);
  return rows[0] ?? null;
}
