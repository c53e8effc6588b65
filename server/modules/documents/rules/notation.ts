// How numbers, notations, dates and file names are written (NĐ 30/2020 Annex I: II.3(c), II.4(b)): below ten with a
// leading zero; a slash after the number, hyphens inside, no spaces; days below ten and months 1 and 2 with a zero.

import { localDateOf, type Instant, type LocalDate } from '../../../shared/time.ts';
import type { Agency } from '../../agencies/index.ts';
import type { DocumentType } from '../../pilot/index.ts';

/** `05`, `3321` */
export const formatNumber = (number: number): string => String(number).padStart(2, '0');

/** `QĐ-UBND` for a decision; `UBND-KSTTHC` for an official letter, which names the drafting unit instead. */
export const notationOf = (type: DocumentType, agency: Agency): string =>
  type.abbreviation === null ? `${agency.shortName}-${agency.letterUnit}` : `${type.abbreviation}-${agency.shortName}`;

/** `05/UBND-KSTTHC` */
export const formatDocumentCode = (number: number, notation: string): string => `${formatNumber(number)}/${notation}`;

/** Stays the same through all later messages: `000.00.00.H15,2019/05/06,05/UBND-KSTTHC`. */
export const wireDocumentIdOf = (agencyCode: string, issuedOn: LocalDate, documentCode: string): string =>
  `${agencyCode},${issuedOn.replaceAll('-', '/')},${documentCode}`;

/** `Đắk Lắk, ngày 06 tháng 5 năm 2019` */
export function formatDateLine(place: string, day: LocalDate): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const monthText = Number(month) < 3 ? month : String(Number(month));
  return `${place}, ngày ${date} tháng ${monthText} năm ${year}`;
}

export const formatIssueDateLine = (place: string, issuedAt: Instant): string =>
  formatDateLine(place, localDateOf(issuedAt));

const FILE_STEM_LENGTH_MAX = 46;

/** ASCII without spaces, at most 50 characters: the narrowest limit met among connected systems. */
export function asciiFileName(text: string, extension: string): string {
  const stem = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/gu, 'd')
    .replace(/Đ/gu, 'D')
    .replace(/[^A-Za-z0-9.-]+/gu, '_')
    .replace(/^[._]+|[._]+$/gu, '')
    .slice(0, FILE_STEM_LENGTH_MAX);
  return `${stem.length === 0 ? 'van-ban' : stem}.${extension}`;
}
