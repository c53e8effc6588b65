// Dates, sizes and searching as people read them.

import { describe, expect, it } from 'vitest';
import {
  dayOf,
  foldAccents,
  formatDateTime,
  formatDay,
  formatSize,
  parseDay,
  plusDays,
  spanOf,
} from '../../designer/src/composables/format.ts';

describe('dates and times', () => {
  it('shows an instant in Vietnam time whatever the zone of the computer is', () => {
    expect(formatDateTime('2019-05-06T01:00:00.000Z')).toBe('06/05/2019 08:00');
    expect(formatDateTime('2019-05-06T17:30:00.000Z')).toBe('07/05/2019 00:30');
  });

  it('shows a day without going through an instant', () => {
    expect(formatDay('2019-06-15')).toBe('15/06/2019');
  });

  it('finds the Vietnamese day of an instant late in the evening of UTC', () => {
    expect(dayOf(Date.parse('2019-05-06T17:00:00.000Z'))).toBe('2019-05-07');
  });

  it.each([
    ['15/5/2019', '2019-05-15'],
    [' 01/06/2019 ', '2019-06-01'],
    ['1-6-2019', '2019-06-01'],
    ['2019-06-01', '2019-06-01'],
    ['29/02/2020', '2020-02-29'],
  ])('reads %s as the day %s', (text, day) => {
    expect(parseDay(text)).toBe(day);
  });

  it.each(['', '31/04/2019', '29/02/2019', '5/2019', 'mai', '2019-13-01', '00/05/2019'])(
    'takes "%s" for no day',
    (text) => {
      expect(parseDay(text)).toBeNull();
    },
  );

  it('adds days across the end of a month', () => {
    expect(plusDays('2019-05-30', 5)).toBe('2019-06-04');
  });
});

describe('spans', () => {
  const HOUR_MS = 3_600_000;

  it.each([
    [20_000, { unit: 'minute', count: 1 }],
    [59 * 60_000, { unit: 'minute', count: 59 }],
    [-2 * HOUR_MS, { unit: 'hour', count: 2 }],
    [47 * HOUR_MS, { unit: 'hour', count: 47 }],
    [72 * HOUR_MS, { unit: 'day', count: 3 }],
  ])('describes %d ms', (ms, span) => {
    expect(spanOf(ms)).toEqual(span);
  });
});

describe('sizes', () => {
  it('uses the decimal sign of the language', () => {
    expect(formatSize(1_234_567, 'vi')).toBe('1,2 MB');
    expect(formatSize(1_234_567, 'en')).toBe('1.2 MB');
    expect(formatSize(20_480, 'vi')).toBe('20 kB');
  });
});

describe('searching without accents', () => {
  it('treats đ as d and drops every mark, composed or not', () => {
    expect(foldAccents('Sở Tài chính ĐẮK LẮK')).toBe('so tai chinh dak lak');
    expect(foldAccents('Hỏa tốc'.normalize('NFD'))).toBe('hoa toc');
  });
});
