// Step 2, sign: personal signature, then number and date (drawn as an increment), then the agency signature. The order
// is law (NĐ 30/2020 Đ14, Đ32) and stands in the document's lifecycle, so that no process model can change it.

import { recordAudit } from '../modules/audit/index.ts';
import {
  type Document,
  formatDateLine,
  formatNumber,
  getDocument,
  loadVersion,
  recordNumbered,
  returnDraft,
} from '../modules/documents/index.ts';
import { allocateNumber } from '../modules/registers/index.ts';
import { applySignature, validateSignatures } from '../modules/signing/index.ts';
import { completed, giveUp, type JobHandler } from '../runtime/index.ts';
import { type LocalDate, localDateOf, yearOf } from '../shared/time.ts';
import { adjustPlaces, anchorsOf, type SigningPlaces } from './signing-places.ts';
import { REASONS, recordSignedFile, SIGNING_LOCATION } from './signing-task.ts';
import { documentIdOf, type FlowDeps, type TaskCommand } from './types.ts';

export interface PersonalSignatureInput {
  readonly outcome: 'sign' | 'return';
  readonly pin?: string | undefined;
  readonly comment?: string | undefined;
  /** Where the signer wants signature, number, date and seal; absent: as proposed. */
  readonly places?: SigningPlaces | undefined;
}

export function signPersonally(deps: FlowDeps): TaskCommand<PersonalSignatureInput> {
  return async (tx, { actor, documentId, now }, input) => {
    if (input.outcome === 'return') {
      await returnDraft(tx, actor, documentId, input.comment ?? '', now);
      return { outcome: 'return' };
    }
    const { version, bytes } = await loadVersion(tx, deps, documentId);
    const anchors = adjustPlaces(version, input.places);
    const signed = await applySignature(
      tx,
      deps,
      {
        documentId,
        role: 'personal',
        actor,
        pdf: bytes,
        rect: anchors.personalSignature,
        pin: input.pin ?? '',
        reason: REASONS.personal,
        location: SIGNING_LOCATION,
      },
      now,
    );
    return recordSignedFile(tx, deps, { actor, documentId, now }, { role: 'personal', bytes: signed.bytes, anchors });
  };
}

/** Number and date belong to the moment of issue: allocated, drawn and registered in one transaction. */
export function allocateDocumentNumber(deps: FlowDeps): JobHandler {
  return {
    async record(tx, job, _performed, now) {
      const document = await getDocument(tx, documentIdOf(job));
      const issuedOn = localDateOf(now);
      const { number } = await allocateNumber(tx, registerEntryOf(document, issuedOn), now);
      const { version, bytes } = await loadVersion(tx, deps, document.id);
      const drawn = await deps.signer.drawNumberAndDate(bytes, {
        number: formatNumber(number),
        dateLine: formatDateLine(document.issuedPlace, issuedOn),
        numberRect: anchorsOf(version).number,
        dateRect: anchorsOf(version).date,
      });
      const numbered = await recordNumbered(tx, deps, document.id, { number, issuedOn, bytes: drawn }, now);
      return completed({ number, documentCode: numbered.documentCode, issuedOn });
    },
  };
}

const registerEntryOf = (document: Document, issuedOn: LocalDate) => ({
  agencyId: document.agencyId,
  series: document.documentTypeId,
  year: yearOf(issuedOn),
  documentId: document.id,
  issuedOn,
  subject: document.subject,
  documentTypeName: document.documentTypeName,
  notation: document.notation,
  signerName: document.signerName ?? '',
  recipientsText: document.recipients.map((recipient) => recipient.name).join('; '),
});

export interface AgencySignatureInput {
  readonly pin: string;
  readonly places?: SigningPlaces | undefined;
}

/** The records clerk applies the agency signature in person (NĐ 30/2020 Đ32): only after the personal one. */
export function sealWithAgencySignature(deps: FlowDeps): TaskCommand<AgencySignatureInput> {
  return async (tx, { actor, documentId, now }, input) => {
    const { version, bytes } = await loadVersion(tx, deps, documentId);
    const sealed = await applySignature(
      tx,
      deps,
      {
        documentId,
        role: 'agency',
        actor,
        pdf: bytes,
        rect: adjustPlaces(version, input.places).agencySignature,
        pin: input.pin,
        reason: REASONS.agency,
        location: SIGNING_LOCATION,
      },
      now,
    );
    return recordSignedFile(tx, deps, { actor, documentId, now }, { role: 'agency', bytes: sealed.bytes });
  };
}

/** Nothing is dispatched that our own reader does not find signed by a person and by the agency. */
export function verifyBeforeDispatch(deps: FlowDeps): JobHandler {
  return {
    async record(tx, job) {
      const { bytes } = await loadVersion(tx, deps, documentIdOf(job));
      const check = await validateSignatures(tx, deps, bytes);
      if (!check.isComplete) {
        return giveUp(`Signatures are ${check.verdict}: ${check.reasons.join(', ')}`);
      }
      return completed({});
    },
  };
}

/** The send-by time of QĐ 28/2018 Đ6(2) has passed and the document is still here: noted in its history. */
export function remindSend(): JobHandler {
  return {
    async record(tx, job, _performed, now) {
      const document = await getDocument(tx, documentIdOf(job));
      await recordAudit(tx, {
        at: now,
        actor: null,
        agencyId: document.agencyId,
        action: 'document.send-overdue',
        subjectKind: 'document',
        subjectId: document.id,
        details: { status: document.status },
      });
      return completed({});
    },
  };
}
