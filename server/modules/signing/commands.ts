// Making keys and signatures. Keys of test certificates are made at first use, because RSA takes about a second each
// and the province has some seven hundred people. All is local computing: nothing waits for a network here.

import type { AgencyId, UserId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { getAgency, getUser } from '../agencies/index.ts';
import { recordAudit } from '../audit/index.ts';
import { orRefuse, signingError } from './errors.ts';
import type { CertificateRequest, CredentialOpener, PdfSigner, TestAuthority } from './ports.ts';
import { checkOrder, checkValidity, decideHolder, fieldNameOf } from './rules.ts';
import {
  SAMPLE_PIN,
  TEST_VALID_FROM,
  TEST_VALID_TO,
  type Credential,
  type Holder,
  type SignInput,
} from './signature.ts';
import * as store from './store.ts';

/** The test authority of this node; made on the first call, the same one ever after. */
export async function ensureAuthority(
  tx: Tx,
  deps: { readonly authority: TestAuthority },
  now: Instant,
): Promise<store.Authority> {
  const present = await store.selectAuthority(tx);
  if (present !== null) return present;
  await store.lockIssuing(tx, 'authority');
  const made = await store.selectAuthority(tx);
  if (made !== null) return made;
  const material = await deps.authority.create(TEST_VALID_FROM);
  const authority = await store.insertAuthority(tx, material, now);
  await recordAudit(tx, {
    at: now,
    actor: null,
    agencyId: null,
    action: 'authority.created',
    subjectKind: 'authority',
    subjectId: authority.id,
    details: { isTest: true },
  });
  return authority;
}

/** The test certificate of a person or an agency; issued on the first call, one per holder. */
export async function ensureCredential(
  tx: Tx,
  deps: { readonly authority: TestAuthority },
  holder: Holder,
  now: Instant,
): Promise<Credential> {
  const present = await store.selectCredential(tx, holder);
  if (present !== null) return present;
  await store.lockIssuing(tx, holder.kind === 'person' ? holder.userId : holder.agencyId);
  const issuedMeanwhile = await store.selectCredential(tx, holder);
  if (issuedMeanwhile !== null) return issuedMeanwhile;

  const authority = await ensureAuthority(tx, deps, now);
  const { request, agencyId } = await describeHolder(tx, holder);
  const issued = await deps.authority.issue(authority, request);
  const credential = await store.insertCredential(
    tx,
    {
      authorityId: authority.id,
      holder,
      subjectName: request.commonName,
      validFrom: request.validFrom,
      validTo: request.validTo,
      issued,
    },
    now,
  );
  await recordAudit(tx, {
    at: now,
    actor: null,
    agencyId,
    action: 'credential.issued',
    subjectKind: 'credential',
    subjectId: credential.id,
    details: { holder: holder.kind, serialNumber: credential.serialNumber, isTest: true },
  });
  return credential;
}

async function describeHolder(tx: Tx, holder: Holder): Promise<{ request: CertificateRequest; agencyId: AgencyId }> {
  const common = { validFrom: TEST_VALID_FROM, validTo: TEST_VALID_TO, pin: SAMPLE_PIN };
  if (holder.kind === 'agency') {
    const agency = await getAgency(tx, holder.agencyId);
    return {
      agencyId: agency.id,
      request: { ...common, commonName: agency.name, organization: agency.name, title: null },
    };
  }
  return describePerson(tx, holder.userId, common);
}

async function describePerson(
  tx: Tx,
  userId: UserId,
  common: Pick<CertificateRequest, 'validFrom' | 'validTo' | 'pin'>,
): Promise<{ request: CertificateRequest; agencyId: AgencyId }> {
  const user = await getUser(tx, userId);
  const agency = await getAgency(tx, user.agencyId);
  return {
    agencyId: agency.id,
    request: { ...common, commonName: user.fullName, organization: agency.name, title: user.position },
  };
}

/**
 * Signs the file for the actor (personal) or the actor's agency (agency, clerks only) and keeps the record. One
 * signature per document and role: of two at once the second is refused and rolls back.
 * Codes: SIGNING_PIN_WRONG, SIGNING_CERTIFICATE_EXPIRED, SIGNING_CLERK_REQUIRED, SIGNING_ALREADY_SIGNED,
 * SIGNING_PERSON_MISSING. The caller stores `bytes` as the document's next version in the same transaction.
 */
export async function applySignature(
  tx: Tx,
  deps: { readonly signer: PdfSigner; readonly opener: CredentialOpener; readonly authority: TestAuthority },
  input: SignInput,
  now: Instant,
): Promise<{ readonly bytes: Uint8Array; readonly signatureId: string }> {
  const { actor, role, documentId } = input;
  const holder = orRefuse(decideHolder(actor, role));
  const present = await store.selectSignatures(tx, documentId);
  orRefuse(
    checkOrder(
      present.map((signature) => signature.role),
      role,
    ),
  );

  const credential = await ensureCredential(tx, deps, holder, now);
  orRefuse(checkValidity(credential, now));
  const opened = deps.opener.open(credential.pkcs12, input.pin);
  orRefuse(checkValidity(opened, now));

  const fieldName = fieldNameOf(role);
  const signatureId = await store.insertSignature(tx, {
    documentId,
    role,
    credential,
    actor,
    fieldName,
    signedAt: now,
  });
  if (signatureId === null) {
    throw signingError({
      code: 'SIGNING_ALREADY_SIGNED',
      message: `Expected no ${role} signature on the document yet`,
    });
  }
  const bytes = await deps.signer.sign({
    pdf: input.pdf,
    credential: opened,
    fieldName,
    appearance: { role, rect: input.rect, displayName: credential.subjectName },
    signedAt: now,
    reason: input.reason,
    location: input.location,
  });
  await recordAudit(tx, {
    at: now,
    actor,
    agencyId: actor.agencyId,
    action: 'signature.applied',
    subjectKind: 'signature',
    subjectId: signatureId,
    details: { documentId, role, serialNumber: credential.serialNumber, fieldName },
  });
  return { bytes, signatureId };
}
