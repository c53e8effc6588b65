// Names inside a package: ASCII, short, unique, and still recognisable.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createNameGiver } from '../../../server/adapters/archive/file-names.ts';

describe('names of archived files', () => {
  it.each([
    ['Quyết định số 12.pdf', '001_Quyet-dinh-so-12.pdf'],
    ['ĐẮK LẮK – Tờ trình.PDF', '001_DAK-LAK-To-trinh.PDF'],
    ['M’Đrắk.signed.pdf', '001_M-Drak.signed.pdf'],
    ['../../etc/passwd', '001_etc-passwd'],
    ['C:\\tam\\a.pdf', '001_C-tam-a.pdf'],
    ['文件.pdf', '001_pdf'],
    ['', '001_tep'],
    ['...', '001_tep'],
    [`${'x'.repeat(80)}.pdf`, `001_${'x'.repeat(42)}.pdf`],
  ])('make %s into %s', (original, name) => {
    expect(createNameGiver().nameFor(1, original)).toBe(name);
  });

  it('are ASCII, at most 50 characters long and unique for any originals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9999), fc.string({ unit: 'grapheme', maxLength: 70 })), { maxLength: 30 }),
        (originals) => {
          const giver = createNameGiver();
          const names = originals.map(([ordinal, original]) => giver.nameFor(ordinal, original));
          expect(names.filter((name) => !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,49}$/.test(name))).toEqual([]);
          expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
        },
      ),
    );
  });
});
