// Issuing with the real signer: the order of the law, idempotent system steps, and files that never change.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findSendBy,
  getDocument,
  listVersions,
  loadVersion,
  recordArchived,
  recordDispatched,
  recordNumbered,
  recordSealed,
  recordSigned,
  savePdf,
} from '../../../server/modules/documents/index.ts';
import { asId, type DocumentId } from '../../../server/shared/ids.ts';
import type { LocalDate } from '../../../server/shared/time.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { toInstant } from '../../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import {
  prepareApproved,
  prepareDispatched,
  prepareDraft,
  prepareNumbered,
  prepareSealed,
  prepareSigned,
  sign,
  type Journey,
} from '../journey.ts';
import { createDeps, createProvince, NOW, type Province } from '../province.ts';

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
const bytesOf = async (id: DocumentId): Promise<Uint8Array> => (await run((tx) => loadVersion(tx, deps, id))).bytes;
const extended = async (id: DocumentId): Promise<Uint8Array> => Buffer.concat([await bytesOf(id), Buffer.from('\n%')]);

describe('issuing a document', () => {
  it('goes from signature over number and seal to dispatch, each file extending the one before', async () => {
    const { id } = await prepareDispatched(journey);
    const document = await run((tx) => getDocument(tx, id));
    const number = document.number ?? 0;
    const code = `${String(number).padStart(2, '0')}/UBND-KSTTHC`;
    expect(document).toMatchObject({
      status: 'dispatched',
      documentCode: code,
      issuedOn: '2019-05-06',
      wireDocumentId: `000.00.00.H15,2019/05/06,${code}`,
      signedAt: NOW,
      dispatchedAt: NOW,
    });
    const versions = await run((tx) => listVersions(tx, id));
    expect(versions.map(({ kind }) => kind)).toEqual(['draft', 'signed', 'numbered', 'sealed']);
    expect(versions.at(-1)?.fileName).toBe(`${code.replace('/', '_')}.signed.pdf`);
    for (const { version } of versions.slice(1)) {
      const before = (await run((tx) => loadVersion(tx, deps, id, version - 1))).bytes;
      const after = (await run((tx) => loadVersion(tx, deps, id, version))).bytes;
      expect(Buffer.from(after.subarray(0, before.length)).equals(before)).toBe(true);
    }
  });

  it('only the named signer signs', async () => {
    const { id } = await prepareApproved(journey);
    const bytes = await extended(id);
    const refused = run((tx) => recordSigned(tx, deps, province.committee.officer, id, { bytes }, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_SIGNER_ONLY', kind: 'forbidden' });
  });

  it('a draft that nobody has approved cannot be signed', async () => {
    const { id } = await prepareDraft(journey);
    const bytes = await extended(id);
    const refused = run((tx) => recordSigned(tx, deps, province.committee.leader, id, { bytes }, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
  });

  it('a signed file that is not an extension of the approved one is refused', async () => {
    const { id } = await prepareApproved(journey);
    const other = new TextEncoder().encode('%PDF-1.7 một văn bản khác');
    const refused = run((tx) => recordSigned(tx, deps, province.committee.leader, id, { bytes: other }, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_FILE_NOT_EXTENDED', kind: 'rule' });
  });

  it('the number comes after the signature and the seal after the number', async () => {
    const approved = await prepareApproved(journey);
    const input = { number: 900, issuedOn: asId<LocalDate>('2019-05-06'), bytes: await extended(approved.id) };
    const early = run((tx) => recordNumbered(tx, deps, approved.id, input, NOW));
    await expect(early).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
    const signed = await prepareSigned(journey);
    const bytes = await extended(signed.id);
    const seal = run((tx) => recordSealed(tx, deps, province.committee.clerk, signed.id, bytes, NOW));
    await expect(seal).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
    await expect(run((tx) => recordDispatched(tx, signed.id, NOW))).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
  });

  it('the seal is in the hand of the clerk', async () => {
    const { id } = await prepareNumbered(journey);
    const bytes = await extended(id);
    const refused = run((tx) => recordSealed(tx, deps, province.committee.leader, id, bytes, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_ROLE_REQUIRED' });
  });

  it('numbering again with the same number changes nothing, with another one it is refused', async () => {
    const document = await prepareNumbered(journey);
    const input = {
      number: document.number ?? 0,
      issuedOn: asId<LocalDate>('2019-05-06'),
      bytes: await bytesOf(document.id),
    };
    expect(await run((tx) => recordNumbered(tx, deps, document.id, input, NOW))).toEqual(document);
    const other = run((tx) => recordNumbered(tx, deps, document.id, { ...input, number: 999 }, NOW));
    await expect(other).rejects.toMatchObject({ code: 'DOCUMENT_NUMBER_CONFLICT', kind: 'bug' });
  });

  it('dispatching and archiving are idempotent', async () => {
    const { id } = await prepareSealed(journey);
    const first = await run((tx) => recordDispatched(tx, id, NOW));
    const later = toInstant('2019-05-07T08:00:00+07:00');
    expect(await run((tx) => recordDispatched(tx, id, later))).toEqual(first);
    const archived = await run((tx) => recordArchived(tx, id, later));
    expect(archived.status).toBe('archived');
    expect(await run((tx) => recordArchived(tx, id, later))).toEqual(archived);
    expect(await run((tx) => recordDispatched(tx, id, later))).toEqual(archived);
  });

  it('the latest time to send follows from the signature', async () => {
    const signed = await prepareSigned(journey);
    expect(await run((tx) => findSendBy(tx, signed))).toEqual({
      dueAt: toInstant('2019-05-07T11:30:00+07:00'),
      reason: 'next_working_day',
    });
    const draft = await prepareDraft(journey);
    expect(await run((tx) => findSendBy(tx, draft))).toBeNull();
  });

  it('a refused signature leaves neither version nor state behind', async () => {
    const { id } = await prepareApproved(journey);
    const before = await run((tx) => listVersions(tx, id));
    const refused = run(async (tx) => {
      const { bytes } = await sign(tx, deps, { id, role: 'personal', actor: province.committee.leader }, NOW);
      await recordSigned(tx, deps, province.committee.leader, id, { bytes }, NOW);
      throw new Error('lost connection');
    });
    await expect(refused).rejects.toThrow('lost connection');
    expect(await run((tx) => listVersions(tx, id))).toEqual(before);
    expect((await run((tx) => getDocument(tx, id))).status).toBe('awaiting_signature');
  });
});

describe('what the database itself refuses', () => {
  it.each([
    ['a version', 'DOCUMENT_VERSION_IMMUTABLE', `update document_versions set file_name = 'x'`],
    ['a version', 'DOCUMENT_VERSION_IMMUTABLE', `delete from document_versions`],
    ['a version', 'DOCUMENT_VERSION_IMMUTABLE', `truncate document_versions`],
    ['stored bytes', 'CONTENT_IMMUTABLE', `update contents set bytes = 'x', size_bytes = 1`],
    ['stored bytes', 'CONTENT_IMMUTABLE', `delete from contents`],
  ])('%s cannot be changed (%s): %s', async (_what, code, sql) => {
    await prepareDraft(journey);
    await expect(database.pool.query(sql)).rejects.toThrow(code);
  });

  it('a draft file after a signed one', async () => {
    const { id } = await prepareSigned(journey);
    const insert = database.pool.query(
      `insert into document_versions (document_id, version, kind, file_name, sha256, page_count, created_at)
       select document_id, 99, 'draft', 'x.pdf', sha256, 1, now() from document_versions where document_id = $1 limit 1`,
      [id],
    );
    await expect(insert).rejects.toThrow('DOCUMENT_VERSION_ORDER');
    const upload = run(async (tx) => {
      const { bytes } = await loadVersion(tx, deps, id, 1);
      return savePdf(tx, deps, province.committee.officer, id, { fileName: 'x.pdf', bytes }, NOW);
    });
    await expect(upload).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
  });

  it('a second signed file', async () => {
    const { id } = await prepareSigned(journey);
    const insert = database.pool.query(
      `insert into document_versions (document_id, version, kind, file_name, sha256, page_count, created_at)
       select document_id, 99, 'signed', 'x.pdf', sha256, 1, now() from document_versions where document_id = $1 limit 1`,
      [id],
    );
    await expect(insert).rejects.toThrow('document_versions_document_id_kind_key');
  });

  it.each([
    ['a status that is none', `update documents set status = 'finished'`],
    ['a state of the other direction', `update documents set status = 'registered'`],
    ['a number without code and day', `update documents set number = 5 where number is null`],
    ['a dispatched document without number', `update documents set status = 'dispatched' where number is null`],
    ['a refusal without a ground', `update documents set refusal_code = 'SAI_NOI_NHAN'`],
  ])('%s', async (_what, sql) => {
    await prepareDraft(journey);
    await expect(database.pool.query(sql)).rejects.toThrow(/violates check constraint/);
  });

  it('the same code twice in one agency and year', async () => {
    const { id: first } = await prepareNumbered(journey);
    const { id: second } = await prepareNumbered(journey);
    const copy = database.pool.query(
      `update documents set document_code = (select document_code from documents where id = $1) where id = $2`,
      [first, second],
    );
    await expect(copy).rejects.toThrow('documents_agency_id_year_document_code_key');
  });
});
