// The PDF object model as plain immutable values. Names and keys are byte strings decoded as Latin-1, so that what
// was read is written back unchanged. `raw` exists only for the writer: a placeholder of fixed width.

export interface PdfName {
  readonly kind: 'name';
  readonly value: string;
}
export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
}
export interface PdfRef {
  readonly kind: 'ref';
  readonly number: number;
  readonly generation: number;
}
export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfObject[];
}
export interface PdfDict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, PdfObject>;
}
export interface PdfStream {
  readonly kind: 'stream';
  readonly dict: PdfDict;
  /** The bytes between `stream` and `endstream`, still filtered. */
  readonly raw: Uint8Array;
}
export interface PdfRaw {
  readonly kind: 'raw';
  readonly text: string;
}
export type PdfObject =
  null | boolean | number | PdfName | PdfString | PdfRef | PdfArray | PdfDict | PdfStream | PdfRaw;

export const name = (value: string): PdfName => ({ kind: 'name', value });
export const reference = (number: number, generation = 0): PdfRef => ({ kind: 'ref', number, generation });
export const array = (items: readonly PdfObject[]): PdfArray => ({ kind: 'array', items });
export const rawText = (text: string): PdfRaw => ({ kind: 'raw', text });
export const byteString = (bytes: Uint8Array): PdfString => ({ kind: 'string', bytes });
export const dict = (entries: Readonly<Record<string, PdfObject>>): PdfDict => ({
  kind: 'dict',
  entries: new Map(Object.entries(entries)),
});
export const stream = (entries: Readonly<Record<string, PdfObject>>, raw: Uint8Array): PdfStream => ({
  kind: 'stream',
  dict: dict({ ...entries, Length: raw.length }),
  raw,
});

/** A copy with some entries replaced; the order of the others is kept. */
export const withEntries = (base: PdfDict, changes: Readonly<Record<string, PdfObject>>): PdfDict => ({
  kind: 'dict',
  entries: new Map([...base.entries, ...Object.entries(changes)]),
});

/** A text string: UTF-16BE with byte order mark, the form that every PDF version understands. */
export function textString(text: string): PdfString {
  const units = Buffer.from(`\uFEFF${text.normalize('NFC')}`, 'utf16le').swap16();
  return byteString(new Uint8Array(units));
}

/** Decodes a text string: UTF-16BE, UTF-8 (PDF 2.0) or, for want of a mark, Latin-1. */
export function decodeText(string: PdfString): string {
  const { bytes } = string;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.length - (bytes.length % 2);
    return Buffer.from(bytes.subarray(2, even)).swap16().toString('utf16le');
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return Buffer.from(bytes.subarray(3)).toString('utf8');
  }
  return Buffer.from(bytes).toString('latin1');
}

const hasKind = <K extends string>(object: PdfObject | undefined, kind: K): boolean =>
  typeof object === 'object' && object !== null && object.kind === kind;

export const isName = (object: PdfObject | undefined, value?: string): object is PdfName =>
  hasKind(object, 'name') && (value === undefined || (isObject(object) && 'value' in object && object.value === value));
export const isString = (object: PdfObject | undefined): object is PdfString => hasKind(object, 'string');
export const isRef = (object: PdfObject | undefined): object is PdfRef => hasKind(object, 'ref');
export const isArray = (object: PdfObject | undefined): object is PdfArray => hasKind(object, 'array');
export const isDict = (object: PdfObject | undefined): object is PdfDict => hasKind(object, 'dict');
export const isStream = (object: PdfObject | undefined): object is PdfStream => hasKind(object, 'stream');
export const isInteger = (object: PdfObject | undefined): object is number => Number.isInteger(object);
const isObject = (object: PdfObject | undefined): object is Exclude<PdfObject, null | boolean | number> =>
  typeof object === 'object' && object !== null;

export const isSameRef = (left: PdfObject | undefined, right: PdfObject | undefined): boolean =>
  isRef(left) && isRef(right) && left.number === right.number && left.generation === right.generation;
