// The schemas of a search, made from the description of its entity: what may be filtered and sorted is exactly what the
// SQL can do, and what is answered is exactly what it selects.

import { type TSchema, Type } from 'typebox';
import {
  type Entity,
  type Field,
  type Filterable,
  filtersOf,
  LARGEST_LIMIT,
  type SearchRequest,
  sortFieldsOf,
} from '../../../runtime/index.ts';
import { DateTime, EnumInput, EnumOutput, Int, KeyText, Nullable, StringMap, Strict } from '../schemas.ts';

const Text = Type.String();
const List = (schema: TSchema): TSchema => Type.Array(schema, { maxItems: 1_000 });

/** A plain value, or an object of operators. One schema instead of two alternatives, so that an error has one place. */
const valueOrOperators = (plain: TSchema, operators: Readonly<Record<string, TSchema>>): TSchema =>
  Type.Unsafe({
    ...plain,
    type: [(plain as { readonly type?: string }).type ?? 'string', 'object'], // every plain schema has one type
    additionalProperties: false,
    properties: { ...operators, $exists: Type.Boolean() },
  });

const equality = (plain: TSchema): Readonly<Record<string, TSchema>> => ({
  $eq: plain,
  $neq: plain,
  $in: List(plain),
  $notIn: List(plain),
});
const ordering = (plain: TSchema): Readonly<Record<string, TSchema>> => ({
  $eq: plain,
  $neq: plain,
  $gt: plain,
  $gte: plain,
  $lt: plain,
  $lte: plain,
  $in: List(plain),
});

export const TextFilter = valueOrOperators(Text, { ...equality(Text), $like: Text });

function filterSchema({ filter, values = [] }: Filterable): TSchema {
  switch (filter) {
    case 'strF':
      return TextFilter;
    case 'keyF':
      return valueOrOperators(KeyText, equality(KeyText));
    case 'dateF':
      return valueOrOperators(DateTime, ordering(DateTime));
    case 'intF':
      return valueOrOperators(Int, ordering(Int));
    case 'enumF':
      return valueOrOperators(EnumInput(values), { ...equality(EnumInput(values)), $like: Text });
    case 'string':
      return Text;
    case 'key':
      return KeyText;
    case 'int':
      return Int;
    case 'bool':
      return Type.Boolean();
    case 'enum':
      return EnumInput(values);
    case 'tags':
      return Type.Array(Text, { maxItems: 10 });
    case 'variables':
      return Type.Array(Strict({ name: Text, value: TextFilter }), { maxItems: 100 });
  }
}

const optional = (schemas: Readonly<Record<string, TSchema>>): Record<string, TSchema> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, Type.Optional(schema)]));

export function filterBody(entity: Entity): TSchema {
  const filters = Object.fromEntries(
    Object.entries(filtersOf(entity)).map(([name, filterable]) => [name, filterSchema(filterable)]),
  );
  const plain = optional(filters);
  return entity.hasOr === true ? Strict({ ...plain, $or: Type.Optional(List(Strict(plain))) }) : Strict(plain);
}

const PageRequest = Strict({
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: LARGEST_LIMIT })),
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
  after: Type.Optional(Text),
  before: Type.Optional(Text),
});

/** Everything is optional; a search without a body finds all that the caller may see. */
export function searchBody(
  entity: Entity,
  filter: TSchema = filterBody(entity),
  options: { readonly isFilterRequired?: boolean } = {},
): ReturnType<typeof asRequest> {
  const sort = Type.Array(
    Strict({ field: EnumOutput(sortFieldsOf(entity)), order: Type.Optional(EnumInput(['ASC', 'DESC'])) }),
    { maxItems: 20 },
  );
  return asRequest(
    Strict({
      filter: options.isFilterRequired === true ? filter : Type.Optional(filter),
      sort: Type.Optional(sort),
      page: Type.Optional(PageRequest),
    }),
  );
}

/** The schema was made from the description, so its type is known by more than the compiler can see. */
const asRequest = (schema: TSchema) => Type.Unsafe<SearchRequest>(schema);

const VALUE_SCHEMAS: Readonly<Record<Field['type'], TSchema>> = {
  key: KeyText,
  string: Text,
  enum: Text,
  int: Type.Integer(),
  bool: Type.Boolean(),
  date: DateTime,
  strings: Type.Array(Text),
  headers: StringMap,
  json: Type.Any(),
};

function answerSchema({ type, values, isNullable }: Field): TSchema {
  const schema = values === undefined ? VALUE_SCHEMAS[type] : EnumOutput(values);
  return isNullable === true ? Nullable(schema) : schema;
}

/** All properties are present; what is empty is null. */
export const itemSchema = (entity: Entity) =>
  Type.Unsafe<Readonly<Record<string, unknown>>>(
    Strict(Object.fromEntries(Object.entries(entity.fields).map(([name, field]) => [name, answerSchema(field)]))),
  );

const PageView = Strict({
  totalItems: Type.Integer(),
  hasMoreTotalItems: Type.Boolean(),
  startCursor: Nullable(Text),
  endCursor: Nullable(Text),
});

export const pageOf = (item: TSchema) =>
  Type.Unsafe<{ readonly items: readonly unknown[]; readonly page: unknown }>(
    Strict({ items: Type.Array(item), page: PageView }),
  );

export const listOf = (item: TSchema) =>
  Type.Unsafe<{ readonly items: readonly unknown[] }>(Strict({ items: Type.Array(item) }));
