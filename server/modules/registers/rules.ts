// Pure numbering rules (NĐ 30/2020 Đ15): a series starts at 1 on 1 January, and number n+1 is not dated before n.

import { err, ok, type Result } from '../../shared/result.ts';
import { yearOf, type LocalDate } from '../../shared/time.ts';
import type { Refusal } from './errors.ts';
import type { Register } from './register.ts';

/**
 * Which series an outgoing document counts in. Each type has its own (the practice of large agencies under
 * TT 07/2012), so that number and notation together are unique in the year.
 */
export const outgoingSeriesOf = (documentTypeId: string): string => documentTypeId;

export function decideNextNumber(register: Register, on: LocalDate, year: number): Result<number, Refusal> {
  if (yearOf(on) !== year) {
    return err({ code: 'REGISTER_YEAR_MISMATCH', message: `Expected a day of ${year}, but got ${on}` });
  }
  if (register.lastOn !== null && on < register.lastOn) {
    return err({
      code: 'REGISTER_DATE_BACKWARDS',
      message: `Expected a day on or after ${register.lastOn}, the day of number ${register.lastNumber}, but got ${on}`,
      details: { lastOn: register.lastOn, lastNumber: register.lastNumber },
    });
  }
  return ok(register.lastNumber + 1);
}
