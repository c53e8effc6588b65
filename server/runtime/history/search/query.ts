// A search → two statements: one page by keyset, and the number of all that match, counted no further than a limit.
// A page after a cursor costs the same wherever it stands: the cursor's position is a range of the index that gives the
// order, so nothing before it is read.

import { readCursor } from './cursor.ts';
import { type Entity, type Field, orderOf } from './entity.ts';
import { compileFilter, type Filter, refuse } from './filters.ts';
import { Parameters } from './parameters.ts';

export interface Viewer {
  /** The tenant whose rows it may see; null sees all. */
  readonly tenantId: string | null;
}

export interface SearchRequest {
  readonly filter?: Filter;
  readonly sort?: readonly { readonly field: string; readonly order?: string }[];
  readonly page?: {
    readonly limit?: number;
    readonly from?: number;
    readonly after?: string;
    readonly before?: string;
  };
}

/** Conditions that the route adds to what the caller asks: `of` is ours, its values are parameters. */
export interface Within {
  readonly sql: (parameters: Parameters) => string;
}

export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

export interface SearchPlan {
  readonly page: Statement;
  readonly count: Statement;
  readonly countLimit: number;
  readonly order: string;
  readonly limit: number;
  /** The rows come in the opposite order and have to be turned. */
  readonly isBackward: boolean;
  /** First page and nothing skipped: fewer rows than the limit are all rows. */
  readonly isWhole: boolean;
  readonly sortColumns: number;
}

const DEFAULT_LIMIT = 100;
export const LARGEST_LIMIT = 10_000;
/**
 * How far matches are counted. Who sees one agency of many finds its rows among those of all others, so that counting
 * costs as many times more; the first thousand tell a person enough.
 */
const countLimitOf = (viewer: Viewer): number => (viewer.tenantId === null ? 10_000 : 1_000);

interface SortTerm {
  readonly sql: string;
  readonly type: string;
  readonly isDescending: boolean;
}

export function planSearch(entity: Entity, viewer: Viewer, request: SearchRequest, within?: Within): SearchPlan {
  const { limit, from: offset, after, before } = readPage(request.page ?? {});
  const terms = sortTerms(entity, request.sort ?? defaultSort(entity, request.filter ?? {}));
  const order = terms.map((term) => `${term.sql}${term.isDescending ? '-' : '+'}`).join(' ');
  const signature = signatureOf(entity.name + order);
  const isBackward = before !== undefined;

  const parameters = new Parameters();
  const from = fromOf(entity, viewer, parameters);
  const conditions = conditionsOf(entity, viewer, { filter: request.filter, within }, parameters);
  const count = countStatement({ from, conditions, limit: countLimitOf(viewer) }, parameters);
  const cursor = after ?? before;
  if (cursor !== undefined) {
    const position = readCursor(cursor, signature, terms.length);
    conditions.push(beyond(terms, position, isBackward, parameters));
  }
  const direction = (term: SortTerm): string => (term.isDescending === isBackward ? 'asc' : 'desc');
  const columns = Object.entries(entity.fields).map(([name, field]) => `${field.sql} as "${name}"`);
  const positions = terms.map((term, index) => `(${term.sql})::text as "#${index}"`);
  const sql = `select ${[...columns, ...positions].join(', ')} from ${from} where ${conditions.join(' and ')}
    order by ${terms.map((term) => `${term.sql} ${direction(term)}`).join(', ')}
    limit ${parameters.add(limit, 'bigint')} offset ${parameters.add(offset, 'bigint')}`;
  return {
    page: { sql, values: parameters.values },
    count,
    countLimit: countLimitOf(viewer),
    order: signature,
    limit,
    isBackward,
    isWhole: cursor === undefined && offset === 0,
    sortColumns: terms.length,
  };
}

/** One thing by its key; nothing when it is not the viewer's. */
export function planGet(entity: Entity, viewer: Viewer, key: string): Statement {
  const parameters = new Parameters();
  const from = fromOf(entity, viewer, parameters);
  const conditions = conditionsOf(entity, viewer, {}, parameters);
  conditions.push(`${entity.keys[0]?.sql ?? ''} = ${parameters.add(key, 'bigint')}`);
  const columns = Object.entries(entity.fields).map(([name, field]) => `${field.sql} as "${name}"`);
  return {
    sql: `select ${columns.join(', ')} from ${from} where ${conditions.join(' and ')} limit 1`,
    values: parameters.values,
  };
}

function fromOf({ from }: Entity, viewer: Viewer, parameters: Parameters): string {
  return from.includes(':viewer') ? from.replaceAll(':viewer', parameters.add(viewer.tenantId, 'text')) : from;
}

function conditionsOf(
  entity: Entity,
  viewer: Viewer,
  asked: { readonly filter?: Filter | undefined; readonly within?: Within | undefined },
  parameters: Parameters,
): string[] {
  const { filter, within } = asked;
  const conditions = [entity.where ?? 'true'];
  // The wall between agencies stands in every statement, before anything that a caller asks.
  if (viewer.tenantId !== null && entity.tenant !== null) {
    conditions.push(`${entity.tenant} = ${parameters.add(viewer.tenantId, 'text')}`);
  }
  if (within !== undefined) conditions.push(within.sql(parameters));
  conditions.push(...compileFilter(entity, filter ?? {}, parameters));
  return conditions;
}

interface Counted {
  readonly from: string;
  readonly conditions: readonly string[];
  readonly limit: number;
}

function countStatement({ from, conditions, limit }: Counted, parameters: Parameters): Statement {
  return {
    sql: `select count(*)::integer as total from
      (select 1 from ${from} where ${conditions.join(' and ')} limit ${limit + 1}) c`,
    values: [...parameters.values],
  };
}

interface Page {
  readonly limit: number;
  readonly from: number;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

function readPage({ limit, from, after, before }: NonNullable<SearchRequest['page']>): Page {
  const ways = [from, after, before].filter((way) => way !== undefined);
  if (ways.length > 1) throw refuse('A page is given by one of from, after and before');
  if (limit !== undefined && (limit < 0 || limit > LARGEST_LIMIT)) {
    throw refuse(`The value for page.limit is '${limit}' but must be between 0 and ${LARGEST_LIMIT}.`);
  }
  if (from !== undefined && from < 0) throw refuse(`The value for page.from is '${from}' but must not be negative.`);
  return { limit: limit ?? DEFAULT_LIMIT, from: from ?? 0, after, before };
}

const RANGES = ['$gt', '$gte', '$lt', '$lte'];

/**
 * Without a wish, rows come by key. A range of times comes by time: the index that finds the range gives that order, so
 * that the first page does not have to collect and sort all of it.
 */
function defaultSort(entity: Entity, filter: Filter): NonNullable<SearchRequest['sort']> {
  const isRange = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && RANGES.some((operator) => operator in value);
  const field = Object.keys(filter).find(
    (name) => entity.fields[name]?.type === 'date' && entity.fields[name].isSortable === true && isRange(filter[name]),
  );
  return field === undefined ? [] : [{ field }];
}

function sortTerms(entity: Entity, sort: NonNullable<SearchRequest['sort']>): readonly SortTerm[] {
  const terms: SortTerm[] = [];
  for (const { field, order } of sort) {
    const described = entity.fields[field];
    if (described?.isSortable !== true) throw refuse(`Unknown sort field '${field}'`);
    if (described.isConstant === true) continue;
    const sql = `(${orderOf(described)})`;
    if (!terms.some((term) => term.sql === sql)) {
      terms.push({ sql, type: SORT_TYPE[described.type], isDescending: order?.toUpperCase() === 'DESC' });
    }
  }
  const isDescending = terms.at(-1)?.isDescending ?? false;
  for (const { sql: key, type } of entity.keys) {
    const sql = `(${key})`;
    if (!terms.some((term) => term.sql === sql)) terms.push({ sql, type, isDescending });
  }
  return terms;
}

const SORT_TYPE: Readonly<Record<Field['type'], string>> = {
  key: 'bigint',
  int: 'integer',
  bool: 'boolean',
  date: 'timestamptz',
  string: 'text',
  enum: 'text',
  strings: 'text[]',
  headers: 'jsonb',
  json: 'jsonb',
};

/**
 * After the position, in the direction of the page. In one direction it is a comparison of rows, which an index
 * answers; in mixed ones the first term bounds the range and the rest is compared inside.
 */
function beyond(
  terms: readonly SortTerm[],
  position: readonly string[],
  isBackward: boolean,
  parameters: Parameters,
): string {
  const values = terms.map((term, index) => parameters.add(position[index], term.type));
  const sign = (term: SortTerm): string => (term.isDescending === isBackward ? '>' : '<');
  const [first] = terms;
  if (first === undefined) return 'true';
  if (terms.every((term) => term.isDescending === first.isDescending)) {
    return `(${terms.map((term) => term.sql).join(', ')}) ${sign(first)} (${values.join(', ')})`;
  }
  const alternatives = terms.map((term, index) => {
    const equal = terms.slice(0, index).map((earlier, place) => `${earlier.sql} = ${values[place] ?? ''}`);
    return `(${[...equal, `${term.sql} ${sign(term)} ${values[index] ?? ''}`].join(' and ')})`;
  });
  return `(${first.sql} ${sign(first)}= ${values[0] ?? ''} and (${alternatives.join(' or ')}))`;
}

/** Short, and the same for the same order: a cursor must not carry our SQL. */
function signatureOf(text: string): string {
  let hash = 5381;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 33) ^ text.charCodeAt(index)) >>> 0;
  return hash.toString(36);
}
