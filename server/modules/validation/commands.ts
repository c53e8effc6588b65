// Whom this node believes, and what it found. The trust list is changed by administrators only, with a fingerprint that
// they have compared, a reason, and an audit entry; nothing is ever taken out of the history.

import type { Actor } from '../../shared/actor.ts';
import type { DocumentId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { recordAudit } from '../audit/index.ts';
import { validationError } from './errors.ts';
import type { FileReport, FileValidator } from './ports.ts';
import * as store from './store.ts';
import { MIN_REASON_LENGTH, type NewAnchor, type TrustAnchor } from './trust-anchor.ts';

function assertMayTrust(actor: Actor, reason: string): void {
  if (!actor.roles.includes('admin')) {
    throw validationError('TRUST_ADMIN_REQUIRED', 'Expected an administrator to change the trust list');
  }
  if (reason.trim().length < MIN_REASON_LENGTH) {
    throw validationError('TRUST_REASON_MISSING', `Expected a reason of ${MIN_REASON_LENGTH} letters or more`);
  }
}

const hexOf = (text: string): string => text.toLowerCase().replace(/[^0-9a-f]/g, '');

/** Codes: TRUST_ADMIN_REQUIRED, TRUST_REASON_MISSING, TRUST_CERTIFICATE_INVALID, TRUST_PIN_MISMATCH, TRUST_ANCHOR_EXISTS. */
export async function addTrustAnchor(
  tx: Tx,
  deps: { readonly validator: Pick<FileValidator, 'describeCertificate'> },
  actor: Actor,
  input: NewAnchor,
  now: Instant,
): Promise<TrustAnchor> {
  assertMayTrust(actor, input.reason);
  const facts = deps.validator.describeCertificate(input.certificate);
  if (facts === null || !facts.isAuthority) {
    throw validationError('TRUST_CERTIFICATE_INVALID', 'Expected the certificate of an authority');
  }
  if (hexOf(input.expectedSha256) !== facts.sha256) {
    throw validationError('TRUST_PIN_MISMATCH', 'The certificate is not the one whose fingerprint was compared', {
      sha256: facts.sha256,
    });
  }
  const kind = facts.isSelfSigned ? 'root' : 'intermediate';
  const anchor = await store.insertAnchor(tx, actor, { facts, kind, reason: input.reason.trim() }, now);
  if (anchor === null) throw validationError('TRUST_ANCHOR_EXISTS', 'The certificate is trusted already');
  await audit(tx, actor, 'trust.anchor-added', anchor, { reason: anchor.reason }, now);
  return anchor;
}

/** From now on; what was judged before stays as it was judged. Codes: TRUST_*, TRUST_ANCHOR_UNKNOWN. */
export async function retireTrustAnchor(
  tx: Tx,
  actor: Actor,
  input: { readonly sha256: string; readonly reason: string },
  now: Instant,
): Promise<TrustAnchor> {
  assertMayTrust(actor, input.reason);
  const retired = { sha256: hexOf(input.sha256), reason: input.reason.trim() };
  const anchor = await store.retireAnchor(tx, actor, retired, now);
  if (anchor === null) throw validationError('TRUST_ANCHOR_UNKNOWN', 'No such certificate is trusted');
  await audit(tx, actor, 'trust.anchor-retired', anchor, { reason: retired.reason }, now);
  return anchor;
}

function audit(
  tx: Tx,
  actor: Actor,
  action: 'trust.anchor-added' | 'trust.anchor-retired',
  anchor: TrustAnchor,
  details: Readonly<Record<string, string>>,
  now: Instant,
): Promise<void> {
  return recordAudit(tx, {
    at: now,
    actor,
    agencyId: actor.agencyId,
    action,
    subjectKind: 'authority',
    subjectId: anchor.id,
    details: { ...details, name: anchor.name, sha256: anchor.sha256, kind: anchor.kind },
  });
}

/** Keeps what was found about a document's file, with everything that the finding rests on. */
export const recordValidation = (tx: Tx, documentId: DocumentId, report: FileReport, now: Instant): Promise<string> =>
  store.insertReport(tx, documentId, report, now);
