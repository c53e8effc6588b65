// The trust list: only administrators, only with a compared fingerprint and a reason, and with a history that stays.

import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileValidator } from '../../../server/adapters/signing/validation/file-validator.ts';
import { createValidationPool } from '../../../server/adapters/signing/validation/pool.ts';
import { listUsers } from '../../../server/modules/agencies/index.ts';
import {
  addTrustAnchor,
  findLatestReport,
  listEvidence,
  listTrustAnchors,
  loadAnchors,
  recordValidation,
  retireTrustAnchor,
} from '../../../server/modules/validation/index.ts';
import type { Actor } from '../../../server/shared/actor.ts';
import { asId, type DocumentId } from '../../../server/shared/ids.ts';
import { plusMillis } from '../../../server/shared/time.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { certify, digest, signLetter } from '../../adapters/validation/kit.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { COMMITTEE, createProvince, NOW } from '../province.ts';

const pool = createValidationPool();
const validator = createFileValidator(pool, null);
let database: TestDatabase;
let admin: Actor;
beforeAll(async () => {
  database = await createTestDatabase();
  await createProvince(database.transactions);
  const [user] = await database.transactions.run((tx) => listUsers(tx, { agencyId: COMMITTEE }));
  if (user === undefined) throw new Error('Expected a user');
  admin = { userId: user.id, agencyId: COMMITTEE, fullName: user.fullName, position: '', roles: ['admin'] };
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transactions.run(work);
const { certificate } = certify(
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
  'CA khác',
  'issuing',
);
const sha256 = Buffer.from(digest('sha256', certificate)).toString('hex');
const reason = 'Đã đối chiếu qua điện thoại';
const add = (actor: Actor, changes: object = {}): ReturnType<typeof addTrustAnchor> =>
  run((tx) =>
    addTrustAnchor(tx, { validator }, actor, { certificate, expectedSha256: sha256, reason, ...changes }, NOW),
  );

describe('the trust list', () => {
  it('is closed to everybody but administrators, to wrong fingerprints, missing reasons and other certificates', async () => {
    await expect(add({ ...admin, roles: ['clerk'] })).rejects.toMatchObject({ code: 'TRUST_ADMIN_REQUIRED' });
    await expect(add(admin, { reason: 'ok' })).rejects.toMatchObject({ code: 'TRUST_REASON_MISSING' });
    await expect(add(admin, { expectedSha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'TRUST_PIN_MISMATCH' });
    await expect(add(admin, { certificate: new Uint8Array(9) })).rejects.toMatchObject({
      code: 'TRUST_CERTIFICATE_INVALID',
    });
  });

  it('holds an anchor from the moment it was added until it is retired, and forgets neither', async () => {
    expect(await add(admin, { expectedSha256: sha256.toUpperCase().replace(/(..)/g, '$1:') })).toMatchObject({
      sha256,
      kind: 'intermediate',
      effectiveTo: null,
    });
    await expect(add(admin)).rejects.toMatchObject({ code: 'TRUST_ANCHOR_EXISTS' });
    const later = plusMillis(NOW, 60_000);
    await run((tx) => retireTrustAnchor(tx, admin, { sha256, reason: 'Khóa của tổ chức bị lộ' }, later));
    expect((await run((tx) => loadAnchors(tx, plusMillis(NOW, 1_000)))).intermediates).toHaveLength(1);
    expect((await run((tx) => loadAnchors(tx, later))).intermediates).toHaveLength(0);
    expect(await run((tx) => listTrustAnchors(tx))).toMatchObject([
      { sha256, retiredReason: 'Khóa của tổ chức bị lộ' },
    ]);
    await expect(run((tx) => retireTrustAnchor(tx, admin, { sha256, reason }, later))).rejects.toMatchObject({
      code: 'TRUST_ANCHOR_UNKNOWN',
    });
    await expect(database.pool.query('delete from trust_anchors')).rejects.toThrow('VALIDATION_IMMUTABLE');
  });
});

describe('a report', () => {
  it('is kept with the evidence that it rests on, and cannot be changed', async () => {
    const { rows } = await database.pool.query(
      `insert into documents (agency_id, direction, status, document_type_name, subject, urgency, notation, issued_place,
         origin_name, created_at, updated_at)
       values ($1, 'outgoing', 'draft', 'Công văn', 'V/v', 'normal', 'X', 'Đắk Lắk', 'Y', now(), now()) returning id`,
      [COMMITTEE],
    );
    const documentId = asId<DocumentId>(String(rows[0].id));
    const report = await validator.validate(signLetter(), null, NOW);
    const id = await run((tx) => recordValidation(tx, documentId, report, NOW));
    expect(await run((tx) => findLatestReport(tx, documentId))).toMatchObject({
      id,
      verdict: 'valid',
      report: { schema: 'tram.validation-report/1' },
    });
    expect(await run((tx) => listEvidence(tx, id))).toMatchObject([{ kind: 'certificate' }]);
    await expect(database.pool.query(`update validation_reports set verdict = 'invalid'`)).rejects.toThrow(
      'VALIDATION_IMMUTABLE',
    );
  });
});
