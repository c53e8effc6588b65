// The record of a signature, the same for every kind of key: one row and one audit entry, or a refusal.

import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { recordAudit } from '../audit/index.ts';
import { signingError } from './errors.ts';
import * as store from './store.ts';

export interface SignatureRecordInput extends store.NewSignature {
  /** Business time of the record; the signature itself may have been prepared some minutes earlier. */
  readonly recordedAt: Instant;
}

/** SIGNING_ALREADY_SIGNED when the document has a signature of this role: of two at once the second rolls back. */
export async function recordSignature(tx: Tx, { recordedAt, ...signature }: SignatureRecordInput): Promise<string> {
  const { documentId, role, actor, serialNumber, fieldName, provider } = signature;
  const signatureId = await store.insertSignature(tx, signature);
  if (signatureId === null) {
    throw signingError({
      code: 'SIGNING_ALREADY_SIGNED',
      message: `Expected no ${role} signature on the document yet`,
    });
  }
  await recordAudit(tx, {
    at: recordedAt,
    actor,
    agencyId: actor.agencyId,
    action: 'signature.applied',
    subjectKind: 'signature',
    subjectId: signatureId,
    details: { documentId, role, serialNumber, fieldName, provider },
  });
  return signatureId;
}
