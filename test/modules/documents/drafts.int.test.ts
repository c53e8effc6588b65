// Drafts on a real database: what is refused and leaves nothing, what is kept, and the walls between agencies.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../../../server/modules/audit/index.ts';
import {
  approveDraft,
  cancelDraft,
  createDraft,
  findDocumentFor,
  findSummaries,
  getDocument,
  linkInstance,
  listDocuments,
  listVersions,
  loadVersion,
  returnDraft,
  saveLetter,
  savePdf,
  submitDraft,
  updateDraft,
  type DraftInput,
} from '../../../server/modules/documents/index.ts';
import { asId, type AgencyId, type DocumentId, type Key, type UserId } from '../../../server/shared/ids.ts';
import { plusMillis, type LocalDate } from '../../../server/shared/time.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { draftInput, LETTER, prepareDraft, type Journey } from '../journey.ts';
import { CITY, COMMITTEE, createDeps, createProvince, DEPARTMENT, NOW, type Province } from '../province.ts';

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
const create = (changes: Partial<DraftInput>) =>
  run((tx) => createDraft(tx, province.committee.officer, draftInput(province.committee, changes), NOW));

/** Number of rows in every table of the schema: equal before and after means that nothing was stored. */
async function countAllRows(): Promise<Readonly<Record<string, number>>> {
  const { rows: tables } = await database.pool.query(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await database.pool.query(`select count(*)::int as count from "${name}"`);
    counts[name] = rows[0].count;
  }
  return counts;
}

describe('creating a draft', () => {
  it('keeps what was given and what follows from type, agency and signer', async () => {
    const draft = await create({ urgency: 'urgent', dueOn: asId<LocalDate>('2019-05-20') });
    expect(draft).toMatchObject({
      agencyId: COMMITTEE,
      direction: 'outgoing',
      status: 'draft',
      documentTypeName: 'Công văn',
      subject: 'V/v thí điểm gửi, nhận văn bản điện tử có ký số',
      urgency: 'urgent',
      notation: 'UBND-KSTTHC',
      number: null,
      documentCode: null,
      issuedPlace: 'Đắk Lắk',
      capacityLine: 'TM. ỦY BAN NHÂN DÂN',
      signerName: 'Y Thịnh Êban',
      drafterName: 'Nguyễn Thị Ánh Tuyết',
      dueOn: '2019-05-20',
      originName: 'Ủy ban nhân dân tỉnh Đắk Lắk',
      createdAt: NOW,
    });
    expect(draft.recipients.map(({ id }) => id)).toEqual([DEPARTMENT, CITY]);
  });

  it.each<[string, Partial<DraftInput>, string]>([
    ['a secrecy level', { secrecy: 'secret' }, 'DOCUMENT_SECRET_REFUSED'],
    ['a secrecy stamp in the subject', { subject: 'TỐI MẬT: kế hoạch' }, 'DOCUMENT_SECRET_REFUSED'],
    ['an unknown type', { documentTypeId: 'sonnet' }, 'DOCUMENT_TYPE_UNKNOWN'],
    ['an empty subject', { subject: '  ' }, 'DOCUMENT_SUBJECT_INVALID'],
    ['no recipient', { recipientIds: [] }, 'DOCUMENT_RECIPIENTS_MISSING'],
    ['an unknown recipient', { recipientIds: [asId<AgencyId>('so-khong-co')] }, 'DOCUMENT_RECIPIENT_UNKNOWN'],
    ['itself as recipient', { recipientIds: [COMMITTEE] }, 'DOCUMENT_RECIPIENT_IS_SENDER'],
    ['a signer that does not exist', { signerId: asId<UserId>('nobody') }, 'DOCUMENT_SIGNER_UNKNOWN'],
    ['a deadline in the past', { dueOn: asId<LocalDate>('2019-05-05') }, 'DOCUMENT_DUE_INVALID'],
    ['a deadline that is no day', { dueOn: asId<LocalDate>('2019-02-30') }, 'DOCUMENT_DUE_INVALID'],
    ['a reply to nothing', { replyTo: asId<DocumentId>('nothing') }, 'DOCUMENT_REPLY_UNKNOWN'],
  ])('with %s is refused and stores nothing at all', async (_name, changes, code) => {
    const before = await countAllRows();
    await expect(create(changes)).rejects.toMatchObject({ code, kind: 'rule' });
    expect(await countAllRows()).toEqual(before);
  });

  it('with a signer of another agency is refused', async () => {
    const signerId = province.city.leader.userId;
    await expect(create({ signerId })).rejects.toMatchObject({ code: 'DOCUMENT_SIGNER_UNKNOWN' });
  });

  it('is for officers', async () => {
    const { leader, clerk } = province.committee;
    for (const actor of [leader, clerk]) {
      const refused = run((tx) => createDraft(tx, actor, draftInput(province.committee), NOW));
      await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_ROLE_REQUIRED', kind: 'forbidden' });
    }
  });

  it('no column of the documents table could hold a secrecy level', async () => {
    const { rows } = await database.pool.query(
      `select column_name from information_schema.columns where table_name = 'documents' and column_name like '%secre%'`,
    );
    expect(rows).toEqual([]);
  });
});

describe('the file of a draft', () => {
  it('a letter becomes a PDF, and every save a new version', async () => {
    const { id } = await prepareDraft(journey);
    await run((tx) => saveLetter(tx, deps, province.committee.officer, id, { paragraphs: ['Bản thứ hai.'] }, NOW));
    const versions = await run((tx) => listVersions(tx, id));
    expect(versions.map(({ version, kind, pageCount }) => ({ version, kind, pageCount }))).toEqual([
      { version: 1, kind: 'draft', pageCount: 1 },
      { version: 2, kind: 'draft', pageCount: 1 },
    ]);
    const { bytes } = await run((tx) => loadVersion(tx, deps, id));
    expect(Buffer.from(bytes).toString('latin1', 0, 5)).toBe('%PDF-');
    expect((await run((tx) => getDocument(tx, id))).letter).toEqual({ paragraphs: ['Bản thứ hai.'] });
  });

  it('an uploaded PDF replaces the letter and gets a harmless name', async () => {
    const { id } = await prepareDraft(journey);
    const { bytes } = await run((tx) => loadVersion(tx, deps, id));
    const file = { fileName: 'Kế hoạch (bản cuối).PDF', bytes };
    const version = await run((tx) => savePdf(tx, deps, province.committee.officer, id, file, NOW));
    expect(version).toMatchObject({ version: 2, kind: 'draft', fileName: 'Ke_hoach_ban_cuoi.pdf' });
    expect((await run((tx) => getDocument(tx, id))).letter).toBeNull();
  });

  it('bytes that are no PDF are refused with the code of the inspector and store nothing', async () => {
    const { id } = await create({});
    const before = await countAllRows();
    const file = { fileName: 'a.pdf', bytes: new TextEncoder().encode('Xin chào') };
    const refused = run((tx) => savePdf(tx, deps, province.committee.officer, id, file, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'FILE_NOT_PDF', kind: 'rule' });
    expect(await countAllRows()).toEqual(before);
  });

  it('a version that does not exist is not found', async () => {
    const { id } = await create({});
    await expect(run((tx) => loadVersion(tx, deps, id))).rejects.toMatchObject({ code: 'DOCUMENT_VERSION_NOT_FOUND' });
    const { id: other } = await prepareDraft(journey);
    await expect(run((tx) => loadVersion(tx, deps, other, 7))).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('review', () => {
  it('a draft without a file cannot be submitted', async () => {
    const { id } = await create({});
    const refused = run((tx) => submitDraft(tx, province.committee.officer, id, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_FILE_MISSING' });
  });

  it('a returned draft keeps the reason until it is submitted again', async () => {
    const { officer, leader } = province.committee;
    const { id } = await prepareDraft(journey);
    await run((tx) => submitDraft(tx, officer, id, NOW));
    const returned = await run((tx) => returnDraft(tx, leader, id, 'Sai số liệu ở mục 2', NOW));
    expect(returned).toMatchObject({ status: 'draft', returnReason: 'Sai số liệu ở mục 2' });
    const resubmitted = await run((tx) => submitDraft(tx, officer, id, NOW));
    expect(resubmitted).toMatchObject({ status: 'in_review', returnReason: null });
    await run((tx) => approveDraft(tx, leader, id, NOW));
    const returnedLate = await run((tx) => returnDraft(tx, leader, id, 'Xem lại thẩm quyền ký', NOW));
    expect(returnedLate.status).toBe('draft');
  });

  it('a reason of four letters is no reason', async () => {
    const { id } = await prepareDraft(journey);
    await run((tx) => submitDraft(tx, province.committee.officer, id, NOW));
    const refused = run((tx) => returnDraft(tx, province.committee.leader, id, ' sai ', NOW));
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_REASON_TOO_SHORT' });
  });

  it('officers do not approve and leaders do not submit', async () => {
    const { officer, leader } = province.committee;
    const { id } = await prepareDraft(journey);
    await expect(run((tx) => submitDraft(tx, leader, id, NOW))).rejects.toMatchObject({ kind: 'forbidden' });
    await run((tx) => submitDraft(tx, officer, id, NOW));
    await expect(run((tx) => approveDraft(tx, officer, id, NOW))).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('a submitted draft cannot be changed any more', async () => {
    const { officer } = province.committee;
    const { id } = await prepareDraft(journey);
    await run((tx) => submitDraft(tx, officer, id, NOW));
    const update = run((tx) => updateDraft(tx, officer, id, draftInput(province.committee), NOW));
    await expect(update).rejects.toMatchObject({ code: 'DOCUMENT_STATE', kind: 'rejection' });
    const letter = run((tx) => saveLetter(tx, deps, officer, id, LETTER, NOW));
    await expect(letter).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
  });

  it('changing a draft replaces its metadata, and a refused change leaves all of it', async () => {
    const { officer } = province.committee;
    const { id } = await prepareDraft(journey);
    const changed = draftInput(province.committee, {
      documentTypeId: 'decision',
      subject: 'Quyết định mới',
      recipientIds: [CITY],
    });
    const later = plusMillis(NOW, 60_000);
    const updated = await run((tx) => updateDraft(tx, officer, id, changed, later));
    expect(updated).toMatchObject({ notation: 'QĐ-UBND', subject: 'Quyết định mới', updatedAt: later });
    expect(updated.recipients.map((recipient) => recipient.id)).toEqual([CITY]);
    const secret = run((tx) => updateDraft(tx, officer, id, { ...changed, subject: 'MẬT' }, later));
    await expect(secret).rejects.toMatchObject({ code: 'DOCUMENT_SECRET_REFUSED' });
    expect(await run((tx) => getDocument(tx, id))).toEqual(updated);
  });

  it('a cancelled draft is final', async () => {
    const { officer } = province.committee;
    const { id } = await prepareDraft(journey);
    await run((tx) => cancelDraft(tx, officer, id, 'Không còn cần thiết', NOW));
    await expect(run((tx) => submitDraft(tx, officer, id, NOW))).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
  });

  it('of two reviewers at once one decides and the other is refused', async () => {
    const { officer, leader } = province.committee;
    const { id } = await prepareDraft(journey);
    await run((tx) => submitDraft(tx, officer, id, NOW));
    const outcomes = await Promise.allSettled([
      run((tx) => approveDraft(tx, leader, id, NOW)),
      run((tx) => approveDraft(tx, leader, id, NOW)),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('the history tells every step with its actor', async () => {
    const { officer, leader } = province.committee;
    const { id } = await prepareDraft(journey);
    await run((tx) => submitDraft(tx, officer, id, NOW));
    await run((tx) => approveDraft(tx, leader, id, NOW));
    const history = await run((tx) => listAudit(tx, { subjectKind: 'document', subjectId: id }));
    expect(history.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['document.drafted', officer.userId],
      ['document.file-saved', officer.userId],
      ['document.submitted', officer.userId],
      ['document.approved', leader.userId],
    ]);
  });
});

describe('walls between agencies', () => {
  it("another agency's document answers exactly as an unknown one", async () => {
    const { id } = await prepareDraft(journey);
    const unknown = asId<DocumentId>('00000000-0000-4000-8000-000000000000');
    const stranger = province.city.officer;
    const answerTo = (documentId: DocumentId) =>
      run((tx) => submitDraft(tx, stranger, documentId, NOW)).catch(({ code, kind }) => ({ code, kind }));
    expect(await answerTo(id)).toEqual({ code: 'DOCUMENT_NOT_FOUND', kind: 'not-found' });
    expect(await answerTo(unknown)).toEqual(await answerTo(id));
    expect(await run((tx) => findDocumentFor(tx, stranger, id))).toBeNull();
    expect(await run((tx) => findDocumentFor(tx, stranger, asId<DocumentId>("'; --")))).toBeNull();
    expect(await run((tx) => findSummaries(tx, stranger, [id]))).toEqual([]);
    expect((await run((tx) => findDocumentFor(tx, province.committee.clerk, id)))?.id).toBe(id);
  });

  it('a list holds documents of the own agency only', async () => {
    await prepareDraft(journey);
    const mine = await run((tx) => listDocuments(tx, province.committee.clerk, { limit: 100 }));
    const theirs = await run((tx) => listDocuments(tx, province.city.officer, { limit: 100 }));
    expect(mine.length).toBeGreaterThan(0);
    expect(mine.every(({ agencyId }) => agencyId === COMMITTEE)).toBe(true);
    expect(theirs).toEqual([]);
  });

  it('a list can be searched without diacritics and filtered by state', async () => {
    const { id } = await create({ subject: 'V/v xây dựng nhà văn hóa buôn Ako Dhông 100%' });
    const search = (text: string) => run((tx) => listDocuments(tx, province.committee.officer, { text, limit: 100 }));
    expect((await search('xay dung nha van hoa')).map((document) => document.id)).toEqual([id]);
    expect((await search('DHÔNG 100%')).map((document) => document.id)).toEqual([id]);
    expect(await search('100_')).toEqual([]);
    const cancelled = await run((tx) =>
      listDocuments(tx, province.committee.officer, { status: 'sealed', limit: 100 }),
    );
    expect(cancelled).toEqual([]);
  });
});

describe('process instance', () => {
  it('is linked without touching the history', async () => {
    const { id, updatedAt } = await create({});
    await run((tx) => linkInstance(tx, id, asId<Key>('2251799813685249')));
    const linked = await run((tx) => getDocument(tx, id));
    expect(linked).toMatchObject({ instanceKey: '2251799813685249', updatedAt });
  });
});
