// Incoming documents: arrival once per package, acceptance or refusal, assignment, handling.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../../../server/modules/audit/index.ts';
import {
  assignDocument,
  beginHandling,
  completeHandling,
  createDraft,
  createIncoming,
  getDocument,
  listAttachments,
  listVersions,
  recordAccepted,
  recordArchived,
  recordRefused,
  type AssignInput,
  type Document,
  type IncomingInput,
} from '../../../server/modules/documents/index.ts';
import { asId, type PackageId } from '../../../server/shared/ids.ts';
import type { LocalDate } from '../../../server/shared/time.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { draftInput } from '../journey.ts';
import { COMMITTEE, createDeps, createProvince, DEPARTMENT, NOW, type Province, type Staff } from '../province.ts';

const deps = createDeps();
const TODAY = asId<LocalDate>('2019-05-06');
let database: TestDatabase;
let province: Province;
let staff: Staff;
beforeAll(async () => {
  database = await createTestDatabase();
  province = await createProvince(database.transactions);
  staff = province.department;
});
afterAll(() => database.drop());

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transactions.run(work);

const file = (name: string, text: string) => ({
  name,
  description: name,
  mediaType: 'application/pdf',
  bytes: new TextEncoder().encode(text),
});

const arrival = (changes: Partial<IncomingInput> = {}): IncomingInput => ({
  agencyId: DEPARTMENT,
  packageId: asId<PackageId>(randomUUID()),
  origin: { agencyId: COMMITTEE, code: '000.00.00.H15', name: 'Ủy ban nhân dân tỉnh Đắk Lắk' },
  wireDocumentId: '000.00.00.H15,2019/04/26,3321/UBND-KSTTHC',
  number: '3321',
  notation: 'UBND-KSTTHC',
  issuedOn: asId<LocalDate>('2019-04-26'),
  issuedPlace: 'Đắk Lắk',
  documentTypeName: 'Công văn',
  subject: 'V/v thí điểm gửi, nhận văn bản điện tử có ký số',
  urgency: 'normal',
  signer: { capacity: 'KT. CHỦ TỊCH', position: 'Phó Chủ tịch', fullName: 'Nguyễn Văn A' },
  dueOn: null,
  pageCount: 3,
  recipientsLines: ['Các sở, ban, ngành'],
  files: [file('3321_UBND-KSTTHC.signed.pdf', '%PDF-1.7 bản gốc')],
  ...changes,
});

const arrive = (changes: Partial<IncomingInput> = {}): Promise<Document> =>
  run((tx) => createIncoming(tx, deps, arrival(changes), NOW));

async function register(): Promise<Document> {
  const { id } = await arrive();
  return run((tx) => recordAccepted(tx, staff.clerk, id, { arrivalNumber: 1520, arrivedOn: TODAY }, NOW));
}

const assignment = (changes: Partial<AssignInput> = {}): AssignInput => ({
  leadId: staff.officer.userId,
  supportIds: [staff.clerk.userId],
  instruction: 'Tham mưu văn bản trả lời',
  dueOn: asId<LocalDate>('2019-05-10'),
  ...changes,
});

async function assign(changes: Partial<AssignInput> = {}): Promise<Document> {
  const { id } = await register();
  return run((tx) => assignDocument(tx, staff.leader, id, assignment(changes), NOW));
}

describe('arrival', () => {
  it('makes a document of the recipient with the data of the message', async () => {
    const document = await arrive();
    expect(document).toMatchObject({
      agencyId: DEPARTMENT,
      direction: 'incoming',
      status: 'arrived',
      documentTypeId: 'official_letter',
      documentCode: '3321/UBND-KSTTHC',
      originName: 'Ủy ban nhân dân tỉnh Đắk Lắk',
      originCode: '000.00.00.H15',
      capacityLine: 'KT. CHỦ TỊCH',
      signerName: 'Nguyễn Văn A',
      signerId: null,
    });
    expect(await run((tx) => listVersions(tx, document.id))).toMatchObject([
      { version: 1, kind: 'received', fileName: '3321_UBND-KSTTHC.signed.pdf', anchors: null, pageCount: 3 },
    ]);
  });

  it('the same package offered again, also at the same time, gives the one document', async () => {
    const packageId = asId<PackageId>(randomUUID());
    const documents = await Promise.all([arrive({ packageId }), arrive({ packageId }), arrive({ packageId })]);
    expect(new Set(documents.map(({ id }) => id)).size).toBe(1);
    const history = await run((tx) => listAudit(tx, { subjectKind: 'document', subjectId: documents[0].id }));
    expect(history.map(({ action }) => action)).toEqual(['document.arrived']);
  });

  it('keeps further files as attachments that cannot be changed', async () => {
    const files = [file('chinh.pdf', '%PDF-1.7 chính'), file('Phụ lục 1.xlsx', 'bảng')];
    const { id } = await arrive({ files });
    expect(await run((tx) => listAttachments(tx, id))).toMatchObject([{ ordinal: 1, fileName: 'Phu_luc_1.xlsx' }]);
    await expect(database.pool.query(`delete from document_attachments`)).rejects.toThrow(
      'DOCUMENT_ATTACHMENT_IMMUTABLE',
    );
  });

  it('a type that this node does not know is kept by its name', async () => {
    const document = await arrive({ documentTypeName: 'Nghị quyết liên tịch' });
    expect(document).toMatchObject({ documentTypeId: 'other', documentTypeName: 'Nghị quyết liên tịch' });
  });

  it('a subject with a secrecy stamp is refused', async () => {
    await expect(arrive({ subject: 'MẬT - Kế hoạch' })).rejects.toMatchObject({ code: 'DOCUMENT_SECRET_REFUSED' });
  });

  it('a package without a file is refused', async () => {
    await expect(arrive({ files: [] })).rejects.toMatchObject({ code: 'DOCUMENT_FILE_MISSING' });
  });
});

describe('acceptance and refusal', () => {
  it('an accepted document has its arrival number and is registered', async () => {
    const document = await register();
    expect(document).toMatchObject({ status: 'registered', arrivalNumber: 1520, arrivedOn: '2019-05-06' });
    const history = await run((tx) => listAudit(tx, { subjectKind: 'document', subjectId: document.id }));
    expect(history.map(({ action }) => action)).toEqual([
      'document.arrived',
      'document.accepted',
      'document.registered',
    ]);
  });

  it('a refusal keeps ground, reason and person, and is final', async () => {
    const { id } = await arrive();
    const refusal = { reasonCode: 'SAI_NOI_NHAN', reason: 'Không thuộc thẩm quyền' };
    const refused = await run((tx) => recordRefused(tx, staff.clerk, id, refusal, NOW));
    expect(refused).toMatchObject({
      status: 'refused',
      refusalCode: 'SAI_NOI_NHAN',
      refusalReason: 'Không thuộc thẩm quyền',
    });
    const accept = run((tx) => recordAccepted(tx, staff.clerk, id, { arrivalNumber: 1, arrivedOn: TODAY }, NOW));
    await expect(accept).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
    const [, entry] = await run((tx) => listAudit(tx, { subjectKind: 'document', subjectId: id }));
    expect(entry).toMatchObject({ action: 'document.refused', actorId: staff.clerk.userId });
  });

  it.each([
    ['an unknown ground', { reasonCode: 'khac', reason: 'Không thuộc thẩm quyền' }, 'DOCUMENT_REFUSAL_CODE_UNKNOWN'],
    ['no reason', { reasonCode: 'SAI_NOI_NHAN', reason: '' }, 'DOCUMENT_REASON_TOO_SHORT'],
  ])('a refusal with %s is no refusal', async (_name, refusal, code) => {
    const { id } = await arrive();
    await expect(run((tx) => recordRefused(tx, staff.clerk, id, refusal, NOW))).rejects.toMatchObject({ code });
  });

  it('only clerks of the receiving agency decide', async () => {
    const { id } = await arrive();
    const input = { arrivalNumber: 1, arrivedOn: TODAY };
    const officer = run((tx) => recordAccepted(tx, staff.officer, id, input, NOW));
    await expect(officer).rejects.toMatchObject({ code: 'DOCUMENT_ROLE_REQUIRED' });
    const stranger = run((tx) => recordAccepted(tx, province.city.clerk, id, input, NOW));
    await expect(stranger).rejects.toMatchObject({ code: 'DOCUMENT_NOT_FOUND' });
  });
});

describe('assignment and handling', () => {
  it('names the lead, the supporters, the instruction and the deadline', async () => {
    const document = await assign();
    expect(document).toMatchObject({
      status: 'assigned',
      assigneeName: staff.officer.fullName,
      instruction: 'Tham mưu văn bản trả lời',
      handleBy: '2019-05-10',
    });
    expect(document.assignments.map(({ userId, role }) => [userId, role])).toEqual([
      [staff.officer.userId, 'lead'],
      [staff.clerk.userId, 'support'],
    ]);
  });

  it('a lead who is also named as supporter is the lead', async () => {
    const document = await assign({ supportIds: [staff.officer.userId] });
    expect(document.assignments).toHaveLength(1);
  });

  it('handlers are people of the agency', async () => {
    const refused = assign({ leadId: province.city.officer.userId });
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_ASSIGNEE_UNKNOWN' });
  });

  it('needs an instruction and a leader', async () => {
    await expect(assign({ instruction: ' ' })).rejects.toMatchObject({ code: 'DOCUMENT_INSTRUCTION_MISSING' });
    const { id } = await register();
    const officer = run((tx) => assignDocument(tx, staff.officer, id, assignment(), NOW));
    await expect(officer).rejects.toMatchObject({ code: 'DOCUMENT_ROLE_REQUIRED' });
  });

  it('beginning twice changes nothing the second time', async () => {
    const { id } = await assign();
    const begun = await run((tx) => beginHandling(tx, staff.clerk, id, NOW));
    expect(begun.status).toBe('in_progress');
    expect(await run((tx) => beginHandling(tx, staff.officer, id, NOW))).toEqual(begun);
  });

  it('the lead completes, a supporter and a stranger do not', async () => {
    const { id } = await assign();
    const outcome = { outcome: 'Đã có văn bản trả lời' };
    for (const actor of [staff.clerk, staff.leader]) {
      const refused = run((tx) => completeHandling(tx, actor, id, outcome, NOW));
      await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_NOT_ASSIGNEE', kind: 'forbidden' });
    }
    const completed = await run((tx) => completeHandling(tx, staff.officer, id, outcome, NOW));
    expect(completed).toMatchObject({ status: 'completed', outcome: 'Đã có văn bản trả lời' });
    const history = await run((tx) => listAudit(tx, { subjectKind: 'document', subjectId: id }));
    expect(history.map(({ action }) => action).slice(-2)).toEqual(['document.handling-started', 'document.completed']);
    expect((await run((tx) => recordArchived(tx, id, NOW))).status).toBe('archived');
  });

  it('needs an outcome', async () => {
    const { id } = await assign();
    const refused = run((tx) => completeHandling(tx, staff.officer, id, { outcome: '' }, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_OUTCOME_MISSING' });
    expect((await run((tx) => getDocument(tx, id))).status).toBe('assigned');
  });

  it('a reply names the incoming document of the own agency', async () => {
    const { id } = await register();
    const input = draftInput(staff, { recipientIds: [COMMITTEE], replyTo: id });
    const reply = await run((tx) => createDraft(tx, staff.officer, input, NOW));
    expect(reply.replyTo).toBe(id);
    const foreign = draftInput(province.city, { recipientIds: [COMMITTEE], replyTo: id });
    const refused = run((tx) => createDraft(tx, province.city.officer, foreign, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_REPLY_UNKNOWN' });
  });
});
