// Signatures with real certificates and the real PDF signer: issued once, applied once, checked by the real reader.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadVersion } from '../../../server/modules/documents/index.ts';
import {
  ensureAuthority,
  ensureCredential,
  listSignatures,
  TEST_VALID_TO,
  validateSignatures,
} from '../../../server/modules/signing/index.ts';
import type { DocumentId } from '../../../server/shared/ids.ts';
import { plusMillis } from '../../../server/shared/time.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { prepareApproved, prepareNumbered, prepareSealed, prepareSigned, sign, type Journey } from '../journey.ts';
import { COMMITTEE, createDeps, createProvince, NOW, type Province } from '../province.ts';

const deps = createDeps();
let database: TestDatabase;
let province: Province;
let journey: Journey;
beforeAll(async () => {
  database = await createTestDatabase();
  province = await createProvince(database.transactions);
  journey = { transactions: database.transactions, deps, staff: province.committee };
});
afterAll(() => database.drop());

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transactions.run(work);
const check = (pdf: Uint8Array) => run((tx) => validateSignatures(tx, deps, pdf));
const bytesOf = async (id: DocumentId): Promise<Uint8Array> => (await run((tx) => loadVersion(tx, deps, id))).bytes;

describe('test authority and certificates', () => {
  it('three askers at once get the one authority', async () => {
    const made = await Promise.all([1, 2, 3].map(() => run((tx) => ensureAuthority(tx, deps, NOW))));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  it('a person gets one certificate, however often and at once it is asked for', async () => {
    const holder = { kind: 'person', userId: province.committee.leader.userId } as const;
    const asked = await Promise.all([1, 2, 3].map(() => run((tx) => ensureCredential(tx, deps, holder, NOW))));
    expect(new Set(asked.map(({ id, serialNumber }) => `${id} ${serialNumber}`)).size).toBe(1);
    expect(asked[0]).toMatchObject({ subjectName: province.committee.leader.fullName, isTest: true });
  });

  it('the certificate opens with the sample PIN, names the holder and is valid in the pilot and long after', async () => {
    const holder = { kind: 'agency', agencyId: COMMITTEE } as const;
    const credential = await run((tx) => ensureCredential(tx, deps, holder, NOW));
    const opened = deps.opener.open(credential.pkcs12, '123456');
    expect(opened.subjectName).toContain('Ủy ban nhân dân tỉnh Đắk Lắk');
    expect(opened.validFrom <= '2019-01-01').toBe(true);
    expect(opened.validTo >= '2039-01-01').toBe(true);
    expect(opened.chain.length).toBeGreaterThan(0);
  });
});

describe('signing a document', () => {
  it('both signatures are valid and complete, and recorded with who acted', async () => {
    const { id } = await prepareSealed(journey);
    expect(await check(await bytesOf(id))).toMatchObject({ verdict: 'valid', isComplete: true, reasons: [] });
    const { leader, clerk } = province.committee;
    expect(await run((tx) => listSignatures(tx, id))).toMatchObject([
      { role: 'personal', signerName: leader.fullName, actorId: leader.userId, isTest: true, signedAt: NOW },
      { role: 'agency', signerName: 'Ủy ban nhân dân tỉnh Đắk Lắk', actorId: clerk.userId, actorName: clerk.fullName },
    ]);
  });

  it('a signed but unsealed document is valid and not complete', async () => {
    const { id } = await prepareSigned(journey);
    expect(await check(await bytesOf(id))).toMatchObject({ verdict: 'valid', isComplete: false, agency: null });
  });

  it('one altered byte of the signed content makes it invalid', async () => {
    const { id } = await prepareSealed(journey);
    const altered = Uint8Array.from(await bytesOf(id));
    const at = Buffer.from(altered).indexOf('/MediaBox') + '/MediaBox ['.length;
    altered[at] = altered[at] === 0x30 ? 0x31 : 0x30;
    const result = await check(altered);
    expect(result.verdict).not.toBe('valid');
    expect(result.isComplete).toBe(false);
  });

  it('a wrong PIN is refused and leaves no signature', async () => {
    const { id } = await prepareApproved(journey);
    const wrong = run((tx) =>
      sign(tx, deps, { id, role: 'personal', actor: province.committee.leader, pin: '000000' }, NOW),
    );
    await expect(wrong).rejects.toMatchObject({ code: 'SIGNING_PIN_WRONG', kind: 'rule' });
    expect(await run((tx) => listSignatures(tx, id))).toEqual([]);
  });

  it('an expired certificate does not sign', async () => {
    const { id } = await prepareApproved(journey);
    const late = plusMillis(TEST_VALID_TO, 1000);
    const refused = run((tx) => sign(tx, deps, { id, role: 'personal', actor: province.committee.leader }, late));
    await expect(refused).rejects.toMatchObject({ code: 'SIGNING_CERTIFICATE_EXPIRED', kind: 'rule' });
  });

  it('the agency does not sign what no person has signed, and only clerks hold its seal', async () => {
    const { id } = await prepareApproved(journey);
    const early = run((tx) => sign(tx, deps, { id, role: 'agency', actor: province.committee.clerk }, NOW));
    await expect(early).rejects.toMatchObject({ code: 'SIGNING_PERSON_MISSING' });
    const numbered = await prepareNumbered(journey);
    const leader = run((tx) =>
      sign(tx, deps, { id: numbered.id, role: 'agency', actor: province.committee.leader }, NOW),
    );
    await expect(leader).rejects.toMatchObject({ code: 'SIGNING_CLERK_REQUIRED', kind: 'forbidden' });
  });

  it('of two signatures at once one is made and the other refused', async () => {
    const { id } = await prepareApproved(journey);
    const attempt = () => run((tx) => sign(tx, deps, { id, role: 'personal', actor: province.committee.leader }, NOW));
    const outcomes = await Promise.allSettled([attempt(), attempt()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await run((tx) => listSignatures(tx, id))).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'SIGNING_ALREADY_SIGNED' },
    });
  });

  it('the record of a signature cannot be changed', async () => {
    await prepareSigned(journey);
    await expect(database.pool.query(`delete from signatures`)).rejects.toThrow('SIGNATURE_IMMUTABLE');
  });
});
