// What every way of signing a task has in common: which role the task asks for, whose certificate is expected, and what
// happens once there are signed bytes. The order of the signatures itself is law and stands in the modules.

import { getAgency } from '../modules/agencies/index.ts';
import {
  type Document,
  type DocumentVersion,
  findSendBy,
  getDocument,
  type LayoutAnchors,
  loadVersion,
  recordSealed,
  recordSigned,
} from '../modules/documents/index.ts';
import {
  decideHolder,
  orRefuseSigning,
  requestUpgrade,
  requireOrder,
  type SignatureRole,
} from '../modules/signing/index.ts';
import type { OpenTask, Variables } from '../runtime/index.ts';
import type { Actor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import { actionOf } from './task-actions.ts';
import { documentIdOf, type FlowDeps, taskActorOf, type TaskContext } from './types.ts';

export const REASONS: Readonly<Record<SignatureRole, string>> = {
  personal: 'Ký ban hành',
  agency: 'Đóng dấu phát hành',
};
export const SIGNING_LOCATION = 'Đắk Lắk';

export interface SigningTask {
  readonly open: OpenTask;
  readonly role: SignatureRole;
  readonly document: Document;
  readonly version: DocumentVersion;
  readonly bytes: Uint8Array;
  /** The name that the certificate must carry: the person's, or the agency's. */
  readonly holderName: string;
}

function roleOf(open: OpenTask): SignatureRole {
  const action = actionOf(open.task);
  if (action === 'sign.personal') return 'personal';
  if (action === 'sign.agency') return 'agency';
  throw new AppError('rejection', 'SIGNING_TASK_UNSUITABLE', `Expected a task of signing, but it is '${action}'`);
}

/** The open task of this actor with the file to sign. Locks the instance; refuses what would be refused at the end anyway. */
export async function openSigningTask(tx: Tx, deps: FlowDeps, actor: Actor, taskKey: Key): Promise<SigningTask> {
  const open = await deps.runtime.openTask(tx, taskActorOf(actor), taskKey);
  const role = roleOf(open);
  const holder = orRefuseSigning(decideHolder(actor, role));
  const document = await getDocument(tx, documentIdOf(open.task));
  await requireOrder(tx, document.id, role);
  const { version, bytes } = await loadVersion(tx, deps, document.id);
  const holderName = holder.kind === 'person' ? actor.fullName : (await getAgency(tx, holder.agencyId)).name;
  return { open, role, document, version, bytes, holderName };
}

export interface SignedBytes {
  readonly role: SignatureRole;
  readonly bytes: Uint8Array;
  /** Where the later increments draw, when the signer has moved something. */
  readonly anchors?: LayoutAnchors;
}

/** Stores the signed file and moves the document on; answers what the process learns. */
export async function recordSignedFile(
  tx: Tx,
  deps: FlowDeps,
  context: Pick<TaskContext, 'actor' | 'documentId' | 'now'>,
  signed: SignedBytes,
): Promise<Variables> {
  const { actor, documentId, now } = context;
  if (signed.role === 'agency') {
    await recordSealed(tx, deps, actor, documentId, signed.bytes, now);
    await requestUpgrade(tx, deps, documentId, 'B-LT', now);
    return { sealedAt: now };
  }
  const file = { bytes: signed.bytes, ...(signed.anchors === undefined ? {} : { anchors: signed.anchors }) };
  const document = await recordSigned(tx, deps, actor, documentId, file, now);
  return { outcome: 'sign', signedAt: now, sendBy: await sendByOf(tx, document) };
}

async function sendByOf(tx: Tx, document: { readonly signedAt: Instant | null }): Promise<Instant | null> {
  return (await findSendBy(tx, document))?.dueAt ?? null;
}
