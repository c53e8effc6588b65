// Step 1, draft: an officer opens a document and its process; a leader approves or returns the draft.

import {
  approveDraft,
  createDraft,
  type Document,
  type DraftInput,
  linkInstance,
  returnDraft,
  submitDraft,
} from '../modules/documents/index.ts';
import { getDocumentType } from '../modules/pilot/index.ts';
import type { Actor } from '../shared/actor.ts';
import { localDateOf } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import type { FlowDeps, TaskCommand } from './types.ts';

/** Creates the document and starts the process of its type, both in the given transaction. */
export async function openDraft(tx: Tx, deps: FlowDeps, actor: Actor, input: DraftInput): Promise<Document> {
  const now = deps.clock.now();
  const document = await createDraft(tx, actor, input, now);
  const type = await getDocumentType(tx, input.documentTypeId, localDateOf(now));
  const instanceKey = await deps.runtime.startInstance(tx, {
    processId: type.workflow,
    tenantId: actor.agencyId,
    businessKey: document.id,
    variables: {
      documentId: document.id,
      documentTypeId: type.id,
      agencyId: actor.agencyId,
      drafterId: actor.userId,
      signerId: input.signerId,
      urgency: input.urgency,
    },
    actorId: actor.userId,
  });
  await linkInstance(tx, document.id, instanceKey);
  return { ...document, instanceKey };
}

/** Sends the draft to the reviewer. The signer may have been changed since the process began. */
export const submit: TaskCommand<Record<string, never>> = async (tx, { actor, documentId, now }) => {
  const document = await submitDraft(tx, actor, documentId, now);
  return { signerId: document.signerId, urgency: document.urgency };
};

export interface ReviewInput {
  readonly outcome: 'approve' | 'return';
  readonly comment: string;
}

export const review: TaskCommand<ReviewInput> = async (tx, { actor, documentId, now }, input) => {
  if (input.outcome === 'return') await returnDraft(tx, actor, documentId, input.comment, now);
  else await approveDraft(tx, actor, documentId, now);
  return { outcome: input.outcome };
};
