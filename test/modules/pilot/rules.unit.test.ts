// The calendar rules as tables; the examples of SLA-SEND are those of the domain reference, section 10.

import { describe, expect, it } from 'vitest';
import { SAMPLE_PILOT } from '../../../server/main/seed/pilot.ts';
import {
  countWorkingDays,
  decideSendBy,
  isWorkingDay,
  nextWorkingDay,
  type Calendar,
} from '../../../server/modules/pilot/index.ts';
import { describePilot } from '../../../server/modules/pilot/rules.ts';
import { asId } from '../../../server/shared/ids.ts';
import { plusDays, type LocalDate } from '../../../server/shared/time.ts';
import { toInstant } from '../../support/clock.ts';

const day = (text: string): LocalDate => asId<LocalDate>(text);

const CALENDAR: Calendar = {
  exceptions: new Map(SAMPLE_PILOT.calendarDays.map((entry) => [entry.day, entry])),
  officeHours: { morningStart: '07:00', morningEnd: '11:30', afternoonStart: '13:30', afternoonEnd: '17:00' },
};

describe('SLA-SEND (QĐ 28/2018 Đ6(2))', () => {
  it.each([
    ['2019-05-02T16:45', '2019-05-03T11:30', 'next_working_day'],
    ['2019-05-03T16:00', '2019-05-04T11:30', 'make_up_day'],
    ['2019-05-04T16:00', '2019-05-06T11:30', 'after_days_off'],
    ['2019-04-26T16:30', '2019-05-02T11:30', 'after_days_off'],
    ['2019-06-14T16:00', '2019-06-17T11:30', 'after_days_off'],
    ['2019-05-06T00:00', '2019-05-07T11:30', 'next_working_day'],
    ['2019-05-06T23:59', '2019-05-07T11:30', 'next_working_day'],
  ])('signed %s is sent by %s (%s)', (signedAt, dueAt, reason) => {
    expect(decideSendBy(toInstant(`${signedAt}:00+07:00`), CALENDAR)).toEqual({
      dueAt: toInstant(`${dueAt}:00+07:00`),
      reason,
    });
  });

  it('counts the day of signing in Vietnam, not in UTC', () => {
    // 18:30 UTC on the 6th is 01:30 on the 7th in Vietnam.
    expect(decideSendBy(toInstant('2019-05-06T18:30:00Z'), CALENDAR).dueAt).toBe(
      toInstant('2019-05-08T11:30:00+07:00'),
    );
  });

  it('follows the office hours that are set', () => {
    const early = { ...CALENDAR, officeHours: { ...CALENDAR.officeHours, morningEnd: '11:00' } };
    expect(decideSendBy(toInstant('2019-05-02T16:45:00+07:00'), early).dueAt).toBe(
      toInstant('2019-05-03T11:00:00+07:00'),
    );
  });
});

describe('calendar of 2019', () => {
  it('the pilot has 33 working days, 23 of them in May', () => {
    expect(countWorkingDays(CALENDAR, day('2019-05-02'), day('2019-06-15'))).toBe(33);
    expect(countWorkingDays(CALENDAR, day('2019-05-02'), day('2019-05-31'))).toBe(23);
  });

  it('the year has 251 working days', () => {
    expect(countWorkingDays(CALENDAR, day('2019-01-01'), day('2019-12-31'))).toBe(251);
  });

  it.each([
    ['2019-04-29', false],
    ['2019-05-01', false],
    ['2019-05-02', true],
    ['2019-05-04', true],
    ['2019-05-05', false],
    ['2019-06-15', false],
  ])('%s is a working day: %s', (text, expected) => {
    expect(isWorkingDay(CALENDAR, day(text))).toBe(expected);
  });

  it('a calendar without working days is a fault, not an endless search', () => {
    const days = Array.from({ length: 100 }, (_, index) => plusDays(day('2019-01-01'), index));
    const closed = {
      ...CALENDAR,
      exceptions: new Map(days.map((off) => [off, { day: off, isWorkingDay: false, name: '' }])),
    };
    expect(() => nextWorkingDay(closed, day('2019-01-01'))).toThrow('Expected a working day');
  });
});

describe('pilot period', () => {
  const period = { name: 'Thí điểm', legalBasis: 'CV 3321', startsOn: day('2019-05-02'), endsOn: day('2019-06-15') };

  it.each([
    ['2019-05-01', false, null],
    ['2019-05-02', true, 1],
    ['2019-06-15', true, 45],
    ['2019-06-16', false, null],
  ])('on %s it is open: %s, day %s of 45', (on, isOpen, dayNumber) => {
    expect(describePilot(period, day(on))).toMatchObject({ isOpen, dayNumber, dayCount: 45 });
  });
});
