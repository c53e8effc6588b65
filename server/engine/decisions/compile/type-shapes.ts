// Types as values meet them (DMN 1.5, 10.3.2.9.4): a value either conforms, is converted (a singleton list to its item, a
// value to a singleton list, a date to a date and time), or is refused. null conforms to every type.

import {
  contextOf,
  dateToDateTime,
  type FeelType,
  feelTypes,
  getEntry,
  isContext,
  isFunction,
  isList,
  kindOf,
  listEntries,
  temporalFromText,
  type Value,
} from '../feel.ts';

type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'simple'; readonly value: string }
  | { readonly kind: 'list'; readonly item: DmnType }
  | { readonly kind: 'context'; readonly entries: readonly (readonly [string, DmnType])[] }
  | { readonly kind: 'function'; readonly result: DmnType };

export interface DmnType {
  readonly name: string;
  readonly shape: Shape;
  readonly feel: FeelType;
  readonly isAny: boolean;
  /** The value as this type, or undefined when it neither conforms nor can be converted. null conforms to every type. */
  coerce(value: Value): Value | undefined;
}

export const SIMPLE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    number: 'number',
    string: 'string',
    boolean: 'boolean',
    date: 'date',
    time: 'time',
    'date and time': 'date and time',
    dateTime: 'date and time',
    'days and time duration': 'days and time duration',
    dayTimeDuration: 'days and time duration',
    'years and months duration': 'years and months duration',
    yearMonthDuration: 'years and months duration',
    // Spellings of older modelling tools.
    integer: 'number',
    long: 'number',
    double: 'number',
  }),
);

export const OPEN_NAMES: ReadonlySet<string> = new Set([
  'Any',
  'any',
  'Null',
  'context',
  'list',
  'function',
  'range',
  '',
]);

export const ANY: DmnType = {
  name: 'Any',
  shape: { kind: 'any' },
  feel: feelTypes.any,
  isAny: true,
  coerce: (value) => value,
};

export const openType = (name: string): DmnType => {
  const kinds: Readonly<Record<string, (value: Value) => boolean>> = {
    context: isContext,
    list: isList,
    function: isFunction,
    range: (value) => kindOf(value) === 'range',
  };
  const test = kinds[name];
  if (test === undefined) return ANY;
  const shape: Shape = { kind: 'any' };
  const coerce = (value: Value): Value | undefined => {
    if (value === null || test(value)) return value;
    if (name === 'list') return [value];
    const only = onlyItem(value);
    return only !== undefined && test(only) ? only : undefined;
  };
  return { name, shape, feel: feelTypes.builtIn(name), isAny: false, coerce };
};

const onlyItem = (value: Value): Value | undefined => (isList(value) && value.length === 1 ? value[0] : undefined);

function simpleType(kind: string): DmnType {
  const coerceOne = (value: Value): Value | undefined => {
    if (value === null || kindOf(value) === kind) return value;
    if (kind === 'date and time' && kindOf(value) === 'date') return dateToDateTime(value);
    return undefined;
  };
  const coerce = (value: Value): Value | undefined => {
    const only = onlyItem(value);
    return only === undefined ? coerceOne(value) : coerceOne(only);
  };
  return { name: kind, shape: { kind: 'simple', value: kind }, feel: feelTypes.builtIn(kind), isAny: false, coerce };
}

export const SIMPLE: ReadonlyMap<string, DmnType> = new Map(
  [...new Set(SIMPLE_NAMES.values())].map((kind) => [kind, simpleType(kind)]),
);
export const BOOLEAN = SIMPLE.get('boolean') ?? ANY;

export function listOf(item: DmnType): DmnType {
  const coerce = (value: Value): Value | undefined => {
    if (value === null) return null;
    if (!isList(value)) {
      const one = item.coerce(value);
      return one === undefined ? undefined : [one];
    }
    const items: Value[] = [];
    for (const entry of value) {
      const coerced = item.coerce(entry);
      if (coerced === undefined) return undefined;
      items.push(coerced);
    }
    return items;
  };
  const feel = feelTypes.list(item.feel);
  return { name: `list<${item.name}>`, shape: { kind: 'list', item }, feel, isAny: false, coerce };
}

export function contextType(name: string, entries: readonly (readonly [string, DmnType])[]): DmnType {
  const coerceOne = (value: Value): Value | undefined => {
    if (!isContext(value)) return undefined;
    let hasChanged = false;
    const converted = new Map(listEntries(value));
    for (const [entry, type] of entries) {
      const given = getEntry(value, entry);
      if (given === undefined) return undefined;
      const coerced = type.coerce(given);
      if (coerced === undefined) return undefined;
      if (coerced !== given) {
        hasChanged = true;
        converted.set(entry, coerced);
      }
    }
    return hasChanged ? contextOf([...converted]) : value;
  };
  const coerce = (value: Value): Value | undefined => {
    if (value === null) return null;
    const only = onlyItem(value);
    return coerceOne(only === undefined ? value : only);
  };
  const feel = feelTypes.context(entries.map(([entry, type]) => [entry, type.feel]));
  return { name, shape: { kind: 'context', entries }, feel, isAny: false, coerce };
}

export function functionType(
  parameters: readonly { readonly name: string; readonly type: DmnType }[],
  result: DmnType,
): DmnType {
  const coerce = (value: Value): Value | undefined => {
    const only = onlyItem(value);
    const one = only === undefined ? value : only;
    if (one === null) return one;
    // Built-in functions have several signatures; a user's function is held against the number of its parameters.
    return isFunction(one) && (one.isBuiltIn || one.parameters.length === parameters.length) ? one : undefined;
  };
  const feel = feelTypes.function(
    parameters.map(({ type }) => type.feel),
    result.feel,
  );
  return { name: 'function', shape: { kind: 'function', result }, feel, isAny: false, coerce };
}

/** The same type with a name and with tests that each value must pass. */
export function restrict(base: DmnType, name: string, isAllowed: (value: Value) => boolean): DmnType {
  const coerce = (value: Value): Value | undefined => {
    const coerced = base.coerce(value);
    return coerced === undefined || coerced === null || isAllowed(coerced) ? coerced : undefined;
  };
  return { ...base, name, isAny: false, coerce };
}

export const itemOf = (type: DmnType): DmnType => (type.shape.kind === 'list' ? type.shape.item : ANY);

export const entriesOf = (type: DmnType): readonly (readonly [string, FeelType])[] =>
  type.shape.kind === 'context' ? type.shape.entries.map(([name, entry]) => [name, entry.feel] as const) : [];

/**
 * A value that came as JSON, where texts stand for dates and durations: they are read where the type wants one. Everything
 * else is left as it is; whether it conforms is decided where it is used.
 */
export function readTexts(value: Value, { shape }: DmnType): Value {
  if (shape.kind === 'simple') {
    const only = isList(value) && value.length === 1 ? (value[0] ?? null) : value;
    return typeof only === 'string' ? (temporalFromText(only, shape.value) ?? value) : value;
  }
  if (shape.kind === 'list')
    return isList(value) ? value.map((item) => readTexts(item, shape.item)) : readTexts(value, shape.item);
  if (shape.kind !== 'context' || !isContext(value)) return value;
  const types = new Map(shape.entries);
  return contextOf(
    listEntries(value).map(([name, entry]): [string, Value] => {
      const type = types.get(name);
      return [name, type === undefined ? entry : readTexts(entry, type)];
    }),
  );
}
