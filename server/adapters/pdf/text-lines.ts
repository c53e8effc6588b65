// Breaks text into lines by measured width. Pure: texts and widths in, lines out.

import { widthOf } from './fonts.ts';
import type { Face } from './fonts.ts';

export interface TextStyle {
  readonly face: Face;
  readonly size: number;
}

/** NFC, one space between words, no control characters: what may be printed from a form field. */
export const cleanText = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();

export const measure = (style: TextStyle, text: string): number => widthOf(style.face, text, style.size);

/** A word wider than the line (an address without spaces) is cut by characters. */
function splitWord(style: TextStyle, word: string, width: number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part !== '' && measure(style, part + character) > width) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}

/** Fills lines greedily; the first one may be narrower (indent of a paragraph). */
export function breakLines(style: TextStyle, text: string, width: number, firstIndent = 0): string[] {
  const space = measure(style, ' ');
  const lines: string[] = [];
  let line = '';
  let used = firstIndent;
  for (const word of cleanText(text)
    .split(' ')
    .flatMap((whole) => splitWord(style, whole, width - firstIndent))) {
    const wordWidth = measure(style, word);
    if (line !== '' && used + space + wordWidth > width) {
      lines.push(line);
      line = '';
      used = 0;
    }
    used += line === '' ? wordWidth : space + wordWidth;
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** As few lines as the width allows, of about equal length: the way headings are broken by hand. */
export function breakBalanced(style: TextStyle, text: string, width: number): string[] {
  const best = breakLines(style, text, width);
  if (best.length < 2) return best;
  let low = measure(style, cleanText(text)) / best.length;
  let high = width;
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (breakLines(style, text, middle).length > best.length) low = middle;
    else high = middle;
  }
  return moveConjunctions(style, breakLines(style, text, high), width);
}

/** No line of a heading ends in "và": the word opens the next line, if that still fits. */
function moveConjunctions(style: TextStyle, lines: readonly string[], width: number): string[] {
  const moved = [...lines];
  for (let index = 0; index + 1 < moved.length; index += 1) {
    const match = /^(.+) (và)$/iu.exec(moved[index] ?? '');
    const next = `${match?.[2] ?? ''} ${moved[index + 1] ?? ''}`;
    if (match?.[1] === undefined || measure(style, next) > width) continue;
    moved[index] = match[1];
    moved[index + 1] = next;
  }
  return moved;
}
