// Which role may do what inside the agency. Walls between agencies are not decided here: a document of another
// agency is never loaded for an actor, so it answers as unknown.

import type { Actor, Role } from '../../../shared/actor.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Document } from '../document.ts';
import type { Refusal } from '../errors.ts';

export function requireRole(actor: Actor, role: Role): Result<null, Refusal> {
  if (actor.roles.includes(role)) return ok(null);
  return err({
    code: 'DOCUMENT_ROLE_REQUIRED',
    message: `Expected the actor to have the role '${role}'`,
    details: { role },
  });
}

/** Only the person named as signer signs: certificates are personal (NĐ 30/2020 Đ13). */
export function requireSigner(actor: Actor, document: Document): Result<null, Refusal> {
  if (document.signerId === actor.userId) return ok(null);
  return err({ code: 'DOCUMENT_SIGNER_ONLY', message: 'Expected the actor to be the signer of the document' });
}

/** `lead` may complete; lead and support may handle. */
export function requireAssignee(actor: Actor, document: Document, mustLead: boolean): Result<null, Refusal> {
  const mine = document.assignments.find((assignment) => assignment.userId === actor.userId);
  if (mine !== undefined && (mine.role === 'lead' || !mustLead)) return ok(null);
  return err({
    code: 'DOCUMENT_NOT_ASSIGNEE',
    message: `Expected the actor to be ${mustLead ? 'the lead' : 'a'} handler of the document`,
  });
}
