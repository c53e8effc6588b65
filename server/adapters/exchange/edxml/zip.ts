// ZIP of one attachment. Writing goes through fflate, whose output is the same on every Node version (the zlib
// inside Node is not), so that equal messages have equal bytes. Reading trusts only the central directory, checks
// it against the local header and the CRC, and never inflates more than the caller allows: a bomb costs nothing.

import { crc32, inflateRawSync } from 'node:zlib';

import { zipSync } from 'fflate';

import { err, ok, type Result } from '../../../shared/result.ts';
import { MAX_ZIP_ENTRIES } from './limits.ts';

export interface ZipFault {
  readonly kind: 'corrupt' | 'too-large' | 'unsafe-name' | 'unsupported';
  readonly message: string;
}

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly dataOffset: number;
}

const END_RECORD = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_RECORD_SIZE = 22;
const MAX_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const FLAG_ENCRYPTED = 0x0001;

/** ZIP times are local and without zone, so the same wall-clock time gives the same bytes in every zone. */
const fixedTime = (): Date => new Date(1980, 0, 1, 12, 0, 0);

export function zipSingleFile(name: string, bytes: Uint8Array): Uint8Array {
  return zipSync({ [name]: [bytes, { level: 6, mtime: fixedTime() }] });
}

/** Whether the bytes begin like a ZIP; the declared content type is not trusted. */
export const looksLikeZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5) && bytes[3] === bytes[2] + 1;

const corrupt = (message: string): Result<never, ZipFault> => err({ kind: 'corrupt', message });

/** The files of the archive (folders left out), none of them inflated yet. */
export function listZip(bytes: Uint8Array, maxEntries = MAX_ZIP_ENTRIES): Result<readonly ZipEntry[], ZipFault> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEndRecord(view);
  if (end === null) return corrupt('The ZIP has no end record.');
  const count = view.getUint16(end + 10, true);
  const directorySize = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) return err({ kind: 'unsupported', message: 'ZIP64 is not read.' });
  if (count > maxEntries) return err({ kind: 'too-large', message: `The ZIP has ${count} entries.` });
  if (view.getUint16(end + 4, true) !== 0 || at + directorySize !== end) {
    return corrupt('The ZIP directory does not lie directly before the end record.');
  }
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const read = readDirectoryEntry(view, at, end);
    if (!read.ok) return read;
    if (!read.value.entry.name.endsWith('/')) entries.push(read.value.entry);
    at = read.value.next;
  }
  return at === end ? ok(entries) : corrupt('The ZIP directory does not hold the number of entries that it states.');
}

function findEndRecord(view: DataView): number | null {
  const last = view.byteLength - END_RECORD_SIZE;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at -= 1) {
    if (view.getUint32(at, true) !== END_RECORD) continue;
    if (at + END_RECORD_SIZE + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return null;
}

function readDirectoryEntry(
  view: DataView,
  at: number,
  end: number,
): Result<{ readonly entry: ZipEntry; readonly next: number }, ZipFault> {
  if (at + 46 > end || view.getUint32(at, true) !== CENTRAL_HEADER) return corrupt('A ZIP directory entry is damaged.');
  const nameLength = view.getUint16(at + 28, true);
  const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > end) return corrupt('A ZIP directory entry is cut off.');
  const nameBytes = slice(view, at + 46, nameLength);
  const name = Buffer.from(nameBytes).toString('utf8');
  if (!isSafeEntryName(name))
    return err({ kind: 'unsafe-name', message: `The ZIP entry name ${JSON.stringify(name)} leads outside.` });
  if ((view.getUint16(at + 8, true) & FLAG_ENCRYPTED) !== 0) {
    return err({ kind: 'unsupported', message: 'The ZIP is encrypted.' });
  }
  const compressedSize = view.getUint32(at + 20, true);
  const dataOffset = dataOffsetOf(view, view.getUint32(at + 42, true), nameBytes);
  if (dataOffset === null || dataOffset + compressedSize > end)
    return corrupt(`The data of ZIP entry ${JSON.stringify(name)} is not where the directory says.`);
  const entry: ZipEntry = {
    name,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    compressedSize,
    size: view.getUint32(at + 24, true),
    dataOffset,
  };
  return ok({ entry, next });
}

/** Where the entry's data begin; null when the local header is missing or names another file. */
function dataOffsetOf(view: DataView, local: number, nameBytes: Uint8Array): number | null {
  if (local + 30 > view.byteLength || view.getUint32(local, true) !== LOCAL_HEADER) return null;
  const nameLength = view.getUint16(local + 26, true);
  if (local + 30 + nameLength > view.byteLength) return null;
  if (Buffer.compare(slice(view, local + 30, nameLength), nameBytes) !== 0) return null;
  return local + 30 + nameLength + view.getUint16(local + 28, true);
}

const slice = (view: DataView, at: number, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, length);

/** No absolute path, no drive, no parent folder: an entry must stay where a person unpacks it. */
function isSafeEntryName(name: string): boolean {
  if (name === '' || name.startsWith('/') || /[\\:\u0000]/.test(name)) return false;
  return !name.split('/').includes('..');
}

/** Inflates one entry, at most `maxBytes`. The CRC makes a wrong size or a damaged stream visible. */
export function extractEntry(bytes: Uint8Array, entry: ZipEntry, maxBytes: number): Result<Uint8Array, ZipFault> {
  if (entry.size > maxBytes) {
    return err({
      kind: 'too-large',
      message: `The ZIP entry unpacks to ${entry.size} bytes; at most ${maxBytes} are allowed.`,
    });
  }
  const packed = bytes.subarray(entry.dataOffset, entry.dataOffset + entry.compressedSize);
  const content = inflate(packed, entry);
  if (content === null) return corrupt('The ZIP entry does not inflate to the size that it states.');
  if (content.byteLength !== entry.size || crc32(content) !== entry.crc)
    return corrupt('The ZIP entry fails its checksum.');
  return ok(content);
}

function inflate(packed: Uint8Array, entry: ZipEntry): Uint8Array | null {
  if (entry.method === STORED) return packed;
  if (entry.method !== DEFLATED) return null;
  try {
    // One byte of room beyond the stated size: zlib stops a stream that is longer than it claims.
    return inflateRawSync(packed, { maxOutputLength: entry.size + 1 });
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null; // Z_DATA_ERROR, Z_BUF_ERROR, ERR_BUFFER_TOO_LARGE
    throw error;
  }
}
