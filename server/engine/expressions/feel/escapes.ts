// Escapes of text literals: \n \r \t \" \\, code units as \uXXXX (surrogate pairs included), code points as \UXXXXXX.

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([\s\S]))/g;
const SIMPLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', "'": "'" };

/** null when an escape names no code point. A backslash before any other character is itself. */
export function readString(source: string): string | null {
  const inner = source.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  let isValid = true;
  const text = inner.replace(ESCAPE, (whole, four?: string, six?: string, char?: string) => {
    if (four !== undefined) return String.fromCharCode(Number.parseInt(four, 16));
    if (six !== undefined) {
      const code = Number.parseInt(six, 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      isValid = false;
      return '';
    }
    return SIMPLE[char ?? ''] ?? whole;
  });
  return isValid ? text : null;
}
