// Media types of attachments. The wire says `application/zip` for every packed file, so the type of the file
// itself is told from its first bytes or its name. Formats are those that state agencies exchange (TT 39/2017).

const BY_EXTENSION: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  rtf: 'application/rtf',
  txt: 'text/plain',
  csv: 'text/csv',
  xml: 'application/xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  zip: 'application/zip',
};

/** Formats that are ZIP archives of many parts by themselves: their `PK` is content, not packing. */
const OFFICE_CONTAINERS: ReadonlySet<string> = new Set(['docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp']);

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

export const isOfficeName = (name: string): boolean => OFFICE_CONTAINERS.has(extensionOf(name));

export const isZipName = (name: string): boolean => extensionOf(name) === 'zip';

export function mediaTypeOf(name: string, bytes: Uint8Array): string {
  if (Buffer.from(bytes.subarray(0, 5)).equals(Buffer.from('%PDF-'))) return 'application/pdf';
  return BY_EXTENSION[extensionOf(name)] ?? 'application/octet-stream';
}
