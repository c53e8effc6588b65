// The bytes behind the last signature. They are either a revision that the cross-reference names, or blank. Anything that
// looks like objects without being named is what some viewers show when they "repair" a file.

import type { PdfFile } from '../core/file.ts';

const END_MARK = '%%EOF';
const SYNTAX = /\b(obj|endobj|xref|startxref|trailer|stream)\b|%PDF-|<<|\/Type/;
const MAX_HARMLESS = 1_024;

const isBlankByte = (byte: number): boolean => byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
export const isBlank = (bytes: Uint8Array): boolean => bytes.every(isBlankByte);

function judgeRest(rest: Uint8Array): 'content' | 'bytes' | null {
  if (isBlank(rest)) return null;
  const text = Buffer.from(rest.buffer, rest.byteOffset, rest.length).toString('latin1');
  if (/^[\s\0]*(%%EOF[\s\0]*)+$/.test(text)) return null;
  return rest.length <= MAX_HARMLESS && !SYNTAX.test(text) ? 'bytes' : 'content';
}

/** `end`: where the newest signature ends. null: nothing is wrong. */
export function tailProblem(file: PdfFile, end: number): 'content' | 'bytes' | null {
  const tail = file.bytes.subarray(end);
  if (isBlank(tail)) return null;
  const newest = file.xref.start + file.xref.shift;
  // Nothing behind the signature is part of the file as a reader of cross-references sees it.
  if (newest < end) return judgeRest(tail);
  const buffer = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
  const mark = buffer.indexOf(END_MARK, newest);
  return mark < 0 ? null : judgeRest(file.bytes.subarray(mark + END_MARK.length));
}
