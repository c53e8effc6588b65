// Settings of the pilot as they are stored and read for a day.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_PILOT } from '../../../server/main/seed/pilot.ts';
import {
  countWorkingDays,
  getDocumentType,
  getPilot,
  importPilot,
  listDocumentTypes,
  loadCalendar,
} from '../../../server/modules/pilot/index.ts';
import { asId } from '../../../server/shared/ids.ts';
import type { LocalDate } from '../../../server/shared/time.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const day = (text: string): LocalDate => asId<LocalDate>(text);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transactions.run(work);

describe('pilot settings', () => {
  it('without settings there is no pilot and no office hours', async () => {
    expect(await run((tx) => getPilot(tx, day('2019-05-06')))).toBeNull();
    const calendar = run((tx) => loadCalendar(tx, day('2019-05-06'), day('2019-05-06')));
    await expect(calendar).rejects.toMatchObject({ code: 'OFFICE_HOURS_MISSING', kind: 'bug' });
  });

  it('knows the pilot on, before and after its days', async () => {
    await run((tx) => importPilot(tx, SAMPLE_PILOT));
    const describeOn = async (on: string) => {
      const view = await run((tx) => getPilot(tx, day(on)));
      return [view?.startsOn, view?.isOpen, view?.dayNumber];
    };
    expect(await describeOn('2019-04-01')).toEqual(['2019-05-02', false, null]);
    expect(await describeOn('2019-05-06')).toEqual(['2019-05-02', true, 5]);
    expect(await describeOn('2026-01-01')).toEqual(['2019-05-02', false, null]);
  });

  it('the fourteen types are in the pilot during its days only, and stay usable after', async () => {
    const during = await run((tx) => listDocumentTypes(tx, day('2019-06-15')));
    const after = await run((tx) => listDocumentTypes(tx, day('2019-06-16')));
    expect(during).toHaveLength(14);
    expect(during.every(({ isInPilot }) => isInPilot)).toBe(true);
    expect(after).toHaveLength(14);
    expect(after.some(({ isInPilot }) => isInPilot)).toBe(false);
  });

  it('the numbers of the exchange format belong to their types', async () => {
    const types = await run((tx) => listDocumentTypes(tx, day('2019-05-06')));
    const numbers = Object.fromEntries(types.map(({ name, wireTypeDetail }) => [name, wireTypeDetail]));
    expect(numbers).toEqual({
      'Quyết định': 2,
      'Chỉ thị': 3,
      'Quy chế': 4,
      'Quy định': 5,
      'Thông báo': 7,
      'Hướng dẫn': 8,
      'Chương trình': 9,
      'Kế hoạch': 10,
      'Báo cáo': 14,
      'Tờ trình': 16,
      'Công văn': 18,
      'Công điện': 19,
      'Giấy mời': 25,
      'Phiếu chuyển': 31,
    });
  });

  it('an unknown type is a rule violation', async () => {
    const unknown = run((tx) => getDocumentType(tx, 'sonnet', day('2019-05-06')));
    await expect(unknown).rejects.toMatchObject({ code: 'DOCUMENT_TYPE_UNKNOWN', kind: 'rule' });
  });

  it('the stored calendar gives 33 working days of the pilot', async () => {
    const calendar = await run((tx) => loadCalendar(tx, day('2019-05-02'), day('2019-06-15')));
    expect(countWorkingDays(calendar, day('2019-05-02'), day('2019-06-15'))).toBe(33);
    expect(calendar.officeHours.morningEnd).toBe('11:30');
  });
});
