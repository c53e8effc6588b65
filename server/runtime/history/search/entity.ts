// How a kind of thing that can be searched is described: once, as data. From a description come the SQL (query.ts), the
// schemas of requests and answers (server/api/v2/queries), the sortable fields and the cursors, so that none of them can
// disagree. `sql` is always text of ours; what a caller sends travels as a parameter.

/** `…F`: a plain value, or an object of operators. The others take a plain value only. */
export type FilterKind =
  | 'strF'
  | 'keyF'
  | 'dateF'
  | 'intF'
  | 'enumF'
  | 'string'
  | 'key'
  | 'int'
  | 'bool'
  | 'enum'
  /** All of these texts are in the list. */
  | 'tags'
  /** `[{name, value: strF}]` against JSON text; `sql` is the condition that ties a variable `v` to the row. */
  | 'variables';

export type ValueType = 'key' | 'string' | 'int' | 'bool' | 'date' | 'enum' | 'strings' | 'headers' | 'json';

interface Filterable {
  readonly filter: FilterKind;
  readonly sql: string;
  readonly values?: readonly string[];
  /** The column is a list: a condition holds when one of its texts fulfils it. */
  readonly isList?: true;
  readonly isNullable?: true;
  /** Name of the related rows that the condition speaks about; see `related`. */
  readonly through?: string;
  /** Ranges of a column that may be empty: the expression that has the index, greater than every time when it is. */
  readonly range?: string;
  /** A longer column is searched by its beginning first: the expression that has the index, and its length. */
  readonly prefix?: { readonly sql: string; readonly length: number };
}

/** A property of the answer. */
export interface Field {
  readonly type: ValueType;
  readonly sql: string;
  readonly values?: readonly string[];
  readonly isNullable?: true;
  readonly filter?: FilterKind;
  readonly isSortable?: true;
  /** What to sort by when it is not `sql`: never null, because a cursor compares with it. */
  readonly order?: string;
  /** The same in every row: sorting by it changes nothing. */
  readonly isConstant?: true;
}

export interface Entity {
  readonly name: string;
  /** `:viewer` stands for the tenant that the viewer is bound to, null when it is bound to none. */
  readonly from: string;
  /** Unique together, never null: the default order and the end of every other one. */
  readonly keys: readonly { readonly sql: string; readonly type: 'bigint' | 'integer' | 'text' }[];
  /** Whose row it is; null when everybody may see it. */
  readonly tenant: string | null;
  /** A condition that always holds for what exists. */
  readonly where?: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** What can be filtered by and is not in the answer, or is filtered in another way than it is answered. */
  readonly filters: Readonly<Record<string, Filterable>>;
  /** Related rows: the beginning of a subquery to which conditions are added with `and`. */
  readonly related?: Readonly<Record<string, string>>;
  /** `$or: [filter, …]` may stand in the filter. */
  readonly hasOr?: true;
}

/** Every name that a filter of this entity may use. */
export function filtersOf(entity: Entity): Readonly<Record<string, Filterable>> {
  const own = Object.entries(entity.fields).flatMap(([name, field]): [string, Filterable][] => {
    if (field.filter === undefined) return [];
    const { filter, sql, values, isNullable } = field;
    const range = filter === 'dateF' && isNullable === true ? { range: orderOf(field) } : {};
    return [[name, { filter, sql, ...(values && { values }), ...(isNullable && { isNullable }), ...range }]];
  });
  return { ...Object.fromEntries(own), ...entity.filters };
}

/** Never null, so that a row's place can be compared: what is missing comes last among times and first otherwise. */
export function orderOf({ sql, order, type, isNullable }: Field): string {
  if (order !== undefined) return order;
  if (isNullable !== true) return sql;
  if (type === 'date') return `coalesce(${sql}, 'infinity')`;
  return type === 'string' || type === 'enum' ? `coalesce(${sql}, '')` : `coalesce(${sql}, 0)`;
}

export const sortFieldsOf = (entity: Entity): readonly string[] =>
  Object.entries(entity.fields).flatMap(([name, field]) => (field.isSortable === true ? [name] : []));

export type { Filterable };
