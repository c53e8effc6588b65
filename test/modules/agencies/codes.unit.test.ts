// Agency codes as they are met on the wire.

import { describe, expect, it } from 'vitest';
import { isAgencyCode, normalizeAgencyCode } from '../../../server/modules/agencies/index.ts';

describe('agency codes', () => {
  it.each([
    ['000.00.13.H15', '000.00.13.H15'],
    ['28.22.H17', '000.28.22.H17'],
    ['01.02.G22', '000.01.02.G22'],
    ['H15', '000.00.00.H15'],
    [' 000.00.13.h15 ', '000.00.13.H15'],
    ['0.0.13.H15', '000.00.13.H15'],
  ])('%s means %s', (text, full) => {
    expect(normalizeAgencyCode(text)).toBe(full);
  });

  it.each(['', '000.00.00.00.H15', '000.00.13.15', 'so-tttt', '0000.00.13.H15', '000,00,13,H15'])(
    '%j is no agency code',
    (text) => {
      expect(normalizeAgencyCode(text)).toBeNull();
    },
  );

  it('only the full form is a code', () => {
    expect(isAgencyCode('000.20.30.H15')).toBe(true);
    expect(isAgencyCode('20.30.H15')).toBe(false);
  });
});
