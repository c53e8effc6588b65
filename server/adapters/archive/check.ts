// Checks an archive package that may come from anywhere: is it whole, is every file what the manifest and METS say,
// and does it have the folders of a CSIP package. Reports every problem with its path instead of stopping at the
// first, because a person has to repair or refuse the package. Nothing is written to disk.

import { err, ok, type Result } from '../../shared/result.ts';
import { MAX_MESSAGE_BYTES } from '../exchange/edxml/limits.ts';
import { attributeOf, readXml, type XmlElement } from '../exchange/edxml/xml-reader.ts';
import { extractEntry, listZip } from '../exchange/edxml/zip.ts';
import { EAD_NAMESPACE } from './ead.ts';
import {
  EAD_PATH,
  EVENTS_PATH,
  MANIFEST_PATH,
  MAX_PACKAGE_BYTES,
  MAX_PACKAGE_FILES,
  METS_PATH,
  PREMIS_PATH,
  READ_ME_PATH,
  REPRESENTATION,
  REPRESENTATION_METS_PATH,
  rootFolderOf,
  sha256Of,
} from './layout.ts';
import { parseManifest } from './manifest.ts';
import { CSIP_NAMESPACE, CSIP_PROFILE, METS_NAMESPACE, XLINK_NAMESPACE } from './mets.ts';

export interface ArchiveProblem {
  /** `ARCHIVE_…`; stable. */
  readonly code: string;
  /** The file concerned, relative to the root folder; empty for the package as a whole. */
  readonly path: string;
  readonly message: string;
}

export interface ArchiveSummary {
  readonly packageId: string;
  readonly title: string;
  readonly documentCount: number;
  readonly fileCount: number;
  readonly totalBytes: number;
}

type Files = ReadonlyMap<string, Uint8Array>;

const REQUIRED_PATHS = [
  METS_PATH,
  EAD_PATH,
  PREMIS_PATH,
  EVENTS_PATH,
  READ_ME_PATH,
  MANIFEST_PATH,
  REPRESENTATION_METS_PATH,
];

/** Not listed in METS: METS cannot hold its own hash, and the manifest is made after it. */
const OUTSIDE_METS: ReadonlySet<string> = new Set([METS_PATH, MANIFEST_PATH]);

const problem = (code: string, path: string, message: string): ArchiveProblem => ({ code, path, message });

export function checkArchivePackage(zipBytes: Uint8Array): Result<ArchiveSummary, readonly ArchiveProblem[]> {
  const opened = openPackage(zipBytes);
  if (!opened.ok) return opened;
  const { rootFolder, files } = opened.value;
  const missing = REQUIRED_PATHS.filter((path) => !files.has(path)).map((path) =>
    problem('ARCHIVE_FILE_MISSING', path, 'A required file is missing.'),
  );
  const packageMets = readMets(files, METS_PATH);
  const repMets = readMets(files, REPRESENTATION_METS_PATH);
  const links = [...linksOf(packageMets.root, ''), ...linksOf(repMets.root, `${REPRESENTATION}/`)];
  const ead = readRoot(files, EAD_PATH);
  const problems = [
    ...missing,
    ...checkManifest(files),
    ...packageMets.problems,
    ...repMets.problems,
    ...checkPackageHeader(packageMets.root, rootFolder),
    ...checkLinks(links, files),
    ...checkPointers(packageMets.root, METS_PATH),
    ...checkPointers(repMets.root, REPRESENTATION_METS_PATH),
    ...ead.problems,
  ];
  if (problems.length > 0 || packageMets.root === null) return err(problems);
  return ok({
    packageId: attributeOf(packageMets.root, 'OBJID'),
    title: attributeOf(packageMets.root, 'LABEL'),
    documentCount: elementsNamed(ead.root, EAD_NAMESPACE, 'c').length,
    fileCount: files.size,
    totalBytes: [...files.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0),
  });
}

/** All files by path below the one root folder, with the bounds of the ZIP reader and one for the whole. */
function openPackage(
  zipBytes: Uint8Array,
): Result<{ readonly rootFolder: string; readonly files: Files }, readonly ArchiveProblem[]> {
  const unreadable = (message: string) => err([problem('ARCHIVE_UNREADABLE', '', message)]);
  const listed = listZip(zipBytes, MAX_PACKAGE_FILES);
  if (!listed.ok) return unreadable(listed.error.message);
  const rootFolders = new Set(listed.value.map((entry) => entry.name.split('/', 1).join('')));
  const [rootFolder] = rootFolders;
  if (rootFolder === undefined || rootFolders.size > 1 || listed.value.some(({ name }) => !name.includes('/'))) {
    return err([problem('ARCHIVE_STRUCTURE', '', 'The package does not have exactly one root folder.')]);
  }
  const files = new Map<string, Uint8Array>();
  let room = MAX_PACKAGE_BYTES;
  for (const entry of listed.value) {
    const path = entry.name.slice(rootFolder.length + 1);
    const content = extractEntry(zipBytes, entry, room);
    if (!content.ok) return err([problem('ARCHIVE_UNREADABLE', path, content.error.message)]);
    if (files.has(path)) return err([problem('ARCHIVE_STRUCTURE', path, 'The file occurs twice.')]);
    files.set(path, content.value);
    room -= content.value.byteLength;
  }
  return ok({ rootFolder, files });
}

function checkManifest(files: Files): ArchiveProblem[] {
  const bytes = files.get(MANIFEST_PATH);
  if (bytes === undefined) return [];
  const manifest = parseManifest(Buffer.from(bytes).toString('utf8'));
  if (manifest === null) return [problem('ARCHIVE_MANIFEST_INVALID', MANIFEST_PATH, 'The manifest has a bad line.')];
  const listed = [...manifest].flatMap(([path, sha256]) => {
    const content = files.get(path);
    if (content === undefined)
      return [problem('ARCHIVE_FILE_MISSING', path, 'The manifest lists a file that is not there.')];
    if (sha256Of(content) === sha256) return [];
    return [problem('ARCHIVE_CHECKSUM_MISMATCH', path, 'The file differs from its SHA-256 in the manifest.')];
  });
  const unlisted = [...files.keys()]
    .filter((path) => path !== MANIFEST_PATH && !manifest.has(path))
    .map((path) => problem('ARCHIVE_FILE_UNLISTED', path, 'The file is not listed in the manifest.'));
  return [...listed, ...unlisted];
}

interface ReadRoot {
  readonly root: XmlElement | null;
  readonly problems: readonly ArchiveProblem[];
}

function readRoot(files: Files, path: string): ReadRoot {
  const bytes = files.get(path);
  if (bytes === undefined) return { root: null, problems: [] };
  const read = readXml(bytes, { maxBytes: MAX_MESSAGE_BYTES, maxNodes: 10 * MAX_PACKAGE_FILES });
  if (read.ok) return { root: read.value, problems: [] };
  return { root: null, problems: [problem('ARCHIVE_XML_INVALID', path, read.error.message)] };
}

function readMets(files: Files, path: string): ReadRoot {
  const { root, problems } = readRoot(files, path);
  if (root === null) return { root, problems };
  if (root.namespace !== METS_NAMESPACE || root.localName !== 'mets') {
    return { root: null, problems: [problem('ARCHIVE_METS_INVALID', path, 'The root element is not mets.')] };
  }
  const header = root.children.find((child) => child.localName === 'metsHdr');
  const wrong = [
    attributeOf(root, 'PROFILE') === CSIP_PROFILE ? '' : 'PROFILE is not the CSIP profile',
    attributeOf(root, 'TYPE') === '' ? 'TYPE is missing' : '',
    header === undefined ? 'metsHdr is missing' : '',
    header !== undefined && attributeOf(header, 'CREATEDATE') === '' ? 'CREATEDATE is missing' : '',
    header !== undefined && attributeOf(header, 'OAISPACKAGETYPE', CSIP_NAMESPACE) !== 'AIP' ? 'it is no AIP' : '',
    elementsNamed(root, METS_NAMESPACE, 'structMap').length === 1 ? '' : 'there is not exactly one structMap',
  ];
  return {
    root,
    problems: wrong
      .filter((what) => what !== '')
      .map((what) => problem('ARCHIVE_METS_INVALID', path, `METS: ${what}.`)),
  };
}

function checkPackageHeader(root: XmlElement | null, rootFolder: string): ArchiveProblem[] {
  if (root === null || rootFolderOf(attributeOf(root, 'OBJID')) === rootFolder) return [];
  return [problem('ARCHIVE_STRUCTURE', METS_PATH, 'OBJID does not belong to the root folder.')];
}

interface Link {
  readonly path: string;
  readonly size: string;
  readonly checksum: string;
  readonly checksumType: string;
}

/** Every file that a METS document describes: `file` with its FLocat, and `mdRef`, which is its own locator. */
function linksOf(root: XmlElement | null, folder: string): Link[] {
  const link = (described: XmlElement, locator: XmlElement | undefined): Link => ({
    path: folder + (locator === undefined ? '' : attributeOf(locator, 'href', XLINK_NAMESPACE)),
    size: attributeOf(described, 'SIZE'),
    checksum: attributeOf(described, 'CHECKSUM').toLowerCase(),
    checksumType: attributeOf(described, 'CHECKSUMTYPE'),
  });
  return [
    ...elementsNamed(root, METS_NAMESPACE, 'mdRef').map((one) => link(one, one)),
    ...elementsNamed(root, METS_NAMESPACE, 'file').map((one) => link(one, one.children[0])),
  ];
}

function checkLinks(links: readonly Link[], files: Files): ArchiveProblem[] {
  const wrong = links.flatMap(({ path, size, checksum, checksumType }) => {
    const content = files.get(path);
    if (content === undefined)
      return [problem('ARCHIVE_FILE_MISSING', path, 'METS describes a file that is not there.')];
    if (checksumType === 'SHA-256' && checksum === sha256Of(content) && size === String(content.byteLength)) return [];
    return [problem('ARCHIVE_CHECKSUM_MISMATCH', path, 'The file differs from its size or SHA-256 in METS.')];
  });
  const described = new Set(links.map((link) => link.path));
  const undescribed = [...files.keys()]
    .filter((path) => !OUTSIDE_METS.has(path) && !described.has(path))
    .map((path) => problem('ARCHIVE_FILE_UNLISTED', path, 'No METS describes the file.'));
  return [...wrong, ...undescribed];
}

/** Each reference inside a METS document must lead to an ID of the same document. */
function checkPointers(root: XmlElement | null, path: string): ArchiveProblem[] {
  if (root === null) return [];
  const all = descendants(root);
  const ids = all.map((element) => attributeOf(element, 'ID')).filter((id) => id !== '');
  const known = new Set(ids);
  const targets = all.flatMap((element) =>
    ['FILEID', 'DMDID', 'ADMID'].flatMap((name) => attributeOf(element, name).split(' ')).filter((id) => id !== ''),
  );
  const lost = targets.filter((id) => !known.has(id));
  return [
    ...lost.map((id) => problem('ARCHIVE_METS_INVALID', path, `METS: nothing has the ID ${id}.`)),
    ...(known.size === ids.length ? [] : [problem('ARCHIVE_METS_INVALID', path, 'METS: an ID occurs twice.')]),
  ];
}

const descendants = (element: XmlElement): XmlElement[] => [element, ...element.children.flatMap(descendants)];

const elementsNamed = (root: XmlElement | null, namespace: string, localName: string): XmlElement[] =>
  root === null
    ? []
    : descendants(root).filter((element) => element.namespace === namespace && element.localName === localName);
