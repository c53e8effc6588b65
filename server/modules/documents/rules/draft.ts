// What a draft must satisfy before it is stored. The facts about agencies and people are loaded by the command.

import type { AgencyId } from '../../../shared/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { LocalDate } from '../../../shared/time.ts';
import type { Agency, User } from '../../agencies/index.ts';
import type { Document, DraftInput } from '../document.ts';
import type { Refusal } from '../errors.ts';
import { refuseSecrets } from './secrecy.ts';
import { checkDueOn, checkSubject } from './texts.ts';

export interface DraftFacts {
  readonly agency: Agency;
  /** Directory by id. */
  readonly agencies: ReadonlyMap<AgencyId, Agency>;
  /** Leaders of the agency. */
  readonly leaders: readonly User[];
  /** The document to be answered, when it is one of this agency. */
  readonly repliedTo: Document | null;
  readonly today: LocalDate;
}

export interface CheckedDraft {
  readonly subject: string;
  readonly signer: User;
  readonly recipients: readonly Agency[];
  readonly dueOn: LocalDate | null;
}

/** Secrecy is looked at first: of a refused secret not even the error should say more than that. */
export function checkDraft(input: DraftInput, facts: DraftFacts): Result<CheckedDraft, Refusal> {
  const open = refuseSecrets(input.secrecy, [input.subject]);
  if (!open.ok) return open;
  const subject = checkSubject(input.subject);
  if (!subject.ok) return subject;
  const recipients = checkRecipients(input.recipientIds, facts);
  if (!recipients.ok) return recipients;
  const dueOn = checkDueOn(input.dueOn, facts.today);
  if (!dueOn.ok) return dueOn;
  const signer = facts.leaders.find((leader) => leader.id === input.signerId);
  if (signer === undefined) {
    return err({ code: 'DOCUMENT_SIGNER_UNKNOWN', message: 'Expected the signer to be a leader of the agency' });
  }
  if (input.replyTo !== null && facts.repliedTo?.direction !== 'incoming') {
    return err({ code: 'DOCUMENT_REPLY_UNKNOWN', message: 'Expected to reply to an incoming document of the agency' });
  }
  return ok({ subject: subject.value, signer, recipients: recipients.value, dueOn: dueOn.value });
}

function checkRecipients(ids: readonly AgencyId[], facts: DraftFacts): Result<readonly Agency[], Refusal> {
  const recipients: Agency[] = [];
  for (const id of new Set(ids)) {
    const recipient = facts.agencies.get(id);
    if (recipient === undefined) {
      return err({
        code: 'DOCUMENT_RECIPIENT_UNKNOWN',
        message: `Expected recipient '${id}' to be an agency`,
        details: { agencyId: id },
      });
    }
    if (id === facts.agency.id) {
      return err({ code: 'DOCUMENT_RECIPIENT_IS_SENDER', message: 'Expected recipients other than the agency itself' });
    }
    recipients.push(recipient);
  }
  if (recipients.length === 0) {
    return err({ code: 'DOCUMENT_RECIPIENTS_MISSING', message: 'Expected at least one recipient' });
  }
  return ok(recipients);
}
