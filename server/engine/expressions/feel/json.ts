// Values and JSON. JSON is FEEL as it is; the way back writes dates and durations as their texts and numbers as
// doubles, and refuses what has no JSON form instead of turning it into something else.

import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { FeelContext, FeelList, FeelValue } from './values.ts';
import { FeelFunction, FeelRange, isDuration, isList, isNumber, isTemporal } from './values.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** No copy is made: JSON values are FEEL values. */
export const fromJson = (json: Json): FeelValue => json;

export function toJson(value: FeelValue): Result<Json, string> {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return ok(value);
  if (typeof value === 'number' || isNumber(value)) {
    const plain = Number(value);
    return Number.isFinite(plain) ? ok(plain) : err('the result is too large for a number of JSON');
  }
  if (isTemporal(value) || isDuration(value)) return ok(value.toString());
  if (value instanceof FeelFunction) return err('a function cannot be stored');
  if (value instanceof FeelRange) return rangeToJson(value);
  return isList(value) ? listToJson(value) : contextToJson(value);
}

/** The properties of a range, by their FEEL names. */
const rangeToJson = (range: FeelRange): Result<Json, string> =>
  contextToJson({
    start: range.start,
    end: range.end,
    'start included': range.isStartIncluded,
    'end included': range.isEndIncluded,
  });

function listToJson(values: FeelList): Result<Json, string> {
  const list: Json[] = [];
  for (const value of values) {
    const item = toJson(value);
    if (!item.ok) return item;
    list.push(item.value);
  }
  return ok(list);
}

function contextToJson(value: FeelContext): Result<Json, string> {
  const object: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const item = toJson(member);
    if (!item.ok) return item;
    object.push([name, item.value]);
  }
  // fromEntries defines own properties, also for a key such as `__proto__`.
  return ok(Object.fromEntries(object));
}
