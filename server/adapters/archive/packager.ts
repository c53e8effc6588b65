// Builds the archive package of a case file: a ZIP in the shape of an E-ARK CSIP information package (METS, EAD,
// PREMIS), with a manifest that covers every file. Pure and deterministic: the same input gives the same bytes,
// so a package can be rebuilt and compared. docs/decisions/0007-archive-package.md says why this shape.

import { zipSync, type Zippable } from 'fflate';

import { AppError } from '../../shared/app-error.ts';
import type { ArchivePackageInput, ArchivePackager } from '../../modules/archive/ports.ts';
import { canonicalJson } from './canonical-json.ts';
import { eadXml } from './ead.ts';
import {
  EAD_PATH,
  EVENTS_PATH,
  MANIFEST_PATH,
  MAX_PACKAGE_BYTES,
  MAX_PACKAGE_FILES,
  METS_PATH,
  PREMIS_PATH,
  READ_ME_PATH,
  REPRESENTATION_METS_PATH,
  isContentData,
  placeContent,
  placed,
  rootFolderOf,
  type PlacedFile,
} from './layout.ts';
import { byPath, manifestText } from './manifest.ts';
import { packageMets, representationMets } from './mets.ts';
import { premisXml } from './premis.ts';
import { readMeText } from './read-me.ts';

const XML = 'application/xml';
/** ZIP times are local and without zone, so the same wall-clock time gives the same bytes in every zone. */
const fixedTime = (): Date => new Date(1980, 0, 1, 12, 0, 0);

export const createArchivePackager = (): ArchivePackager => ({
  build(input) {
    checkInput(input);
    return zip(rootFolderOf(input.packageId), packageFiles(input));
  },
});

/** Each file describes those made before it; the manifest comes last and covers all. */
function packageFiles(input: ArchivePackageInput): PlacedFile[] {
  const content = placeContent(input);
  const ead = placed(EAD_PATH, XML, eadXml(input, content));
  const events = placed(EVENTS_PATH, 'application/jsonl', utf8(eventLines(input)));
  const readMe = placed(READ_ME_PATH, 'text/plain', utf8(readMeText(input).normalize('NFC')));
  const premis = placed(PREMIS_PATH, XML, premisXml(input, content, [ead, events, readMe]));
  const repMets = placed(REPRESENTATION_METS_PATH, XML, representationMets(input, content.filter(isContentData)));
  const described = { ead, premis, events, readMe, representationMets: repMets, content };
  const mets = placed(METS_PATH, XML, packageMets(input, described));
  const files = [...content, ead, events, readMe, premis, repMets, mets];
  return [...files, placed(MANIFEST_PATH, 'text/plain', utf8(manifestText(files)))];
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** The audit trail as it was, one event a line, for programs; PREMIS holds the same for archivists. */
const eventLines = (input: ArchivePackageInput): string =>
  [...input.documents]
    .sort((one, other) => one.ordinal - other.ordinal)
    .flatMap(({ id, ordinal, events }) =>
      events.map((event) => `${canonicalJson({ ...event, documentId: id, documentOrdinal: ordinal })}\n`),
    )
    .join('');

function zip(rootFolder: string, files: readonly PlacedFile[]): Uint8Array {
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  if (files.length > MAX_PACKAGE_FILES || bytes > MAX_PACKAGE_BYTES) {
    throw new AppError('too-large', 'ARCHIVE_PACKAGE_TOO_LARGE', 'Expected a case file that fits into one package', {
      details: { files: files.length, bytes },
    });
  }
  const entries = [...files].sort(byPath).map((file) => [`${rootFolder}/${file.path}`, file.bytes] as const);
  const zippable: Zippable = Object.fromEntries(entries);
  return zipSync(zippable, { level: 6, mtime: fixedTime() });
}

function checkInput({ packageId, documents }: ArchivePackageInput): void {
  if (!/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(packageId)) {
    throw new AppError('bug', 'ARCHIVE_PACKAGE_INVALID', `Expected a package id urn:uuid:…, but it is '${packageId}'`);
  }
  if (documents.length === 0) {
    throw new AppError('rule', 'ARCHIVE_PACKAGE_EMPTY', 'Expected a case file with at least one document');
  }
  const ordinals = new Set(documents.map((document) => document.ordinal));
  const ids = new Set(documents.map((document) => document.id));
  if (ordinals.size !== documents.length || ids.size !== documents.length) {
    throw new AppError('bug', 'ARCHIVE_PACKAGE_INVALID', 'Expected each document and each ordinal once');
  }
  const incomplete = documents.find((document) => !document.files.some((file) => file.kind === 'original'));
  if (incomplete !== undefined) {
    throw new AppError('rule', 'ARCHIVE_ORIGINAL_MISSING', 'Expected each document to have its original file', {
      details: { documentId: incomplete.id },
    });
  }
}
