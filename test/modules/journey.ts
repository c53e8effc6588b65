// The path of one outgoing document in steps, so that a test says from which state it starts. Every step is the
// module's own command; nothing is written around the rules.

import {
  approveDraft,
  createDraft,
  formatDateLine,
  formatNumber,
  loadVersion,
  recordDispatched,
  recordNumbered,
  recordSealed,
  recordSigned,
  saveLetter,
  submitDraft,
  type Document,
  type DraftInput,
} from '../../server/modules/documents/index.ts';
import { allocateNumber } from '../../server/modules/registers/index.ts';
import { applySignature, SAMPLE_PIN, type SignatureRole } from '../../server/modules/signing/index.ts';
import type { Actor } from '../../server/shared/actor.ts';
import type { DocumentId } from '../../server/shared/ids.ts';
import { localDateOf, yearOf, type Instant } from '../../server/shared/time.ts';
import type { Transactions, Tx } from '../../server/shared/transactions.ts';
import { CITY, DEPARTMENT, NOW, type Deps, type Staff } from './province.ts';

export const draftInput = (staff: Staff, changes: Partial<DraftInput> = {}): DraftInput => ({
  documentTypeId: 'official_letter',
  subject: 'V/v thí điểm gửi, nhận văn bản điện tử có ký số',
  urgency: 'normal',
  secrecy: 'none',
  recipientIds: [DEPARTMENT, CITY],
  signerId: staff.leader.userId,
  signingCapacity: 'on_behalf',
  dueOn: null,
  replyTo: null,
  ...changes,
});

export const LETTER = { paragraphs: ['Ủy ban nhân dân tỉnh yêu cầu các cơ quan triển khai thực hiện.'] };

export interface Journey {
  readonly transactions: Transactions;
  readonly deps: Deps;
  readonly staff: Staff;
}

/** Draft with its PDF. */
export const prepareDraft = (
  { transactions, deps, staff }: Journey,
  changes: Partial<DraftInput> = {},
): Promise<Document> =>
  transactions.run(async (tx) => {
    const draft = await createDraft(tx, staff.officer, draftInput(staff, changes), NOW);
    await saveLetter(tx, deps, staff.officer, draft.id, LETTER, NOW);
    return draft;
  });

export async function prepareApproved(journey: Journey, changes: Partial<DraftInput> = {}): Promise<Document> {
  const { id } = await prepareDraft(journey, changes);
  return journey.transactions.run(async (tx) => {
    await submitDraft(tx, journey.staff.officer, id, NOW);
    return approveDraft(tx, journey.staff.leader, id, NOW);
  });
}

export interface Signing {
  readonly id: DocumentId;
  readonly role: SignatureRole;
  readonly actor: Actor;
  readonly pin?: string;
}

/** The file with one signature more; the document's state is not touched. */
export async function sign(tx: Tx, deps: Deps, { id, role, actor, pin = SAMPLE_PIN }: Signing, now: Instant) {
  const { version, bytes } = await loadVersion(tx, deps, id);
  if (version.anchors === null) throw new Error('An outgoing version has anchors');
  const rect = role === 'personal' ? version.anchors.personalSignature : version.anchors.agencySignature;
  const input = { documentId: id, role, actor, pdf: bytes, rect, pin, reason: 'Ký ban hành', location: 'Đắk Lắk' };
  return applySignature(tx, deps, input, now);
}

export async function prepareSigned(journey: Journey, changes: Partial<DraftInput> = {}): Promise<Document> {
  const { id } = await prepareApproved(journey, changes);
  const { deps, staff } = journey;
  return journey.transactions.run(async (tx) => {
    const { bytes } = await sign(tx, deps, { id, role: 'personal', actor: staff.leader }, NOW);
    return recordSigned(tx, deps, staff.leader, id, { bytes }, NOW);
  });
}

export async function prepareNumbered(journey: Journey, changes: Partial<DraftInput> = {}): Promise<Document> {
  const document = await prepareSigned(journey, changes);
  return journey.transactions.run((tx) => numberDocument(tx, journey.deps, document, NOW));
}

export async function numberDocument(tx: Tx, deps: Deps, document: Document, now: Instant): Promise<Document> {
  const issuedOn = localDateOf(now);
  const { number } = await allocateNumber(
    tx,
    {
      agencyId: document.agencyId,
      series: document.documentTypeId,
      year: yearOf(issuedOn),
      documentId: document.id,
      issuedOn,
      subject: document.subject,
      documentTypeName: document.documentTypeName,
      notation: document.notation,
      signerName: document.signerName ?? '',
      recipientsText: document.recipients.map(({ name }) => name).join('; '),
    },
    now,
  );
  const { version, bytes } = await loadVersion(tx, deps, document.id);
  if (version.anchors === null) throw new Error('An outgoing version has anchors');
  const drawn = await deps.signer.drawNumberAndDate(bytes, {
    number: formatNumber(number),
    dateLine: formatDateLine(document.issuedPlace, issuedOn),
    numberRect: version.anchors.number,
    dateRect: version.anchors.date,
  });
  return recordNumbered(tx, deps, document.id, { number, issuedOn, bytes: drawn }, now);
}

export async function prepareSealed(journey: Journey, changes: Partial<DraftInput> = {}): Promise<Document> {
  const { id } = await prepareNumbered(journey, changes);
  const { deps, staff } = journey;
  return journey.transactions.run(async (tx) => {
    const { bytes } = await sign(tx, deps, { id, role: 'agency', actor: staff.clerk }, NOW);
    return recordSealed(tx, deps, staff.clerk, id, bytes, NOW);
  });
}

export async function prepareDispatched(journey: Journey, changes: Partial<DraftInput> = {}): Promise<Document> {
  const { id } = await prepareSealed(journey, changes);
  return journey.transactions.run((tx) => recordDispatched(tx, id, NOW));
}
