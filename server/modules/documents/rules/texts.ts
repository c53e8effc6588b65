// Checks of texts that people type. Texts are kept in NFC, so that equal texts are equal bytes.

import { err, ok, type Result } from '../../../shared/result.ts';
import type { LocalDate } from '../../../shared/time.ts';
import { REFUSAL_CODES, type Letter, type RefusalCode } from '../document.ts';
import type { DocumentErrorCode, Refusal } from '../errors.ts';
import { refuseSecrets } from './secrecy.ts';

/** edXML limits Subject to 500 characters. */
export const SUBJECT_LENGTH_MAX = 500;
/** Long enough to be a reason, short enough to be asked for. */
export const REASON_LENGTH_MIN = 5;
const TEXT_LENGTH_MAX = 2000;

export const cleanText = (text: string): string => text.normalize('NFC').trim();

/** One line: a subject goes into a register, an XML element and a printed heading. */
export function checkSubject(text: string): Result<string, Refusal> {
  const subject = cleanText(text).replace(/\s+/gu, ' ');
  if (subject.length === 0 || subject.length > SUBJECT_LENGTH_MAX || /\p{Cc}/u.test(subject)) {
    return err({
      code: 'DOCUMENT_SUBJECT_INVALID',
      message: `Expected a subject of 1 to ${SUBJECT_LENGTH_MAX} printable characters`,
    });
  }
  return ok(subject);
}

export function checkReason(text: string): Result<string, Refusal> {
  const reason = cleanText(text);
  if (reason.length >= REASON_LENGTH_MIN && reason.length <= TEXT_LENGTH_MAX) return ok(reason);
  return err({
    code: 'DOCUMENT_REASON_TOO_SHORT',
    message: `Expected a reason of ${REASON_LENGTH_MIN} to ${TEXT_LENGTH_MAX} characters`,
  });
}

export function checkFilled(text: string, code: DocumentErrorCode): Result<string, Refusal> {
  const filled = cleanText(text);
  if (filled.length > 0 && filled.length <= TEXT_LENGTH_MAX) return ok(filled);
  return err({ code, message: `Expected a text of 1 to ${TEXT_LENGTH_MAX} characters` });
}

export function checkRefusalCode(text: string): Result<RefusalCode, Refusal> {
  const code = REFUSAL_CODES.find((candidate) => candidate === text);
  if (code !== undefined) return ok(code);
  return err({ code: 'DOCUMENT_REFUSAL_CODE_UNKNOWN', message: `Expected a known refusal code, but got '${text}'` });
}

const isCalendarDay = (day: string): boolean => {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};

/** A deadline is a real day that has not passed. */
export function checkDueOn(dueOn: LocalDate | null, today: LocalDate): Result<LocalDate | null, Refusal> {
  if (dueOn === null || (isCalendarDay(dueOn) && dueOn >= today)) return ok(dueOn);
  return err({
    code: 'DOCUMENT_DUE_INVALID',
    message: `Expected a day on or after ${today}, but got '${dueOn}'`,
    details: { dueOn },
  });
}

export function checkLetter(letter: Letter): Result<Letter, Refusal> {
  const paragraphs = letter.paragraphs.map(cleanText).filter((paragraph) => paragraph.length > 0);
  const recipientsLines = letter.recipientsLines?.map(cleanText).filter((line) => line.length > 0);
  if (paragraphs.length === 0) {
    return err({ code: 'DOCUMENT_LETTER_EMPTY', message: 'Expected at least one paragraph' });
  }
  const allowed = refuseSecrets('none', [...paragraphs, ...(recipientsLines ?? [])]);
  if (!allowed.ok) return allowed;
  return ok(recipientsLines === undefined ? { paragraphs } : { paragraphs, recipientsLines });
}
