// Packages with the real codec: made once per recipient, sent with the same bytes, received once, and reports that
// come late, twice and out of order.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getAgency } from '../../../server/modules/agencies/index.ts';
import { createIncoming, updateDraft, type Document } from '../../../server/modules/documents/index.ts';
import {
  buildDocumentEnvelope,
  buildStatusEnvelope,
  createPackages,
  getIncomingPackage,
  getPackage,
  listPackages,
  listPackets,
  listSentStatuses,
  loadPackageBytes,
  recordIncomingStatus,
  recordSendFailed,
  recordSent,
  recordStatusSent,
  storeIncoming,
  type Envelope,
  type OutgoingPackage,
  type Receipt,
  type StatusMessage,
} from '../../../server/modules/exchange/index.ts';
import { asId, type PackageId } from '../../../server/shared/ids.ts';
import { plusMillis, type Instant } from '../../../server/shared/time.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { draftInput, prepareDispatched, prepareDraft, prepareSealed, type Journey } from '../journey.ts';
import { CITY, COMMITTEE, createDeps, createProvince, DEPARTMENT, NOW, type Province } from '../province.ts';

const deps = createDeps();
let database: TestDatabase;
let province: Province;
let journey: Journey;
let document: Document;
beforeAll(async () => {
  database = await createTestDatabase();
  province = await createProvince(database.transactions);
  journey = { transactions: database.transactions, deps, staff: province.committee };
  document = await prepareDispatched(journey);
});
afterAll(() => database.drop());

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transactions.run(work);

const pack = (subject: Document): Promise<readonly OutgoingPackage[]> =>
  run(async (tx) => {
    const sender = await getAgency(tx, subject.agencyId);
    return createPackages(tx, { document: subject, sender, recipients: subject.recipients }, NOW);
  });

/** The package to the department and its envelope, of a document of its own. */
async function prepareEnvelope(): Promise<{ outgoing: OutgoingPackage; envelope: Envelope; sent: Document }> {
  const sent = await prepareDispatched(journey);
  const [outgoing] = await pack(sent);
  if (outgoing === undefined) throw new Error('There is a package for each recipient');
  return { sent, outgoing, envelope: await run((tx) => buildDocumentEnvelope(tx, deps, outgoing.id)) };
}

const receive = (envelope: Envelope, at: Instant = NOW) => run((tx) => storeIncoming(tx, deps, envelope, at));
const countIncoming = async (): Promise<number> =>
  (await database.pool.query(`select count(*)::int as count from incoming_packages`)).rows[0].count;

describe('packages of a document', () => {
  it('there is one per recipient, however often they are made', async () => {
    const first = await pack(document);
    const again = await Promise.all([pack(document), pack(document)]);
    expect(first.map(({ recipientId, status }) => [recipientId, status])).toEqual([
      [DEPARTMENT, 'queued'],
      [CITY, 'queued'],
    ]);
    for (const packages of again) expect(packages).toEqual(first);
    const duplicate = database.pool.query(
      `insert into outgoing_packages (document_id, sender_id, recipient_id, recipient_name, recipient_code, created_at)
       select document_id, sender_id, recipient_id, recipient_name, recipient_code, created_at from outgoing_packages`,
    );
    await expect(duplicate).rejects.toThrow('outgoing_packages_document_id_recipient_id_key');
  });

  it('a document that is not issued has nothing to send', async () => {
    const draft = await prepareDraft(journey);
    const [outgoing] = await pack(draft);
    const built = run((tx) => buildDocumentEnvelope(tx, deps, outgoing?.id ?? asId<PackageId>('')));
    await expect(built).rejects.toMatchObject({ code: 'PACKAGE_DOCUMENT_NOT_ISSUED', kind: 'rejection' });
  });

  it('the message carries the data of the document and the sealed file', async () => {
    const { envelope, sent } = await prepareEnvelope();
    expect(envelope).toMatchObject({ fromCode: '000.00.00.H15', toCode: '000.00.13.H15', messageType: 'edoc' });
    const decoded = deps.codec.decode(envelope.bytes);
    if (!decoded.ok || decoded.value.kind !== 'document') throw new Error('A document message was encoded');
    expect(decoded.value).toMatchObject({
      documentId: sent.wireDocumentId,
      notation: 'UBND-KSTTHC',
      issuedOn: '2019-05-06',
      issuedPlace: 'Đắk Lắk',
      documentTypeName: 'Công văn',
      documentTypeDetail: 18,
      subject: sent.subject,
      priority: 0,
      signer: { capacity: 'TM. ỦY BAN NHÂN DÂN', fullName: 'Y Thịnh Êban' },
    });
    expect(Buffer.from(decoded.value.attachments[0]?.bytes ?? []).toString('latin1', 0, 5)).toBe('%PDF-');
  });

  it('each attempt sends the bytes of the first', async () => {
    const { outgoing, envelope } = await prepareEnvelope();
    expect(await run((tx) => buildDocumentEnvelope(tx, deps, outgoing.id))).toEqual(envelope);
    const bytes = await run((tx) =>
      loadPackageBytes(tx, deps, { documentId: outgoing.documentId, packageId: outgoing.id }),
    );
    expect(Buffer.from(bytes).equals(envelope.bytes)).toBe(true);
  });

  it('a package has no bytes for readers of another document or before the first attempt', async () => {
    const { outgoing } = await prepareEnvelope();
    const [unsent] = await pack(document);
    const load = (documentId: Document['id'], packageId: PackageId) =>
      run((tx) => loadPackageBytes(tx, deps, { documentId, packageId }));
    await expect(load(document.id, outgoing.id)).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' });
    await expect(load(document.id, unsent?.id ?? outgoing.id)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('sent is recorded once, and failures are kept for the operator', async () => {
    const { outgoing, envelope } = await prepareEnvelope();
    await run((tx) => recordSendFailed(tx, outgoing.id, 'Không kết nối được', NOW));
    expect(await run((tx) => getPackage(tx, outgoing.id))).toMatchObject({
      status: 'queued',
      failureCount: 1,
      lastFailure: 'Không kết nối được',
    });
    const receipt: Receipt = {
      accepted: true,
      messageId: envelope.messageId,
      sha256: deps.hash(envelope.bytes),
      receivedAt: NOW,
    };
    await run((tx) => recordSent(tx, outgoing.id, receipt, NOW));
    await run((tx) => recordSent(tx, outgoing.id, receipt, plusMillis(NOW, 5000)));
    expect(await run((tx) => getPackage(tx, outgoing.id))).toMatchObject({
      status: 'sent',
      sentAt: NOW,
      lastFailure: null,
    });
  });
});

describe('receiving a package', () => {
  it('stores it once and gives every repetition the first receipt', async () => {
    const { envelope } = await prepareEnvelope();
    const first = await receive(envelope);
    if (first.kind !== 'new') throw new Error('The package is new');
    const later = plusMillis(NOW, 60_000);
    const again = await receive(envelope, later);
    expect(again).toEqual({ kind: 'duplicate', packageId: first.packageId, receipt: first.receipt });
    expect(first.receipt).toEqual({
      accepted: true,
      messageId: envelope.messageId,
      sha256: deps.hash(envelope.bytes),
      receivedAt: NOW,
    });
  });

  it('of five receptions at once one is new', async () => {
    const { envelope } = await prepareEnvelope();
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => receive(envelope)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual([
      'duplicate',
      'duplicate',
      'duplicate',
      'duplicate',
      'new',
    ]);
  });

  it('the same message id with other bytes is a conflict and stores nothing', async () => {
    const { envelope } = await prepareEnvelope();
    const { envelope: other } = await prepareEnvelope();
    await receive(envelope);
    const before = await countIncoming();
    const conflict = receive({ ...other, messageId: envelope.messageId });
    await expect(conflict).rejects.toMatchObject({ code: 'EXCHANGE_DUPLICATE_CONFLICT', kind: 'rule' });
    expect(await countIncoming()).toBe(before);
  });

  it.each<[string, Partial<Envelope>, string]>([
    ['an addressee that is not of this province', { toCode: '000.00.99.H15' }, 'EXCHANGE_UNKNOWN_ADDRESSEE'],
    ['an addressee that the message does not name', { toCode: '000.00.30.H15' }, 'EXCHANGE_UNKNOWN_ADDRESSEE'],
    ['another sender than the message has', { fromCode: '000.00.30.H15' }, 'EXCHANGE_SENDER_MISMATCH'],
    ['bytes that are no message', { bytes: new TextEncoder().encode('<html/>') }, 'EXCHANGE_MESSAGE_INVALID'],
  ])('with %s is refused and stores nothing', async (_name, changes, code) => {
    const { envelope } = await prepareEnvelope();
    const before = await countIncoming();
    await expect(receive({ ...envelope, ...changes })).rejects.toMatchObject({ code, kind: 'rule' });
    expect(await countIncoming()).toBe(before);
  });

  it('marked secret is refused and stores nothing, not even the bytes', async () => {
    const { envelope } = await prepareEnvelope();
    const decoded = deps.codec.decode(envelope.bytes);
    if (!decoded.ok || decoded.value.kind !== 'document') throw new Error('A document message was encoded');
    const bytes = deps.codec.encode({ ...decoded.value, subject: 'TUYỆT MẬT: kế hoạch' });
    await expect(receive({ ...envelope, bytes })).rejects.toMatchObject({ code: 'EXCHANGE_SECRET_REFUSED' });
    const { rows } = await database.pool.query(`select from contents where sha256 = $1`, [deps.hash(bytes)]);
    expect(rows).toEqual([]);
  });

  it('the incoming document knows its package, and the package its document', async () => {
    const { envelope, sent } = await prepareEnvelope();
    const stored = await receive(envelope);
    if (stored.kind !== 'new') throw new Error('The package is new');
    const incoming = await run((tx) => createIncoming(tx, deps, stored.arrival, NOW));
    expect(incoming).toMatchObject({
      agencyId: DEPARTMENT,
      status: 'arrived',
      documentCode: sent.documentCode,
      subject: sent.subject,
      originAgencyId: COMMITTEE,
      originName: 'Ủy ban nhân dân tỉnh Đắk Lắk',
    });
    expect(await run((tx) => getIncomingPackage(tx, stored.packageId))).toMatchObject({
      documentId: incoming.id,
      recipientId: DEPARTMENT,
      documentCode: sent.documentCode,
    });
    expect((await run((tx) => listPackets(tx, incoming.id))).map(({ sha256 }) => sha256)).toEqual([
      deps.hash(envelope.bytes),
    ]);
  });
});

/** A report as the department would send it about the given document. */
const report = (about: Document, statusCode: string, changes: Partial<StatusMessage> = {}): StatusMessage => ({
  kind: 'status',
  from: { code: '000.00.13.H15', name: 'Sở Thông tin và Truyền thông' },
  responseFor: {
    agencyCode: '000.00.00.H15',
    code: about.documentCode ?? '',
    issuedOn: about.issuedOn,
    documentId: about.wireDocumentId ?? '',
  },
  statusCode,
  description: `Trạng thái ${statusCode}`,
  at: NOW,
  staff: { department: 'Văn phòng Sở', name: 'Lê Văn C' },
  ...changes,
});

const envelopeOf = (messageId: string): Envelope => ({
  messageId,
  fromCode: '000.00.13.H15',
  toCode: '000.00.00.H15',
  messageType: 'status',
  bytes: new Uint8Array(),
});

const tell = (message: StatusMessage, messageId: string = randomUUID(), at: Instant = NOW) =>
  run((tx) => recordIncomingStatus(tx, message, envelopeOf(messageId), at));

describe('reports about a package', () => {
  it('late, repeated and out-of-order reports are kept and never move the state back', async () => {
    const { outgoing, sent } = await prepareEnvelope();
    const outcomes = [];
    for (const code of ['03', '01', '05', '04', '04', '06', '05', '03']) outcomes.push(await tell(report(sent, code)));
    expect(outcomes.map(({ status, hasAdvanced }) => [status, hasAdvanced])).toEqual([
      ['accepted', true],
      ['accepted', false],
      ['in_progress', true],
      ['in_progress', false],
      ['in_progress', false],
      ['completed', true],
      ['completed', false],
      ['completed', false],
    ]);
    const [stored] = await run((tx) => listPackages(tx, sent.id));
    expect(stored).toMatchObject({ id: outgoing.id, status: 'completed' });
    expect(stored?.history).toHaveLength(8);
  });

  it('one message twice is one report, also at the same time', async () => {
    const { sent } = await prepareEnvelope();
    const outcomes = await Promise.all([1, 2, 3].map(() => tell(report(sent, '03'), 'same-message')));
    expect(outcomes.filter(({ hasAdvanced }) => hasAdvanced)).toHaveLength(1);
    expect(outcomes.every(({ status }) => status === 'accepted')).toBe(true);
    const [stored] = await run((tx) => listPackages(tx, sent.id));
    expect(stored?.history).toHaveLength(1);
  });

  it('one message id with two contents is a conflict', async () => {
    const { sent } = await prepareEnvelope();
    const messageId = randomUUID();
    await tell(report(sent, '01'), messageId);
    const conflict = tell(report(sent, '02', { description: 'Sai nơi nhận' }), messageId);
    await expect(conflict).rejects.toMatchObject({ code: 'EXCHANGE_DUPLICATE_CONFLICT' });
    const [stored] = await run((tx) => listPackages(tx, sent.id));
    expect(stored).toMatchObject({ status: 'arrived', history: [{ code: '01', name: 'Đã đến' }] });
  });

  it('a refusal is not hidden by a late acceptance', async () => {
    const { sent } = await prepareEnvelope();
    await tell(report(sent, '02'));
    expect(await tell(report(sent, '03'))).toMatchObject({ status: 'refused', hasAdvanced: false });
  });

  it('a receipt that comes after the first report does not set the state back', async () => {
    const { outgoing, envelope, sent } = await prepareEnvelope();
    await tell(report(sent, '01'));
    const receipt: Receipt = { accepted: true, messageId: envelope.messageId, sha256: '', receivedAt: NOW };
    await run((tx) => recordSent(tx, outgoing.id, receipt, NOW));
    expect(await run((tx) => getPackage(tx, outgoing.id))).toMatchObject({ status: 'arrived', sentAt: NOW });
  });

  it('a request to take back is kept and moves nothing', async () => {
    const { sent } = await prepareEnvelope();
    await tell(report(sent, '03'));
    expect(await tell(report(sent, '15'))).toMatchObject({ status: 'accepted', hasAdvanced: false });
  });

  it('a report about an unknown document, of an unknown code or by a stranger is refused', async () => {
    const { sent } = await prepareEnvelope();
    const unknown = report(sent, '03', { responseFor: { ...report(sent, '03').responseFor, documentId: 'x' } });
    await expect(tell(unknown)).rejects.toMatchObject({ code: 'EXCHANGE_STATUS_UNMATCHED', kind: 'rule' });
    await expect(tell(report(sent, '09'))).rejects.toMatchObject({ code: 'EXCHANGE_STATUS_UNKNOWN' });
    const forged = report(sent, '03', { from: { code: '000.00.30.H15', name: 'UBND thành phố' } });
    await expect(tell(forged)).rejects.toMatchObject({ code: 'EXCHANGE_SENDER_MISMATCH' });
  });
});

describe('reporting to the sender', () => {
  it('gives the same bytes for the same message id, and is recorded as sent once', async () => {
    const { envelope, sent } = await prepareEnvelope();
    const stored = await receive(envelope);
    if (stored.kind !== 'new') throw new Error('The package is new');
    const incomingPackageId = stored.packageId;
    const input = {
      incomingPackageId,
      statusCode: '03',
      description: 'Đã tiếp nhận, số đến 1520',
      staff: { department: 'Văn phòng Sở', name: 'Lê Văn C' },
      messageId: `status-${randomUUID()}`,
    };
    const first = await run((tx) => buildStatusEnvelope(tx, deps, input, NOW));
    const later = plusMillis(NOW, 60_000);
    const again = await run((tx) => buildStatusEnvelope(tx, deps, { ...input, description: 'khác' }, later));
    expect(again).toEqual(first);
    expect(first).toMatchObject({ fromCode: '000.00.13.H15', toCode: '000.00.00.H15', messageType: 'status' });

    await run((tx) => recordStatusSent(tx, { incomingPackageId, statusCode: '03', envelope: first }, NOW));
    await run((tx) => recordStatusSent(tx, { incomingPackageId, statusCode: '03', envelope: first }, later));
    expect(await run((tx) => listSentStatuses(tx, incomingPackageId))).toMatchObject([{ code: '03', sentAt: NOW }]);

    const arrived = await receive(first);
    if (arrived.kind !== 'status') throw new Error('The envelope holds a status');
    expect(await run((tx) => recordIncomingStatus(tx, arrived.message, first, NOW))).toMatchObject({
      documentId: sent.id,
      senderId: COMMITTEE,
      recipientId: DEPARTMENT,
      status: 'accepted',
      hasAdvanced: true,
    });
  });

  it('knows no status code that the exchange does not know', async () => {
    const { envelope } = await prepareEnvelope();
    const stored = await receive(envelope);
    if (stored.kind !== 'new') throw new Error('The package is new');
    const input = {
      incomingPackageId: stored.packageId,
      statusCode: '99',
      description: '',
      staff: { department: '', name: '' },
      messageId: randomUUID(),
    };
    const refused = run((tx) => buildStatusEnvelope(tx, deps, input, NOW));
    await expect(refused).rejects.toMatchObject({ code: 'EXCHANGE_STATUS_UNKNOWN' });
  });
});

describe('a sealed document', () => {
  it('cannot be edited while its packages wait', async () => {
    const sealed = await prepareSealed(journey);
    await pack(sealed);
    const edit = run((tx) =>
      updateDraft(tx, province.committee.officer, sealed.id, draftInput(province.committee), NOW),
    );
    await expect(edit).rejects.toMatchObject({ code: 'DOCUMENT_STATE' });
  });
});
