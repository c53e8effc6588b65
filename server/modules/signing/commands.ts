// Making keys and signatures. Keys of test certificates are made at first use, because RSA takes about a second each
// and the province has some seven hundred people. All is local computing: nothing waits for a network here.

import type { AgencyId, UserId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { getAgency, getUser } from '../agencies/index.ts';
import { recordAudit } from '../audit/index.ts';
import { AppError } from '../../shared/app-error.ts';
import { loadTrust } from './commands/trust.ts';
import { orRefuse, signingError } from './errors.ts';
import type {
  CertificateRequest,
  CredentialOpener,
  PdfSigner,
  SignerChecker,
  SigningCredential,
  TestAuthority,
} from './ports.ts';
import { recordSignature } from './records.ts';
import { checkOrder, checkValidity, decideHolder, fieldNameOf } from './rules.ts';
import { checkPinLock, countWrongPin, MAX_PIN_TRIES } from './session-rules.ts';
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

interface SignDeps {
  readonly signer: PdfSigner;
  readonly opener: CredentialOpener;
  readonly authority: TestAuthority;
  readonly checker: SignerChecker;
}

/**
 * Signs the file for the actor (personal) or the actor's agency (agency, clerks only) with a key of this node, and keeps
 * the record. The certificate is judged first: validity, purpose, owner, chain, and revocation by the own authority's list.
 * One signature per document and role: of two at once the second is refused and rolls back.
 * Codes: SIGNING_PIN_WRONG (details: credentialId), SIGNING_PIN_LOCKED, SIGNING_CERTIFICATE_*, SIGNING_CLERK_REQUIRED,
 * SIGNING_ALREADY_SIGNED, SIGNING_PERSON_MISSING. The caller stores `bytes` as the next version in the same transaction.
 */
export async function applySignature(
  tx: Tx,
  deps: SignDeps,
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
  const opened = await openCredential(tx, deps, credential, input.pin, now);

  const fieldName = fieldNameOf(role);
  const signatureId = await recordSignature(tx, {
    documentId,
    role,
    credentialId: credential.id,
    provider: 'server-key',
    signerName: credential.subjectName,
    serialNumber: credential.serialNumber,
    isTest: credential.isTest,
    actor,
    fieldName,
    signedAt: now,
    recordedAt: now,
  });
  const bytes = await deps.signer.sign({
    pdf: input.pdf,
    credential: opened,
    fieldName,
    appearance: { role, rect: input.rect, displayName: credential.subjectName },
    signedAt: now,
    reason: input.reason,
    location: input.location,
  });
  return { bytes, signatureId };
}

/** Judges the certificate and opens the key. The PIN is tried last, so that a wrong one costs nothing but a try. */
async function openCredential(
  tx: Tx,
  deps: SignDeps,
  credential: Credential,
  pin: string,
  now: Instant,
): Promise<SigningCredential> {
  orRefuse(checkValidity(credential, now));
  orRefuse(checkPinLock(credential.pinLockedUntil, now));
  const opened = openWithPin(deps.opener, credential, pin);
  orRefuse(checkValidity(opened, now));
  const signer = {
    certificate: opened.certificate,
    chain: opened.chain,
    expectedName: credential.subjectName,
    at: now,
  };
  await deps.checker.check(signer, await loadTrust(tx, deps, now), 'offline');
  if (credential.failedPins > 0) await store.updatePinCount(tx, credential.id, { failedPins: 0, lockedUntil: null });
  return opened;
}

function openWithPin(opener: CredentialOpener, credential: Credential, pin: string): SigningCredential {
  try {
    return opener.open(credential.pkcs12, pin);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'SIGNING_PIN_WRONG') throw error;
    const details = { ...error.details, credentialId: credential.id };
    throw signingError({ code: 'SIGNING_PIN_WRONG', message: error.message, details });
  }
}

/**
 * Counts a wrong PIN, in a transaction of its own: the one of the signature has been rolled back. Answers what is left;
 * with no try left the key is locked for a while.
 */
export async function recordWrongPin(
  tx: Tx,
  credentialId: string,
  now: Instant,
): Promise<{ readonly triesLeft: number; readonly lockedUntil: Instant | null }> {
  const count = countWrongPin((await store.selectPinCount(tx, credentialId)) ?? 0, now);
  await store.updatePinCount(tx, credentialId, count);
  const triesLeft = count.lockedUntil === null ? MAX_PIN_TRIES - count.failedPins : 0;
  return { triesLeft, lockedUntil: count.lockedUntil };
}
