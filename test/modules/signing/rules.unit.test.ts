// Pure rules of signing: who, in which order, with what certificate, and what findings add up to.

import { describe, expect, it } from 'vitest';
import type { SignatureFinding, SignatureRole } from '../../../server/modules/signing/index.ts';
import { checkOrder, checkValidity, decideCheck, decideHolder } from '../../../server/modules/signing/rules.ts';
import type { Actor, Role } from '../../../server/shared/actor.ts';
import { asId, type AgencyId, type UserId } from '../../../server/shared/ids.ts';
import { toInstant } from '../../support/clock.ts';

const actor = (...roles: Role[]): Actor => ({
  userId: asId<UserId>('u'),
  agencyId: asId<AgencyId>('a'),
  fullName: 'Y Thịnh Êban',
  position: 'Giám đốc Sở',
  roles,
});

const finding = (changes: Partial<SignatureFinding>): SignatureFinding => ({
  fieldName: 'KyDuyet-1',
  signerName: 'Y Thịnh Êban',
  serialNumber: '01',
  claimedAt: toInstant('2019-05-06T08:00:00+07:00'),
  isIntact: true,
  isTrusted: true,
  coversWholeFile: false,
  reasons: [],
  ...changes,
});
const personal = finding({});
const agency = finding({ fieldName: 'DongDau-1', signerName: 'Sở Thông tin và Truyền thông', coversWholeFile: true });

describe('holder of the certificate', () => {
  it('a person signs with the own certificate, a clerk with that of the agency', () => {
    expect(decideHolder(actor('leader'), 'personal')).toEqual({ ok: true, value: { kind: 'person', userId: 'u' } });
    expect(decideHolder(actor('clerk'), 'agency')).toEqual({ ok: true, value: { kind: 'agency', agencyId: 'a' } });
  });

  it('nobody but a clerk applies the signature of the agency', () => {
    expect(decideHolder(actor('leader', 'officer'), 'agency')).toMatchObject({
      error: { code: 'SIGNING_CLERK_REQUIRED' },
    });
  });
});

describe('order of signatures', () => {
  it.each<[readonly SignatureRole[], SignatureRole, string | null]>([
    [[], 'personal', null],
    [[], 'agency', 'SIGNING_PERSON_MISSING'],
    [['personal'], 'agency', null],
    [['personal'], 'personal', 'SIGNING_ALREADY_SIGNED'],
    [['personal', 'agency'], 'agency', 'SIGNING_ALREADY_SIGNED'],
  ])('after %j a signature %s gives %s', (present, role, code) => {
    const decided = checkOrder(present, role);
    expect(decided.ok ? null : decided.error.code).toBe(code);
  });
});

describe('validity of a certificate', () => {
  const validity = { validFrom: toInstant('2019-01-01T00:00:00Z'), validTo: toInstant('2019-12-31T23:59:59Z') };
  it.each([
    ['2018-12-31T23:59:59Z', false],
    ['2019-01-01T00:00:00Z', true],
    ['2019-12-31T23:59:59Z', true],
    ['2020-01-01T00:00:00Z', false],
  ])('at %s it may sign: %s', (now, expected) => {
    expect(checkValidity(validity, toInstant(now)).ok).toBe(expected);
  });
});

describe('what the findings on a file add up to', () => {
  it('both signatures intact and trusted, nothing after the last', () => {
    expect(decideCheck([personal, agency])).toEqual({
      verdict: 'valid',
      personal,
      agency,
      isComplete: true,
      findings: [personal, agency],
      reasons: [],
    });
  });

  it.each<[string, readonly SignatureFinding[], object]>([
    ['no signature', [], { verdict: 'invalid', isComplete: false, reasons: ['KHONG_CHU_KY'] }],
    [
      'only the person',
      [finding({ coversWholeFile: true })],
      { verdict: 'valid', isComplete: false, reasons: ['KHONG_CHU_KY'] },
    ],
    ['only the agency', [agency], { verdict: 'valid', isComplete: false, personal: null, reasons: ['KHONG_CHU_KY'] }],
    [
      'something added after the last',
      [personal, { ...agency, coversWholeFile: false }],
      { verdict: 'valid', isComplete: false, reasons: ['SAI_TOAN_VEN'] },
    ],
    [
      'one altered',
      [finding({ isIntact: false, isTrusted: false, reasons: ['SAI_TOAN_VEN'] }), agency],
      { verdict: 'invalid', isComplete: false, reasons: ['SAI_TOAN_VEN'] },
    ],
    [
      'one of an unknown authority',
      [finding({ isTrusted: false, reasons: ['CTS_KHONG_TIN_CAY'] }), agency],
      { verdict: 'invalid', isComplete: false, reasons: ['CTS_KHONG_TIN_CAY'] },
    ],
    [
      'one that cannot be checked now',
      [finding({ isTrusted: false, reasons: ['KHONG_KT_DUOC'] }), agency],
      { verdict: 'undetermined', isComplete: false, reasons: ['KHONG_KT_DUOC'] },
    ],
  ])('%s', (_name, findings, expected) => {
    expect(decideCheck(findings)).toMatchObject(expected);
  });
});
