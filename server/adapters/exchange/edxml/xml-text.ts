// Characters of XML 1.0: which ones a text may hold, how they are escaped and how references are resolved.
// Only the five predefined entities and numeric references exist here; every other entity is refused, because
// it could only come from a DTD, and a DTD is how XML bombs and file inclusion work.

/** Everything that XML 1.0 cannot carry, even escaped: most control characters, lone surrogates, U+FFFE, U+FFFF. */
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

export const hasForbiddenCharacter = (text: string): boolean => FORBIDDEN.test(text);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A literal carriage return would come back as a line feed (XML 1.0, 2.11).
  '\r': '&#13;',
};

export const escapeText = (text: string): string =>
  text.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character);

const PREDEFINED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  apos: "'",
  quot: '"',
};

/** The character that `&body;` stands for; null when it is an unknown entity or no legal character. */
export function resolveReference(body: string): string | null {
  const decimal = /^#(\d{1,7})$/.exec(body)?.[1];
  const hexadecimal = /^#x([0-9a-fA-F]{1,6})$/.exec(body)?.[1];
  if (decimal === undefined && hexadecimal === undefined) {
    return Object.hasOwn(PREDEFINED, body) ? (PREDEFINED[body] ?? null) : null;
  }
  const codePoint = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  if (codePoint > 0x10ffff) return null;
  const character = String.fromCodePoint(codePoint);
  return hasForbiddenCharacter(character) ? null : character;
}
