// Pure decisions of the archive: how a case file is named, how long it is kept, how a document describes itself with
// the field names of NĐ 30/2020 Annex VI Part II.

import type { Document } from '../documents/index.ts';
import type { CaseFileKey } from './case-file.ts';

/** Indicative defaults (TT 09/2011/TT-BNV, unverified: docs of the settings issue make them editable). */
const PERMANENT_WHEN_OUTGOING = new Set(['decision', 'provision', 'regulation', 'directive', 'guideline']);

export function decideRetention(key: Pick<CaseFileKey, 'direction' | 'documentTypeId'>): string {
  if (key.direction === 'incoming') return '10 năm';
  return PERMANENT_WHEN_OUTGOING.has(key.documentTypeId) ? 'Vĩnh viễn' : '50 năm';
}

/** `ĐI.CV`, `ĐẾN.QĐ`; official letters have no abbreviation of their own and are filed under CV. */
export const notationOf = (direction: CaseFileKey['direction'], abbreviation: string | null): string =>
  `${direction === 'outgoing' ? 'ĐI' : 'ĐẾN'}.${abbreviation ?? 'CV'}`;

export const titleOf = (key: Pick<CaseFileKey, 'direction' | 'year'>, typeName: string): string =>
  `${typeName} ${key.direction === 'outgoing' ? 'đi' : 'đến'} năm ${key.year}`;

const URGENCY_DIGIT = { normal: '0', urgent: '1', very_urgent: '2', most_urgent: '3' } as const;

/** Field name of Annex VI → value; fields without a value are left out. */
export function describeDocument(
  document: Document,
  place: { readonly agencyCode: string; readonly year: number; readonly notation: string; readonly ordinal: number },
): Readonly<Record<string, string>> {
  const code = document.documentCode ?? '';
  const slash = code.indexOf('/');
  const fields: Record<string, string | null> = {
    'FileCode.OrganId': place.agencyCode,
    'FileCode.FileCatalog': String(place.year),
    'FileCode.FileNotation': place.notation,
    DocOrdinal: String(place.ordinal),
    TypeName: document.documentTypeName,
    CodeNumber: slash < 0 ? code : code.slice(0, slash),
    CodeNotation: document.notation,
    IssuedDate: document.issuedOn,
    OrganName: document.originName,
    Subject: document.subject,
    Language: 'Tiếng Việt',
    'SignerInfo.Position': document.signerPosition,
    'SignerInfo.FullName': document.signerName,
    Priority: URGENCY_DIGIT[document.urgency],
    DueDate: document.dueOn,
    ...(document.direction === 'outgoing' ? outgoingFields(document) : incomingFields(document)),
  };
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ''),
  );
}

const outgoingFields = (document: Document): Record<string, string | null> => ({
  'To.OrganName': document.recipients.map((recipient) => recipient.name).join('; '),
  IssuedAmount: String(document.recipients.length),
});

const incomingFields = (document: Document): Record<string, string | null> => ({
  ArrivalDate: document.arrivedOn,
  ArrivalNumber: document.arrivalNumber === null ? null : String(document.arrivalNumber),
  ToPlaces: document.assignments.map((assignment) => assignment.fullName).join('; '),
  TraceHeaderList: document.instruction,
});
