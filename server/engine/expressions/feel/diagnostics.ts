// Everything FEEL has to say: errors of a text before it runs, warnings of an evaluation that went on with null. Both
// are data with a stable code, a place and values; the words come from texts/ in the language of the reader.

import { EN } from './texts/en.ts';
import { VI, VI_WORDS } from './texts/vi.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Values that the text of a code needs, by name. */
export type MessageValues = Readonly<Record<string, string>>;

export interface FeelWarning extends Span {
  readonly code: string;
  readonly values: MessageValues;
}

/** An error of the text; line and column count from 1. */
export interface FeelDiagnostic extends FeelWarning {
  readonly line: number;
  readonly column: number;
  /** What would be right here, as a code of the same catalogue; null when nothing better can be said. */
  readonly hint: string | null;
}

export type FeelLanguage = 'en' | 'vi';

const TEXTS: Readonly<Record<FeelLanguage, Readonly<Record<string, string>>>> = { en: EN, vi: VI };

export function messageOf(
  message: { readonly code: string; readonly values: MessageValues },
  language: FeelLanguage = 'en',
): string {
  const template = TEXTS[language][message.code] ?? message.code;
  const filled = template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = message.values[name];
    return value === undefined ? whole : isAboutKinds(name) && language === 'vi' ? inVietnamese(value) : value;
  });
  // A value that is null has no kind, so its place is empty.
  return filled.replace(/ {2,}/g, ' ').trim();
}

/** Values that name kinds of values in English words; all others are quoted from the model. */
const isAboutKinds = (name: string): boolean => name === 'expected' || name.endsWith('Type');

const PHRASES = new RegExp(
  Object.keys(VI_WORDS)
    .toSorted((a, b) => b.length - a.length)
    .map((phrase) => (phrase.startsWith(' ') ? phrase : `(?<!\\p{L})${phrase}(?!\\p{L})`))
    .join('|'),
  'gu',
);

const inVietnamese = (value: string): string => value.replace(PHRASES, (phrase) => VI_WORDS[phrase] ?? phrase);

export function diagnosticAt(text: string, span: Span, message: Omit<FeelDiagnostic, 'line' | 'column' | keyof Span>) {
  const before = text.slice(0, span.from);
  const line = before.split('\n').length;
  return { ...message, ...span, line, column: span.from - (before.lastIndexOf('\n') + 1) + 1 };
}

/** All codes that have a text; a test compares the languages. */
export const MESSAGE_CODES: readonly string[] = Object.keys(EN);
