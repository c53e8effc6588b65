// Dates, times and sizes as text. Instants are shown in Asia/Ho_Chi_Minh whatever the computer's zone is;
// days (`2019-06-15`) are texts already and are only turned around.

const TIME_ZONE = 'Asia/Ho_Chi_Minh';

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: TIME_ZONE,
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** `06/05/2019 08:00` */
export function formatDateTime(instant: string): string {
  const map = new Map(parts.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
  return `${map.get('day')}/${map.get('month')}/${map.get('year')} ${map.get('hour')}:${map.get('minute')}`;
}

/** `2019-06-15` → `15/06/2019` */
export function formatDay(day: string): string {
  const [year = '', month = '', date = ''] = day.slice(0, 10).split('-');
  return `${date}/${month}/${year}`;
}

/** The day in Vietnam on which the instant falls, `2019-05-06`. */
export function dayOf(instantMs: number): string {
  const map = new Map(parts.formatToParts(new Date(instantMs)).map((part) => [part.type, part.value]));
  return `${map.get('year')}-${map.get('month')}-${map.get('day')}`;
}

export function plusDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Reads `15/6/2019`, `15/06/2019` or `2019-06-15`; null when it is no day of the calendar. */
export function parseDay(text: string): string | null {
  const trimmed = text.trim();
  const turned = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(trimmed);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(trimmed);
  const [year, month, date] = turned ? [turned[3], turned[2], turned[1]] : iso ? [iso[1], iso[2], iso[3]] : [];
  if (year === undefined || month === undefined || date === undefined) return null;
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === day ? day : null;
}

/** `1,2 MB` in Vietnamese, `1.2 MB` in English. */
export function formatSize(sizeBytes: number, language: string): string {
  const isLarge = sizeBytes >= 1_000_000;
  const value = isLarge ? sizeBytes / 1_000_000 : sizeBytes / 1000;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: isLarge ? 1 : 0 }).format(value);
  return `${number} ${isLarge ? 'MB' : 'kB'}`;
}

export interface Span {
  readonly unit: 'minute' | 'hour' | 'day';
  readonly count: number;
}

/** The largest unit that describes a span well: minutes under an hour, hours under two days, days above. */
export function spanOf(ms: number): Span {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000));
  if (minutes < 60) return { unit: 'minute', count: minutes };
  const hours = Math.round(minutes / 60);
  return hours < 48 ? { unit: 'hour', count: hours } : { unit: 'day', count: Math.round(hours / 24) };
}

/** Accent-insensitive form for searching: lower case, marks dropped, đ = d. */
export const foldAccents = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
