// FEEL values → JSON. Variables are stored, sent and compared as JSON, so dates and durations become their ISO 8601
// text, and what has no JSON form (functions, infinite numbers) is refused instead of turned into something else.

import { FeelDate, FeelDateTime, FeelDuration, FeelFunction, FeelRange, FeelTime } from 'feelin';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Json } from '../types.ts';

const isTemporalValue = (value: unknown): boolean =>
  value instanceof FeelDate || value instanceof FeelTime || value instanceof FeelDateTime;

export function toJson(value: unknown): Result<Json, string> {
  if (value === null || value === undefined) return ok(null);
  if (typeof value === 'string' || typeof value === 'boolean') return ok(value);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? ok(value) : err('the result is not a finite number');
  }
  if (isTemporalValue(value) || value instanceof FeelDuration) return ok(value.toString());
  if (value instanceof FeelFunction || typeof value === 'function') return err('a function cannot be stored');
  if (value instanceof FeelRange) return toJsonObject(Object.entries(value));
  if (Array.isArray(value)) return toJsonList(value);
  if (typeof value === 'object') return toJsonObject(Object.entries(value));
  return err(`a value of type ${typeof value} cannot be stored`);
}

function toJsonList(values: readonly unknown[]): Result<Json, string> {
  const list: Json[] = [];
  for (const value of values) {
    const item = toJson(value);
    if (!item.ok) return item;
    list.push(item.value);
  }
  return ok(list);
}

function toJsonObject(entries: readonly (readonly [string, unknown])[]): Result<Json, string> {
  const object: [string, Json][] = [];
  for (const [name, value] of entries) {
    const item = toJson(value);
    if (!item.ok) return item;
    object.push([name, item.value]);
  }
  // fromEntries defines own properties, also for a key such as `__proto__`.
  return ok(Object.fromEntries(object));
}
