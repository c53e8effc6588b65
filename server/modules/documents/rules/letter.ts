// The content of the A4 letter from the document's metadata: heading, addressees, signature block. Vietnamese here is
// data of the layout (NĐ 30/2020 Annex I), not messages.

import { isCommittee, type Agency, type AgencyKind } from '../../agencies/index.ts';
import type { DocumentType } from '../../pilot/index.ts';
import type { Document, Letter, SigningCapacity } from '../document.ts';
import type { LetterContent } from '../ports.ts';

const HEAD_TITLES: Readonly<Record<AgencyKind, string>> = {
  provincial_committee: 'CHỦ TỊCH',
  provincial_office: 'CHÁNH VĂN PHÒNG',
  department: 'GIÁM ĐỐC',
  inspectorate: 'CHÁNH THANH TRA',
  board: 'TRƯỞNG BAN',
  other_body: 'CHÁNH VĂN PHÒNG',
  district_committee: 'CHỦ TỊCH',
  commune_committee: 'CHỦ TỊCH',
  central_body: 'BỘ TRƯỞNG',
};

const upper = (text: string): string => text.toLocaleUpperCase('vi');

/** `UBND` is written out in the heading. */
const headingName = (agency: Agency): string => upper(agency.name).replace(/^UBND /u, 'ỦY BAN NHÂN DÂN ');

/** The line above the position, `TM. ỦY BAN NHÂN DÂN` or `KT. GIÁM ĐỐC`; empty when the head signs as such. */
export function capacityLineOf(capacity: SigningCapacity, agency: Agency): string {
  const head = HEAD_TITLES[agency.kind];
  const lines: Readonly<Record<SigningCapacity, string>> = {
    head: '',
    on_behalf: `TM. ${isCommittee(agency.kind) ? 'ỦY BAN NHÂN DÂN' : headingName(agency)}`,
    deputy: `KT. ${head}`,
    by_order: `TL. ${head}`,
    sub_delegated: `TUQ. ${head}`,
    acting: '',
  };
  return lines[capacity];
}

/** `Chủ tịch UBND tỉnh` is printed as `CHỦ TỊCH`: the agency stands in the heading already. */
function positionLineOf(position: string, capacity: SigningCapacity | null): string {
  const title = upper(position).replace(/ (UBND( .*)?|SỞ|TỈNH)$/u, '');
  return capacity === 'acting' ? `Q. ${title}` : title;
}

/** "Nơi nhận": as written by the drafter, else the recipients, always ending with the copy that is kept. */
export function recipientsLinesOf(
  letter: Letter | null,
  document: Document,
  unit: string,
  type: DocumentType,
): string[] {
  if (letter?.recipientsLines !== undefined && letter.recipientsLines.length > 0) return [...letter.recipientsLines];
  const places = type.hasAddressee ? ['Như trên;'] : document.recipients.map((recipient) => `${recipient.name};`);
  return [...places, `Lưu: VT, ${unit}.`];
}

export interface LetterFacts {
  readonly document: Document;
  readonly type: DocumentType;
  readonly agency: Agency;
  /** The agency above, when the layout prints it. */
  readonly parent: Agency | null;
}

export function buildLetterContent(letter: Letter, { document, type, agency, parent }: LetterFacts): LetterContent {
  const capacity = document.signingCapacity ?? 'head';
  const capacityLine = capacityLineOf(capacity, agency);
  return {
    documentType: { id: type.id, name: type.name, abbreviation: type.abbreviation },
    superiorAgencyName: parent === null || isCommittee(agency.kind) ? null : headingName(parent),
    agencyName: headingName(agency),
    notation: document.notation,
    issuedPlace: document.issuedPlace,
    subject: printedSubject(document.subject, type),
    addressees: type.hasAddressee ? document.recipients.map((recipient) => recipient.name) : [],
    paragraphs: letter.paragraphs,
    recipientsLines: recipientsLinesOf(letter, document, agency.letterUnit, type),
    signer: {
      capacityLine: capacityLine === '' ? null : capacityLine,
      positionLine: positionLineOf(document.signerPosition ?? '', capacity),
      fullName: document.signerName ?? '',
    },
  };
}

/** An official letter prints "V/v" before its subject; people often type it themselves. */
const printedSubject = (subject: string, type: DocumentType): string =>
  type.hasTitleLine ? subject : subject.replace(/^v\/v:?\s+/iu, '');
