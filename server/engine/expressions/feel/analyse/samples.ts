// One value of each kind. Whether an operator or a parameter takes a kind is asked of the evaluator's own tables with
// these values, so that the static types cannot drift away from what an evaluation does.

import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from '../temporal/values.ts';
import { ANY } from '../types.ts';
import type { FeelType } from '../type-model.ts';
import type { FeelKind, FeelValue } from '../values.ts';
import { FeelFunction, FeelRange } from '../values.ts';

const DAY = new FeelDate(2000, 1, 1);
/** Zoned, because a zoned and a local moment have no difference, and a date has one with a zoned moment only. */
const NOON = new FeelTime(43_200_000_000_000, { kind: 'offset', seconds: 0 });

const SAMPLES: Readonly<Record<Exclude<FeelKind, 'null'>, FeelValue>> = {
  boolean: true,
  string: 'a',
  number: 1,
  date: DAY,
  time: NOON,
  'date and time': new FeelDateTime(DAY, NOON),
  'days and time duration': new DaysTimeDuration(1_000_000_000n),
  'years and months duration': new YearsMonthsDuration(1),
  range: new FeelRange({ start: 1, end: 2, isStartIncluded: true, isEndIncluded: true }),
  function: new FeelFunction({ name: 'f', parameters: [], apply: () => null }),
  list: [],
  context: {},
};

/** undefined where the type says too little: anything, or null. */
export const sampleOf = ({ kind }: FeelType): FeelValue | undefined =>
  kind === 'any' || kind === 'null' ? undefined : SAMPLES[kind];

/** A list stands for its item where one value is asked, so only its items can be wrong there. */
export const asSingle = (type: FeelType): FeelType => (type.kind === 'list' ? type.of : type);

/** What iterating over a value gives. */
export const itemTypeOf = (type: FeelType): FeelType =>
  type.kind === 'list' || type.kind === 'range' ? type.of : type.kind === 'null' ? ANY : type;

const sizes = new WeakMap<FeelType, number>();
const MAX_SIZE = 400;

function sizeOf(type: FeelType): number {
  const known = sizes.get(type);
  if (known !== undefined) return known;
  const size = 1 + partsOf(type).reduce((sum, part) => sum + sizeOf(part), 0);
  sizes.set(type, size);
  return size;
}

function partsOf(type: FeelType): readonly FeelType[] {
  if (type.kind === 'list' || type.kind === 'range') return [type.of];
  if (type.kind === 'context') return Object.values(type.members);
  return type.kind === 'function' ? [...(type.parameters ?? []), type.result] : [];
}

/** Entries that repeat each other double a type at every step; beyond a size nothing is said about it any more. */
export const bounded = (type: FeelType): FeelType => (sizeOf(type) > MAX_SIZE ? ANY : type);
