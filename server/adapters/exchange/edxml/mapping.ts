// Between the domain's message and the elements of the field table. Times are Vietnam time to the second on the
// wire; an absent optional text is an empty string in the message, and the writer leaves empty texts out. Only this
// file knows which element carries which field.

import type { DocumentMessage, StatusMessage, WireAgency, WireStaff } from '../../../modules/exchange/ports.ts';
import { asId } from '../../../shared/ids.ts';
import { atLocalTime, vietnamIso, type Instant, type LocalDate } from '../../../shared/time.ts';
import { groupsAt, textAt, textsAt, type WireGroup } from './wire-group.ts';

/** Type 2 is administrative (not normative) document; which list position it is stands in TypeDetail. */
const ADMINISTRATIVE = '2';
export const NEW_DOCUMENT = '0';
const NEW_DOCUMENT_REASON = 'Văn bản điện tử mới';
const NO_PAPER = '0';

const dateText = (day: LocalDate): string => day.replaceAll('-', '/');
const dateTimeText = (instant: Instant): string =>
  vietnamIso(instant).slice(0, 19).replaceAll('-', '/').replace('T', ' ');

/** The table has checked the form of the text, so it is a calendar day. */
const dateOf = (text: string): LocalDate => asId<LocalDate>(text.replaceAll('/', '-'));
const optionalDateOf = (text: string): LocalDate | null => (text === '' ? null : dateOf(text));
const instantAt = (text: string): Instant => atLocalTime(dateOf(text.slice(0, 10)), text.slice(11));

const agencyGroup = (agency: WireAgency): WireGroup => ({ OrganId: [agency.code], OrganName: [agency.name] });
const agencyOf = (group: WireGroup | undefined): WireAgency => ({
  code: textAt(group ?? {}, 'OrganId'),
  name: textAt(group ?? {}, 'OrganName'),
});

const staffGroup = (staff: WireStaff): WireGroup => ({
  Department: [staff.department],
  Staff: [staff.name],
});
const staffOf = (holder: WireGroup): WireStaff => ({
  department: textAt(holder, 'StaffInfo', 'Department'),
  name: textAt(holder, 'StaffInfo', 'Staff'),
});

export function documentHeaderGroup(message: DocumentMessage): WireGroup {
  return {
    From: [agencyGroup(message.from)],
    To: message.to.map(agencyGroup),
    DocumentId: [message.documentId],
    Code: [{ CodeNumber: [message.number], CodeNotation: [message.notation] }],
    PromulgationInfo: [{ Place: [message.issuedPlace], PromulgationDate: [dateText(message.issuedOn)] }],
    DocumentType: [
      {
        Type: [ADMINISTRATIVE],
        TypeDetail: [String(message.documentTypeDetail)],
        TypeName: [message.documentTypeName],
      },
    ],
    Subject: [message.subject],
    Content: [message.subject],
    SignerInfo: [
      {
        Competence: [message.signer.capacity],
        Position: [message.signer.position],
        FullName: [message.signer.fullName],
      },
    ],
    DueDate: message.dueOn === null ? [] : [dateText(message.dueOn)],
    OtherInfo: [{ Priority: [String(message.priority)], PageAmount: [String(message.pageCount)] }],
    ToPlaces: message.recipientsLines.length === 0 ? [] : [{ Place: message.recipientsLines }],
  };
}

export function traceGroup(message: DocumentMessage): WireGroup {
  return {
    TraceHeader: [{ OrganId: [message.from.code], Timestamp: [dateTimeText(message.sentAt)] }],
    Bussiness: [
      {
        BussinessDocType: [NEW_DOCUMENT],
        BussinessDocReason: [NEW_DOCUMENT_REASON],
        Paper: [NO_PAPER],
        StaffInfo: [staffGroup(message.staff)],
      },
    ],
  };
}

/** Both groups have passed the field table; the attachments are unpacked separately. */
export function documentOf(header: WireGroup, trace: WireGroup): Omit<DocumentMessage, 'attachments'> {
  return {
    kind: 'document',
    from: agencyOf(groupsAt(header, 'From')[0]),
    to: groupsAt(header, 'To').map(agencyOf),
    documentId: textAt(header, 'DocumentId'),
    number: textAt(header, 'Code', 'CodeNumber'),
    notation: textAt(header, 'Code', 'CodeNotation'),
    issuedPlace: textAt(header, 'PromulgationInfo', 'Place'),
    issuedOn: dateOf(textAt(header, 'PromulgationInfo', 'PromulgationDate')),
    documentTypeName: textAt(header, 'DocumentType', 'TypeName'),
    documentTypeDetail: Number(textAt(header, 'DocumentType', 'TypeDetail')),
    subject: textAt(header, 'Subject'),
    signer: {
      capacity: textAt(header, 'SignerInfo', 'Competence'),
      position: textAt(header, 'SignerInfo', 'Position'),
      fullName: textAt(header, 'SignerInfo', 'FullName'),
    },
    dueOn: optionalDateOf(textAt(header, 'DueDate')),
    priority: priorityOf(textAt(header, 'OtherInfo', 'Priority')),
    pageCount: Number(textAt(header, 'OtherInfo', 'PageAmount')),
    recipientsLines: textsAt(groupsAt(header, 'ToPlaces')[0], 'Place'),
    // The first entry is the sender's; systems on the way append theirs.
    sentAt: instantAt(textAt(trace, 'TraceHeader', 'Timestamp')),
    staff: staffOf(groupsAt(trace, 'Bussiness')[0] ?? {}),
  };
}

/** 4 (hỏa tốc hẹn giờ) has no level of its own in QĐ 28/2018 Đ10(k); handling it as most urgent is never late. */
function priorityOf(text: string): DocumentMessage['priority'] {
  const level = Number(text);
  return level === 1 || level === 2 || level === 3 ? level : level === 4 ? 3 : 0;
}

export function statusHeaderGroup(message: StatusMessage): WireGroup {
  const { agencyCode, code, issuedOn, documentId } = message.responseFor;
  return {
    From: [agencyGroup(message.from)],
    ResponseFor: [
      {
        OrganId: [agencyCode],
        Code: [code],
        PromulgationDate: issuedOn === null ? [] : [dateText(issuedOn)],
        DocumentId: [documentId],
      },
    ],
    StaffInfo: [staffGroup(message.staff)],
    StatusCode: [message.statusCode],
    Description: [message.description],
    Timestamp: [dateTimeText(message.at)],
  };
}

export function statusOf(header: WireGroup): StatusMessage {
  return {
    kind: 'status',
    from: agencyOf(groupsAt(header, 'From')[0]),
    responseFor: {
      agencyCode: textAt(header, 'ResponseFor', 'OrganId'),
      code: textAt(header, 'ResponseFor', 'Code'),
      issuedOn: optionalDateOf(textAt(header, 'ResponseFor', 'PromulgationDate')),
      documentId: textAt(header, 'ResponseFor', 'DocumentId'),
    },
    statusCode: textAt(header, 'StatusCode'),
    description: textAt(header, 'Description'),
    at: instantAt(textAt(header, 'Timestamp')),
    staff: staffOf(header),
  };
}
