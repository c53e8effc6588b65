// What the sample data says before it reaches a database: numbers that can be looked up, unique names, one Unicode form.

import { describe, expect, it } from 'vitest';
import type { AgencyImport } from '../../server/modules/agencies/index.ts';
import { countWorkingDays, isWorkingDay } from '../../server/modules/pilot/index.ts';
import { SAMPLE_ACCOUNTS } from '../../server/main/seed/accounts.ts';
import { listSampleAgencies } from '../../server/main/seed/agencies.ts';
import { sampleNameOf } from '../../server/main/seed/names.ts';
import { listSamplePeople } from '../../server/main/seed/people.ts';
import { SAMPLE_PILOT } from '../../server/main/seed/pilot.ts';
import { asId } from '../../server/shared/ids.ts';
import type { LocalDate } from '../../server/shared/time.ts';

const agencies = listSampleAgencies();
const people = listSamplePeople(agencies);
const calendar = {
  exceptions: new Map(SAMPLE_PILOT.calendarDays.map((day) => [day.day, day])),
  officeHours: SAMPLE_PILOT.officeHours,
};
const day = (text: string): LocalDate => asId<LocalDate>(text);

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
};

const getAgency = (id: string): AgencyImport => {
  const agency = agencies.find((candidate) => candidate.id === id);
  if (agency === undefined) throw new Error(`No sample agency '${id}'`);
  return agency;
};

describe('the agencies of the sample province', () => {
  it('has 224 agencies, as many of each kind as the province had in 2019', () => {
    expect(agencies).toHaveLength(224);
    expect(countBy(agencies, (agency) => agency.kind)).toEqual({
      provincial_committee: 1,
      provincial_office: 1,
      department: 16,
      inspectorate: 1,
      board: 2,
      other_body: 1,
      district_committee: 15,
      commune_committee: 184,
      central_body: 3,
    });
  });

  it('has 152 rural communes, 20 wards and 12 towns', () => {
    const communes = agencies.filter((agency) => agency.kind === 'commune_committee');
    const levels = countBy(communes, (commune) => commune.name.slice(0, -commune.place.length).trim());
    expect(levels).toEqual({ 'UBND xã': 152, 'UBND phường': 20, 'UBND thị trấn': 12 });
  });

  it('lists every parent before its children, one level above them', () => {
    const levels = new Map<string, number>();
    for (const agency of agencies) {
      if (agency.parentId !== null) expect(levels.get(agency.parentId), agency.id).toBe(agency.level - 1);
      levels.set(agency.id, agency.level);
    }
    expect(levels.size).toBe(224);
  });

  it('gives every agency a code of its own and marks all but the one that was read in a source as placeholder', () => {
    expect(new Set(agencies.map((agency) => agency.code)).size).toBe(224);
    expect(agencies.filter((agency) => !agency.isPlaceholderCode).map((agency) => agency.id)).toEqual(['vpcp']);
  });

  it('writes place and unit as they stand on the documents of 2019', () => {
    expect(getAgency('ubnd-tinh')).toMatchObject({ shortName: 'UBND', letterUnit: 'KSTTHC', place: 'Đắk Lắk' });
    expect(getAgency('so-tttt')).toMatchObject({ shortName: 'STTTT', letterUnit: 'VP', place: 'Đắk Lắk' });
    expect(getAgency('ubnd-thanh-pho-buon-ma-thuot').place).toBe('Buôn Ma Thuột');
    expect(getAgency('ubnd-huyen-m-drak--thi-tran-m-drak').place).toBe("M'Đrắk");
  });

  it('keeps all text in Unicode form NFC', () => {
    const text = JSON.stringify([agencies, people, SAMPLE_PILOT]);
    expect(text.normalize('NFC') === text).toBe(true);
  });

  it('marks everything as sample', () => {
    expect([...agencies, ...people].every((item) => item.isSample)).toBe(true);
  });
});

describe('the people of the sample province', () => {
  it('puts an officer, a leader and a clerk into every agency but the central bodies', () => {
    for (const agency of agencies) {
      const roles = new Set(people.filter((person) => person.agencyId === agency.id).flatMap((person) => person.roles));
      const expected = agency.kind === 'central_body' ? [] : ['officer', 'leader', 'clerk'];
      expect([...roles], agency.id).toEqual(expect.arrayContaining(expected));
      if (agency.kind === 'central_body') expect(roles.size).toBe(0);
    }
  });

  it('adds a second officer and an archivist to the 22 provincial agencies and administrators to the province and its 16 departments', () => {
    expect(countBy(people, (person) => person.roles.join())).toEqual({
      officer: 221 + 22,
      leader: 221,
      clerk: 221,
      archivist: 22,
      admin: 17,
    });
  });

  it('gives nobody the username or the name of another person', () => {
    expect(new Set(people.map((person) => person.username)).size).toBe(people.length);
    expect(new Set(people.map((person) => person.fullName)).size).toBe(people.length);
  });

  it('makes the same name for the same number every time', () => {
    expect([0, 8, 1_343].map(sampleNameOf)).toEqual([0, 8, 1_343].map(sampleNameOf));
    expect(sampleNameOf(0)).toBe('Nguyễn Văn An');
  });

  it('calls leaders by the office that their kind of agency has', () => {
    const positionOf = (username: string): string | undefined =>
      people.find((person) => person.username === username)?.position;
    expect(positionOf('ld.ubnd-tinh')).toBe('Phó Chủ tịch UBND tỉnh');
    expect(positionOf('ld.so-tttt')).toBe('Giám đốc Sở');
    expect(positionOf('ld.ubnd-thi-xa-buon-ho')).toBe('Chủ tịch UBND thị xã');
    expect(positionOf('ld.ubnd-huyen-ea-sup--thi-tran-ea-sup')).toBe('Chủ tịch UBND thị trấn');
  });

  it('fits the 50 characters that a packet has for the name of a signer', () => {
    expect(Math.max(...people.map((person) => person.fullName.length))).toBeLessThanOrEqual(50);
  });

  it('shows only accounts that exist, of the three agencies of the first journey', () => {
    const usernames = new Set(people.map((person) => person.username));
    expect(SAMPLE_ACCOUNTS.every((account) => usernames.has(account.username))).toBe(true);
    expect([...new Set(SAMPLE_ACCOUNTS.map((account) => account.agencyName))]).toEqual([
      'Ủy ban nhân dân tỉnh Đắk Lắk',
      'Sở Thông tin và Truyền thông',
      'UBND thành phố Buôn Ma Thuột',
    ]);
  });
});

describe('the settings of the sample pilot', () => {
  it('has the 14 document types of CV 3321 with their positions in the packet standard', () => {
    expect(SAMPLE_PILOT.documentTypes.map((type) => [type.name, type.abbreviation, type.wireTypeDetail])).toEqual([
      ['Quyết định', 'QĐ', 2],
      ['Chỉ thị', 'CT', 3],
      ['Báo cáo', 'BC', 14],
      ['Chương trình', 'CTr', 9],
      ['Kế hoạch', 'KH', 10],
      ['Tờ trình', 'TTr', 16],
      ['Quy chế', 'QC', 4],
      ['Quy định', 'QyĐ', 5],
      ['Hướng dẫn', 'HD', 8],
      ['Phiếu chuyển', 'PC', 31],
      ['Giấy mời', 'GM', 25],
      ['Thông báo', 'TB', 7],
      ['Công văn', null, 18],
      ['Công điện', 'CĐ', 19],
    ]);
  });

  it('prints a title on all types but the official letter, and addressees on letters, submissions and reports', () => {
    const types = SAMPLE_PILOT.documentTypes;
    expect(types.filter((type) => !type.hasTitleLine).map((type) => type.id)).toEqual(['official_letter']);
    expect(
      types
        .filter((type) => type.hasAddressee)
        .map((type) => type.id)
        .sort(),
    ).toEqual(['official_letter', 'report_document', 'submission']);
  });

  it('counts 33 working days in the pilot and 251 in the year', () => {
    expect(countWorkingDays(calendar, SAMPLE_PILOT.period.startsOn, SAMPLE_PILOT.period.endsOn)).toBe(33);
    expect(countWorkingDays(calendar, day('2019-01-01'), day('2019-12-31'))).toBe(251);
  });

  it('works on the make-up Saturday 04/05 and rests on the Monday that it stands for', () => {
    expect(isWorkingDay(calendar, day('2019-05-04'))).toBe(true);
    expect(isWorkingDay(calendar, day('2019-04-29'))).toBe(false);
    expect(isWorkingDay(calendar, day('2019-06-15'))).toBe(false);
  });

  it('names only days that deviate from Monday to Friday', () => {
    for (const { day: date, isWorkingDay: works } of SAMPLE_PILOT.calendarDays) {
      const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
      expect(weekday === 0 || weekday === 6, date).toBe(works);
    }
  });
});
