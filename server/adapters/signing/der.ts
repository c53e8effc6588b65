// ASN.1 DER: a writer for what we sign, a reader for what others signed. The reader keeps the received bytes of each
// element, because signatures are verified over bytes as received and issuer names must be copied verbatim: encoding
// a name again is how other libraries break names with Vietnamese letters. BER indefinite lengths are read, never written.

export const TAG = {
  boolean: 0x01,
  enumerated: 0x0a,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  bmpString: 0x1e,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export class DerFault extends Error {
  override readonly name = 'DerFault';
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

export function encode(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const content of contents) length += content.length;
  const header = lengthBytes(length);
  const whole = new Uint8Array(1 + header.length + length);
  whole[0] = tag;
  whole.set(header, 1);
  let position = 1 + header.length;
  for (const content of contents) {
    whole.set(content, position);
    position += content.length;
  }
  return whole;
}

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array => encode(TAG.sequence, ...contents);
export const octetString = (bytes: Uint8Array): Uint8Array => encode(TAG.octetString, bytes);
export const utf8String = (text: string): Uint8Array =>
  encode(TAG.utf8String, new Uint8Array(Buffer.from(text.normalize('NFC'), 'utf8')));
export const derNull = (): Uint8Array => encode(TAG.null);
export const booleanTrue = (): Uint8Array => encode(TAG.boolean, Uint8Array.of(0xff));
/** `unusedBits` counts the bits of the last byte that carry nothing. */
export const bitString = (bytes: Uint8Array, unusedBits = 0): Uint8Array =>
  encode(TAG.bitString, Uint8Array.of(unusedBits), bytes);
/** Context-specific, constructed: `[tag]`. */
export const context = (tag: number, ...contents: readonly Uint8Array[]): Uint8Array => encode(0xa0 | tag, ...contents);
/** Context-specific, primitive: an implicitly tagged simple value. */
export const contextPrimitive = (tag: number, content: Uint8Array): Uint8Array => encode(0x80 | tag, content);

/** DER sorts the members of a SET OF by their encoding. */
export function setOf(...contents: readonly Uint8Array[]): Uint8Array {
  const sorted = [...contents].sort((left, right) => Buffer.compare(left, right));
  return encode(TAG.set, ...sorted);
}

/** A non-negative integer from big-endian bytes. */
export function integer(value: Uint8Array | number): Uint8Array {
  const bytes = typeof value === 'number' ? Uint8Array.of(value) : value;
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const trimmed = bytes.subarray(start);
  const isHigh = (trimmed[0] ?? 0) >= 0x80;
  return encode(TAG.integer, isHigh ? Uint8Array.of(0) : new Uint8Array(0), trimmed);
}

/** Ours are a few dozen constants, encoded again and again. */
const encodedOids = new Map<string, Uint8Array>();
const MAX_CACHED_OIDS = 200;

export function oid(dotted: string): Uint8Array {
  const present = encodedOids.get(dotted);
  if (present !== undefined) return present;
  const encoded = encodeOid(dotted);
  if (encodedOids.size < MAX_CACHED_OIDS) encodedOids.set(dotted, encoded);
  return encoded;
}

function encodeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return encode(TAG.oid, Uint8Array.from(bytes));
}

/** X.509 rule: two-digit years until 2049, four digits after. */
export function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const isShort = date.getUTCFullYear() < 2050 && date.getUTCFullYear() >= 1950;
  return isShort
    ? encode(TAG.utcTime, new Uint8Array(Buffer.from(`${digits.slice(2)}Z`)))
    : encode(TAG.generalizedTime, new Uint8Array(Buffer.from(`${digits}Z`)));
}

/** GeneralizedTime to the second, as CRL entries, OCSP answers and timestamp tokens ask for. */
export const generalizedTime = (date: Date): Uint8Array =>
  encode(TAG.generalizedTime, new Uint8Array(Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`)));

export interface DerNode {
  readonly tag: number;
  /** Tag, length and content as received. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  readonly isIndefinite: boolean;
}

const MAX_DEPTH = 40;

interface Header {
  readonly tag: number;
  readonly contentStart: number;
  /** null: indefinite. */
  readonly length: number | null;
}

function readHeader(bytes: Uint8Array, start: number): Header {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw new DerFault('The structure ends inside a header');
  if ((tag & 0x1f) === 0x1f) throw new DerFault('Tags of several bytes are not used in signatures');
  if (first < 0x80) return { tag, contentStart: start + 2, length: first };
  if (first === 0x80) return { tag, contentStart: start + 2, length: null };
  const count = first & 0x7f;
  if (count > 4) throw new DerFault('A length is too long');
  let length = 0;
  for (let index = 0; index < count; index += 1) {
    const byte = bytes[start + 2 + index];
    if (byte === undefined) throw new DerFault('The structure ends inside a length');
    length = length * 256 + byte;
  }
  return { tag, contentStart: start + 2 + count, length };
}

/** The element that begins at `start`; bytes after it are not looked at (a PDF pads /Contents with zeros). */
export function readDer(bytes: Uint8Array, start = 0, depth = 0): DerNode {
  if (depth > MAX_DEPTH) throw new DerFault('The structure is nested too deeply');
  const { tag, contentStart, length } = readHeader(bytes, start);
  if (length !== null) {
    const end = contentStart + length;
    if (end > bytes.length) throw new DerFault('An element is longer than its container');
    const content = bytes.subarray(contentStart, end);
    return { tag, bytes: bytes.subarray(start, end), content, isIndefinite: false };
  }
  let position = contentStart;
  while (bytes[position] !== 0 || bytes[position + 1] !== 0) {
    position += readDer(bytes, position, depth + 1).bytes.length;
  }
  const content = bytes.subarray(contentStart, position);
  return { tag, bytes: bytes.subarray(start, position + 2), content, isIndefinite: true };
}

export function childrenOf(node: DerNode): readonly DerNode[] {
  const children: DerNode[] = [];
  for (let position = 0; position < node.content.length;) {
    const child = readDer(node.content, position);
    children.push(child);
    position += child.bytes.length;
  }
  return children;
}

/** The child at an index, which must exist and, when given, carry the tag. */
export function childAt(node: DerNode, index: number, tag?: number): DerNode {
  return expectTag(childrenOf(node)[index], tag);
}

export function expectTag(node: DerNode | undefined, tag?: number): DerNode {
  if (node === undefined) throw new DerFault('An element is missing');
  if (tag !== undefined && node.tag !== tag) throw new DerFault(`Expected tag ${tag}, found ${node.tag}`);
  return node;
}

export function oidOf(node: DerNode): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of expectTag(node, TAG.oid).content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [head = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join('.');
}

/** An octet string, whole or (BER) in parts. */
export function octetsOf(node: DerNode, depth = 0): Uint8Array {
  if (depth > MAX_DEPTH) throw new DerFault('The structure is nested too deeply');
  if (node.tag === TAG.octetString) return node.content;
  if (node.tag !== 0x24) throw new DerFault('Expected an octet string');
  return new Uint8Array(Buffer.concat(childrenOf(node).map((part) => octetsOf(part, depth + 1))));
}

export function integerHexOf(node: DerNode): string {
  const hex = Buffer.from(expectTag(node, TAG.integer).content).toString('hex').toUpperCase();
  return hex.replace(/^(00)+(?=[0-9A-F]{2})/, '');
}

export function timeOf(node: DerNode): Date {
  const text = Buffer.from(node.content).toString('latin1');
  const short = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  const long = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/.exec(text);
  const match = node.tag === TAG.utcTime ? short : node.tag === TAG.generalizedTime ? long : null;
  if (match === null) throw new DerFault('A time is not in a known form');
  const [, yearText = '', month = '1', day = '1', hour = '0', minute = '0', second = '0'] = match;
  const year = node.tag === TAG.utcTime ? Number(yearText) + (Number(yearText) < 50 ? 2000 : 1900) : Number(yearText);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  return date;
}
