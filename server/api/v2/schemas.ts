// Building blocks of the schemas of /v2: the forms of keys, dates, enums and variables that all routes share.

import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';

/** int64 as text of digits. */
export const KeyText = Type.String({ format: 'engine-key', description: 'A key: int64 as a string of digits' });
export const DateTime = Type.String({ format: 'date-time' });
export const Int = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });
/** As many digits as JSON numbers keep exactly. */
export const Int64 = Type.Integer({ minimum: -9_007_199_254_740_991, maximum: 9_007_199_254_740_991 });

/** The same where clients also send it as text of digits: one writes its own defaults so. `numberOf` reads it. */
export const Int64Text = Type.Unsafe<number | string>({ type: ['integer', 'string'], pattern: '^-?[0-9]{1,15}$' });
export const numberOf = (value: number | string | null | undefined): number => Number(value ?? 0);

type JsonObject = Readonly<Record<string, unknown>>;
export const VariableMap = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true });
export const StringMap = Type.Unsafe<Readonly<Record<string, string>>>({ type: 'object', additionalProperties: true });

/** An object of a request or an answer: properties that are not named are refused. */
export const Strict = <Properties extends TProperties>(
  properties: Properties,
  options: Readonly<Record<string, unknown>> = {},
): TObject<Properties> => Type.Object(properties, { additionalProperties: false, ...options });

/** `null` as well. Written as a list of types, which the serializer knows. */
export const Nullable = <Schema extends TSchema>(schema: Schema): ReturnType<typeof nullableOf<Static<Schema>>> =>
  nullableOf<Static<Schema>>(schema);
const nullableOf = <T>(schema: TSchema) =>
  Type.Unsafe<T | null>({
    ...schema,
    type: [(schema as { type?: string | string[] }).type ?? 'object', 'null'].flat(),
  });

/** One of the values; a request may write it in any case. */
export const EnumInput = <const Values extends readonly string[]>(values: Values) =>
  Type.Unsafe<Values[number]>({ type: 'string', enumOf: values });
export const EnumOutput = <const Values extends readonly string[]>(values: Values) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: values });

/** The parameters of a path with one key: `{ jobKey: KeyText }`. */
export const KeyParams = <const Name extends string>(name: Name) =>
  Type.Unsafe<Readonly<Record<Name, string>>>({
    type: 'object',
    additionalProperties: false,
    required: [name],
    properties: { [name]: KeyText },
  });
