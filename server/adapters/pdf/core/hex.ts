// Hexadecimal digits, and texts of nothing else, as writers put the CMS of a signature. Read with a table: node:buffer
// first makes a text of the bytes and then a wider copy of it, which takes several times as long.

const VALUES = Int8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? -1 : value;
});

/** Value of a hexadecimal digit, -1 for every other byte. */
export const hexValue = (byte: number | undefined): number => (byte === undefined ? -1 : (VALUES[byte] ?? -1));

/** null unless the bytes are pairs of digits and nothing else. */
export function decodePlainHex(digits: Uint8Array): Uint8Array | null {
  if (digits.length % 2 !== 0) return null;
  const bytes = new Uint8Array(digits.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    const high = hexValue(digits[2 * index]);
    const low = hexValue(digits[2 * index + 1]);
    if (high < 0 || low < 0) return null;
    bytes[index] = high * 16 + low;
  }
  return bytes;
}
