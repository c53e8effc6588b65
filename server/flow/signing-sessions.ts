// Signing with a key that is not on this server. A session hands out what is to be signed only after the certificate has
// been judged, accepts one answer from the same person for the same version, verifies it, and completes the task in the
// same transaction. Everything that comes after the end of a session is put aside (decision 0017).

import { getActor } from '../modules/agencies/index.ts';
import { loadVersion } from '../modules/documents/index.ts';
import {
  cancelSession,
  checkSource,
  completeSession,
  fieldNameOf,
  getSession,
  getSessionByToken,
  latenessCode,
  loadTrust,
  lockOpenSession,
  openSession,
  orRefuseSigning,
  findLateness,
  quarantine,
  recordOutsideSignature,
  refuseSession,
  SESSION_TTL_MS,
  signingError,
  type FileInstruction,
  type OutsideProviderId,
  type QuarantineReason,
  type SignatureScheme,
  type SigningProvider,
  type SigningSession,
} from '../modules/signing/index.ts';
import type { OpenTask } from '../runtime/index.ts';
import type { Actor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import { type Instant, plusMillis } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import { adjustPlaces, type SigningPlaces } from './signing-places.ts';
import { openSigningTask, REASONS, recordSignedFile, SIGNING_LOCATION, type SigningTask } from './signing-task.ts';
import { type FlowDeps, taskActorOf } from './types.ts';

export interface OpenSessionInput {
  readonly taskKey: Key;
  readonly provider: OutsideProviderId;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly scheme?: SignatureScheme | undefined;
  readonly places?: SigningPlaces | undefined;
  /** Address of this server as the signer's machine reaches it; for file providers. */
  readonly baseUrl: string;
}

export interface OpenedSession {
  readonly session: SigningSession;
  readonly title: string;
  /** Only for file providers. */
  readonly instruction: FileInstruction | null;
}

function providerOf(deps: FlowDeps, id: OutsideProviderId): SigningProvider {
  const provider = deps.providers.find((candidate) => candidate.id === id);
  if (provider !== undefined) return provider;
  throw signingError({ code: 'SIGNING_PROVIDER_ABSENT', message: `Expected provider '${id}' to be configured` });
}

/** Reads, judges the certificate with no transaction open, prepares, and only then opens the session. */
export async function openSigningSession(
  deps: FlowDeps,
  actor: Actor,
  input: OpenSessionInput,
): Promise<OpenedSession> {
  const provider = providerOf(deps, input.provider);
  const now = deps.clock.now();
  const { task, trust } = await deps.transactions.run(async (tx) => ({
    task: await openSigningTask(tx, deps, actor, input.taskKey),
    trust: await loadTrust(tx, deps, now),
  }));
  const { certificate, chain } = input;
  const checked = await deps.checker.check(
    { certificate, chain, expectedName: task.holderName, at: now },
    trust,
    'may-ask',
  );
  const prepared = provider.kind === 'file' ? null : prepare(deps, task, input, now);
  const token = provider.kind === 'file' ? deps.tokens.next() : null;
  const session = await deps.transactions.run(async (tx) => {
    const again = await openSigningTask(tx, deps, actor, input.taskKey);
    const source = { version: task.version.version, sourceSha256: task.version.sha256 };
    orRefuseSigning(checkSource(source, again.version));
    return openSession(
      tx,
      actor,
      {
        ...source,
        provider: input.provider,
        documentId: task.document.id,
        role: task.role,
        userId: actor.userId,
        agencyId: actor.agencyId,
        taskKey: input.taskKey,
        fieldName: fieldNameOf(task.role),
        signerName: checked.subjectName,
        serialNumber: checked.serialNumber,
        isTest: checked.isTest,
        certificate,
        prepared,
        increment: prepared?.bytes.subarray(prepared.sourceLength) ?? null,
        tokenHash: token?.tokenHash ?? null,
        signedAt: now,
        expiresAt: plusMillis(now, SESSION_TTL_MS),
      },
      now,
    );
  });
  const instruction =
    provider.kind === 'file' && token !== null
      ? provider.describe(fileTaskOf(task, session, `${input.baseUrl}/api/signing/files/${token.token}`))
      : null;
  return { session, title: task.document.subject, instruction };
}

const fileTaskOf = (task: SigningTask, session: SigningSession, url: string) => ({
  sessionId: session.id,
  role: task.role,
  fieldName: session.fieldName,
  fileName: task.version.fileName,
  downloadUrl: url,
  uploadUrl: url,
  documentNumber: task.document.documentCode,
  issuedOn: task.document.issuedOn,
});

function prepare(deps: FlowDeps, task: SigningTask, input: OpenSessionInput, now: Instant) {
  const anchors = adjustPlaces(task.version, input.places);
  const rect = task.role === 'personal' ? anchors.personalSignature : anchors.agencySignature;
  return deps.twoStep.prepare({
    pdf: task.bytes,
    certificate: input.certificate,
    chain: input.chain,
    ...(input.scheme === undefined ? {} : { scheme: input.scheme }),
    fieldName: fieldNameOf(task.role),
    appearance: { role: task.role, rect, displayName: task.holderName },
    signedAt: now,
    reason: REASONS[task.role],
    location: SIGNING_LOCATION,
  });
}

/** What came back: a signature value, or a whole file. */
export type SigningResult =
  { readonly kind: 'value'; readonly signature: Uint8Array } | { readonly kind: 'file'; readonly bytes: Uint8Array };

const contentOf = (result: SigningResult): Uint8Array => (result.kind === 'value' ? result.signature : result.bytes);

/**
 * The one answer of a session. Late and second answers are stored in quarantine and refused with a code; a wrong one ends
 * the session. In every refusal the document is what it was.
 */
export async function answerSession(
  deps: FlowDeps,
  actor: Actor,
  session: SigningSession,
  result: SigningResult,
): Promise<SigningSession> {
  const now = deps.clock.now();
  const early = findLateness(session, now);
  if (early !== null) return refuseLate(deps, session, early, result);
  try {
    const lateness = await deps.transactions.run((tx) => acceptAnswer(tx, deps, { actor, session, result, now }));
    if (lateness !== null) return await refuseLate(deps, session, lateness, result);
    return await deps.transactions.run((tx) => getSession(tx, actor, session.id));
  } catch (error) {
    if (error instanceof AppError && (error.kind === 'rule' || error.kind === 'rejection')) {
      await deps.transactions.run((tx) => refuseSession(tx, session, error.code, deps.clock.now()));
    }
    throw error;
  }
}

async function refuseLate(
  deps: FlowDeps,
  session: SigningSession,
  reason: QuarantineReason,
  result: SigningResult,
): Promise<never> {
  const late = { reason, content: contentOf(result) };
  await deps.transactions.run((tx) => quarantine(tx, session, late, deps.clock.now()));
  const details = { sessionId: session.id };
  throw signingError({
    code: latenessCode(reason),
    message: `The answer came ${reason}; it is in quarantine`,
    details,
  });
}

interface Answer {
  readonly actor: Actor;
  readonly session: SigningSession;
  readonly result: SigningResult;
  readonly now: Instant;
}

/** Everything in one transaction: instance lock, session lock, verification, record, task. */
async function acceptAnswer(tx: Tx, deps: FlowDeps, answer: Answer): Promise<QuarantineReason | null> {
  const { actor, now } = answer;
  const open = await openTaskOrNull(tx, deps, actor, answer.session.taskKey);
  const { session, lateness } = await lockOpenSession(tx, answer.session.id, now);
  if (lateness !== null) return lateness;
  if (open === null) throw sourceChanged('The task is not open any more');
  const { version, bytes: source } = await loadVersion(tx, deps, session.documentId);
  orRefuseSigning(checkSource(session, version));
  const bytes = await verifiedBytes(deps, session, source, answer.result);
  await recordOutsideSignature(tx, actor, session, now);
  const context = { actor, documentId: session.documentId, now };
  const variables = await recordSignedFile(tx, deps, context, { role: session.role, bytes });
  await completeSession(tx, session, now);
  await deps.runtime.completeTask(tx, open, { actorId: actor.userId, variables });
  return null;
}

const sourceChanged = (message: string): AppError => signingError({ code: 'SIGNING_SOURCE_CHANGED', message });

/** Somebody else may have finished or returned the task while the device was signing. */
async function openTaskOrNull(tx: Tx, deps: FlowDeps, actor: Actor, taskKey: Key): Promise<OpenTask | null> {
  try {
    return await deps.runtime.openTask(tx, taskActorOf(actor), taskKey);
  } catch (error) {
    if (error instanceof AppError && error.code === 'TASK_NOT_OPEN') return null;
    throw error;
  }
}

async function verifiedBytes(
  deps: FlowDeps,
  session: SigningSession,
  source: Uint8Array,
  result: SigningResult,
): Promise<Uint8Array> {
  const { prepared, increment } = session;
  if (result.kind === 'file') {
    if (prepared !== null)
      throw signingError({ code: 'SIGNING_TASK_UNSUITABLE', message: 'This session wants a value' });
    const { fieldName, certificate } = session;
    deps.twoStep.checkSignedFile({ source, output: result.bytes, fieldName, certificate });
    return result.bytes;
  }
  if (prepared === null || increment === null) {
    throw signingError({ code: 'SIGNING_TASK_UNSUITABLE', message: 'This session wants a file' });
  }
  const bytes = new Uint8Array(source.length + increment.length);
  bytes.set(source);
  bytes.set(increment, source.length);
  return deps.twoStep.embed({ ...prepared, bytes }, { source, signature: result.signature });
}

export async function answerByPerson(
  deps: FlowDeps,
  actor: Actor,
  sessionId: string,
  signature: Uint8Array,
): Promise<SigningSession> {
  const session = await deps.transactions.run((tx) => getSession(tx, actor, sessionId));
  return answerSession(deps, actor, session, { kind: 'value', signature });
}

/** The local service fetches the file by the one-time token; an ended session gives nothing. */
export async function readHandedFile(
  deps: FlowDeps,
  token: string,
): Promise<{ readonly bytes: Uint8Array; readonly fileName: string }> {
  return deps.transactions.run(async (tx) => {
    const session = await getSessionByToken(tx, deps.tokens.hashOf(token));
    const lateness = findLateness(session, deps.clock.now());
    if (lateness !== null) {
      throw signingError({ code: latenessCode(lateness), message: 'The session has ended, so nothing is handed out' });
    }
    const { version, bytes } = await loadVersion(tx, deps, session.documentId, session.version);
    return { bytes, fileName: version.fileName };
  });
}

/** The local service brings the signed file; it speaks for the person whose session the token belongs to. */
export async function answerByService(deps: FlowDeps, token: string, bytes: Uint8Array): Promise<SigningSession> {
  const { session, actor } = await deps.transactions.run(async (tx) => {
    const found = await getSessionByToken(tx, deps.tokens.hashOf(token));
    return { session: found, actor: await getActor(tx, found.userId) };
  });
  return answerSession(deps, actor, session, { kind: 'file', bytes });
}

export const cancelSigning = (deps: FlowDeps, actor: Actor, sessionId: string): Promise<SigningSession> =>
  deps.transactions.run((tx) => cancelSession(tx, actor, sessionId, deps.clock.now()));

export interface TokenSigningInput {
  readonly taskKey: Key;
  readonly pin: string;
  /** Absent: the only certificate of the device that fits the signer. */
  readonly certificate?: Uint8Array | undefined;
  readonly places?: SigningPlaces | undefined;
}

/** A device that this server reaches itself (PKCS#11): the same session, answered at once. */
export async function signWithToken(deps: FlowDeps, actor: Actor, input: TokenSigningInput): Promise<SigningSession> {
  const provider = providerOf(deps, 'pkcs11');
  if (provider.kind !== 'hash' || provider.place !== 'server') {
    throw new AppError('bug', 'SIGNING_PROVIDER_KIND', 'Expected a provider of the server');
  }
  const { certificate, chain } = await chooseCertificate(deps, actor, provider, input);
  const opened = await openSigningSession(deps, actor, {
    taskKey: input.taskKey,
    provider: 'pkcs11',
    certificate,
    chain,
    places: input.places,
    baseUrl: '',
  });
  const { prepared, id } = opened.session;
  if (prepared === null) throw new AppError('bug', 'SIGNING_PROVIDER_KIND', 'Expected a prepared hash');
  try {
    const { scheme, signedAttributes: message } = prepared;
    const signature = await provider.sign({ certificate, scheme, message, pin: input.pin });
    return await answerByPerson(deps, actor, id, signature);
  } catch (error) {
    await cancelSigning(deps, actor, id);
    throw error;
  }
}

async function chooseCertificate(
  deps: FlowDeps,
  actor: Actor,
  provider: Extract<SigningProvider, { id: 'pkcs11' }>,
  input: TokenSigningInput,
) {
  const all = await provider.listCertificates();
  const { certificate } = input;
  const wanted = certificate === undefined ? null : Buffer.from(certificate).toString('hex');
  const candidates = all.filter((item) => wanted === null || Buffer.from(item.certificate).toString('hex') === wanted);
  const task = await deps.transactions.run((tx) => openSigningTask(tx, deps, actor, input.taskKey));
  const fitting = candidates.find((item) => deps.checker.nameOf(item.certificate) === task.holderName.normalize('NFC'));
  const chosen = fitting ?? candidates[0];
  if (chosen !== undefined) return chosen;
  throw new AppError('rule', 'SIGNING_TOKEN_ABSENT', 'The device holds no such certificate');
}
