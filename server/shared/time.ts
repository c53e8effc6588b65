// Instants are ISO 8601 texts in UTC with milliseconds; calendar days are those of Asia/Ho_Chi_Minh.
// Vietnam has kept UTC+7 without daylight saving since 1975, so the offset is a constant here and does not
// depend on the server's zone (QĐ 28/2018 Đ14: Vietnam time zone, ISO 8601).

import type { Brand } from './ids.ts';

/** `2019-05-06T01:00:00.000Z` */
export type Instant = Brand<string, 'Instant'>;
/** `2019-05-06`, a day in Vietnam. */
export type LocalDate = Brand<string, 'LocalDate'>;

const VIETNAM_OFFSET_MS = 7 * 60 * 60 * 1000;

export const instantOf = (date: Date): Instant => date.toISOString() as Instant;

/** Reads any ISO 8601 date-time with zone; null when the text is none. */
export function parseInstant(text: string): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : instantOf(new Date(ms));
}

export const millisOf = (instant: Instant): number => Date.parse(instant);
export const plusMillis = (instant: Instant, ms: number): Instant => instantOf(new Date(millisOf(instant) + ms));

/** The calendar day in Vietnam on which the instant falls. */
export const localDateOf = (instant: Instant): LocalDate =>
  new Date(millisOf(instant) + VIETNAM_OFFSET_MS).toISOString().slice(0, 10) as LocalDate;

/** `2019-05-06T08:00:00+07:00`, to the second: the form that the law asks for on signatures. */
export const vietnamIso = (instant: Instant): string =>
  `${new Date(millisOf(instant) + VIETNAM_OFFSET_MS).toISOString().slice(0, 19)}+07:00`;

/** The instant at which a wall-clock time (`HH:mm`) of a Vietnamese day occurs. */
export const atLocalTime = (day: LocalDate, time: string): Instant =>
  instantOf(new Date(`${day}T${time.length === 5 ? `${time}:00` : time}+07:00`));

export const plusDays = (day: LocalDate, days: number): LocalDate => {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10) as LocalDate;
};

export const yearOf = (day: LocalDate): number => Number(day.slice(0, 4));
