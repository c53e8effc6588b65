// Where every file of an archive package lies (E-ARK CSIP folders) and under which name. Other files of this folder
// describe what is here; nobody else decides a path. Signed originals are copied byte by byte, never converted.

import { createHash } from 'node:crypto';

import { AppError } from '../../shared/app-error.ts';
import type { ArchiveFile, ArchivePackageInput } from '../../modules/archive/ports.ts';
import { createNameGiver } from './file-names.ts';

export const METS_PATH = 'METS.xml';
export const EAD_PATH = 'metadata/descriptive/EAD.xml';
export const PREMIS_PATH = 'metadata/preservation/PREMIS.xml';
export const EVENTS_PATH = 'metadata/other/audit/events.jsonl';
export const REPRESENTATION = 'representations/rep1';
export const REPRESENTATION_METS_PATH = `${REPRESENTATION}/METS.xml`;
export const READ_ME_PATH = 'DOC-TRUOC.txt';
export const MANIFEST_PATH = 'manifest-sha256.txt';

/** Limits of a ZIP without the 64-bit extension, which old tools cannot read. */
export const MAX_PACKAGE_FILES = 60_000;
export const MAX_PACKAGE_BYTES = 2 ** 32 - 2 ** 26;

export interface PlacedFile {
  /** Relative to the root folder of the package. */
  readonly path: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** A file that came from a document, as opposed to one that describes the package. */
export interface ContentFile extends PlacedFile {
  readonly documentId: string;
  readonly originalName: string;
  readonly kind: ArchiveFile['kind'];
}

const FOLDERS: Readonly<Record<ArchiveFile['kind'], string>> = {
  original: `${REPRESENTATION}/data`,
  attachment: `${REPRESENTATION}/data`,
  exchange: 'metadata/other/exchange',
  evidence: 'metadata/other/signatures',
};

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const placed = (path: string, mediaType: string, bytes: Uint8Array): PlacedFile => ({
  path,
  mediaType,
  bytes,
  sha256: sha256Of(bytes),
});

/** A folder cannot be called `urn:uuid:…` on every system; CSIP 2.2 (CSIP1) asks for a mapped name then. */
export const rootFolderOf = (packageId: string): string => packageId.replaceAll(':', '-');

export const isContentData = (file: PlacedFile): boolean => file.path.startsWith(`${REPRESENTATION}/data/`);

/**
 * All files of all documents in the order of the documents. Throws ARCHIVE_FIXITY_MISMATCH when a file is no longer
 * what was signed: an archive must not give a damaged file a fresh checksum.
 */
export function placeContent(input: ArchivePackageInput): ContentFile[] {
  const givers = new Map(Object.values(FOLDERS).map((folder) => [folder, createNameGiver()]));
  const documents = [...input.documents].sort((one, other) => one.ordinal - other.ordinal);
  return documents.flatMap((document) =>
    document.files.map((file) => {
      const folder = FOLDERS[file.kind];
      const name = (givers.get(folder) ?? createNameGiver()).nameFor(document.ordinal, file.name);
      const content = placed(`${folder}/${name}`, file.mediaType, file.bytes);
      if (content.sha256 !== file.sha256) throw fixityMismatch(document.id, file);
      return { ...content, documentId: document.id, originalName: file.name, kind: file.kind };
    }),
  );
}

const fixityMismatch = (documentId: string, file: ArchiveFile): AppError =>
  new AppError('bug', 'ARCHIVE_FIXITY_MISMATCH', 'Expected the bytes of a stored file to have its recorded SHA-256', {
    details: { documentId, sha256: file.sha256 },
  });
