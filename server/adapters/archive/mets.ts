// METS documents of a package in the shape of E-ARK CSIP 2.2: one for the package, one for its representation.
// Together they list every file with size and SHA-256 except themselves and the manifest, which covers them.

import type { ArchivePackageInput } from '../../modules/archive/ports.ts';
import { vietnamIso } from '../../shared/time.ts';
import { REPRESENTATION, REPRESENTATION_METS_PATH, type ContentFile, type PlacedFile } from './layout.ts';
import { group, leaf, xmlBytes, type XmlNode } from './xml-writer.ts';

export const METS_NAMESPACE = 'http://www.loc.gov/METS/';
export const CSIP_NAMESPACE = 'https://DILCIS.eu/XML/METS/CSIPExtensionMETS';
export const XLINK_NAMESPACE = 'http://www.w3.org/1999/xlink';
export const CSIP_PROFILE = 'https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml';

/** Version of this package layout, recorded as the version of the software that made it. */
const LAYOUT_VERSION = '1.0';
const DOCUMENTATION_GROUP = 'fileGrp-documentation';
const REPRESENTATION_GROUP = 'fileGrp-rep1';
const DATA_GROUP = 'fileGrp-data';
const DMD_ID = 'dmd-ead';

export interface PackageFiles {
  readonly ead: PlacedFile;
  readonly premis: PlacedFile;
  readonly events: PlacedFile;
  readonly readMe: PlacedFile;
  readonly representationMets: PlacedFile;
  readonly content: readonly ContentFile[];
}

const created = (input: ArchivePackageInput): string => vietnamIso(input.createdAt);

const fixity = (file: PlacedFile, input: ArchivePackageInput): Record<string, string> => ({
  MIMETYPE: file.mediaType,
  SIZE: String(file.bytes.byteLength),
  CREATED: created(input),
  CHECKSUM: file.sha256,
  CHECKSUMTYPE: 'SHA-256',
});

const link = (href: string): Record<string, string> => ({ LOCTYPE: 'URL', 'xlink:type': 'simple', 'xlink:href': href });

const mdRef = (file: PlacedFile, input: ArchivePackageInput, type: Readonly<Record<string, string>>): XmlNode =>
  group('mdRef', { ...link(file.path), ...type, ...fixity(file, input) });

const fileNode = (id: string, href: string, attributes: Readonly<Record<string, string>>): XmlNode =>
  group('file', { ID: id, ...attributes }, [group('FLocat', link(href))]);

function rootNode(input: ArchivePackageInput, objectId: string, children: readonly XmlNode[]): XmlNode {
  const attributes = {
    xmlns: METS_NAMESPACE,
    'xmlns:csip': CSIP_NAMESPACE,
    'xmlns:xlink': XLINK_NAMESPACE,
    OBJID: objectId,
    LABEL: input.caseFile.title,
    TYPE: 'Textual works – Digital',
    PROFILE: CSIP_PROFILE,
    'csip:CONTENTINFORMATIONTYPE': 'OTHER',
    'csip:OTHERCONTENTINFORMATIONTYPE': 'NĐ 30/2020/NĐ-CP, Phụ lục VI',
  };
  return group('mets', attributes, children);
}

const headerNode = (input: ArchivePackageInput): XmlNode =>
  group('metsHdr', { CREATEDATE: created(input), RECORDSTATUS: 'NEW', 'csip:OAISPACKAGETYPE': 'AIP' }, [
    group('agent', { ROLE: 'CREATOR', TYPE: 'OTHER', OTHERTYPE: 'SOFTWARE' }, [
      leaf('name', 'Trạm'),
      leaf('note', LAYOUT_VERSION, { 'csip:NOTETYPE': 'SOFTWARE VERSION' }),
    ]),
    group('agent', { ROLE: 'ARCHIVIST', TYPE: 'ORGANIZATION' }, [
      leaf('name', input.agency.name),
      leaf('note', input.agency.code, { 'csip:NOTETYPE': 'IDENTIFICATIONCODE' }),
    ]),
  ]);

/** Describes the signed files themselves; its links start at its own folder. */
export function representationMets(input: ArchivePackageInput, data: readonly ContentFile[]): Uint8Array {
  const files = data.map((file, index) =>
    fileNode(`file-${index + 1}`, file.path.slice(REPRESENTATION.length + 1), fixity(file, input)),
  );
  const structure = group('structMap', { ID: 'structMap-rep1', TYPE: 'PHYSICAL', LABEL: 'CSIP' }, [
    group('div', { ID: 'div-rep1', LABEL: 'rep1' }, [
      // CSIP88 asks for it in every METS; the metadata themselves are kept once, at the package.
      group('div', { ID: 'div-metadata', LABEL: 'Metadata' }),
      group('div', { ID: 'div-data', LABEL: 'Data' }, [group('fptr', { FILEID: DATA_GROUP })]),
    ]),
  ]);
  const fileSection = group('fileSec', { ID: 'fileSec-rep1' }, [
    group('fileGrp', { ID: DATA_GROUP, USE: 'Data' }, files),
  ]);
  return xmlBytes(rootNode(input, 'rep1', [headerNode(input), fileSection, structure]));
}

export function packageMets(input: ArchivePackageInput, files: PackageFiles): Uint8Array {
  const provenance = provenanceNodes(input, files);
  const provenanceIds = provenance.map((node) => node.attributes['ID']).join(' ');
  return xmlBytes(
    rootNode(input, input.packageId, [
      headerNode(input),
      group('dmdSec', { ID: DMD_ID, CREATED: created(input), STATUS: 'CURRENT' }, [
        mdRef(files.ead, input, { MDTYPE: 'EAD', MDTYPEVERSION: '3' }),
      ]),
      group('amdSec', { ID: 'amdSec' }, provenance),
      fileSectionNode(input, files),
      structureNode(input, provenanceIds),
    ]),
  );
}

function provenanceNodes(input: ArchivePackageInput, files: PackageFiles): XmlNode[] {
  const premis = mdRef(files.premis, input, { MDTYPE: 'PREMIS', MDTYPEVERSION: '3.0' });
  const events = mdRef(files.events, input, { MDTYPE: 'OTHER', OTHERMDTYPE: 'AUDIT-EVENTS' });
  const others = files.content
    .filter((file) => file.kind === 'exchange' || file.kind === 'evidence')
    .map((file) =>
      mdRef(file, input, { MDTYPE: 'OTHER', OTHERMDTYPE: file.kind === 'exchange' ? 'EDXML' : 'SIGNATURE-EVIDENCE' }),
    );
  return [premis, events, ...others].map((node, index) =>
    group('digiprovMD', { ID: `digiprov-${index + 1}`, CREATED: created(input), STATUS: 'CURRENT' }, [node]),
  );
}

const fileSectionNode = (input: ArchivePackageInput, files: PackageFiles): XmlNode =>
  group('fileSec', { ID: 'fileSec' }, [
    group('fileGrp', { ID: DOCUMENTATION_GROUP, USE: 'Documentation' }, [
      fileNode('file-read-me', files.readMe.path, fixity(files.readMe, input)),
    ]),
    group(
      'fileGrp',
      {
        ID: REPRESENTATION_GROUP,
        USE: 'Representations/rep1',
        'csip:CONTENTINFORMATIONTYPE': 'OTHER',
        'csip:OTHERCONTENTINFORMATIONTYPE': 'PDF',
      },
      [fileNode('file-rep1-mets', REPRESENTATION_METS_PATH, fixity(files.representationMets, input))],
    ),
  ]);

const structureNode = (input: ArchivePackageInput, provenanceIds: string): XmlNode =>
  group('structMap', { ID: 'structMap', TYPE: 'PHYSICAL', LABEL: 'CSIP' }, [
    group('div', { ID: 'div-package', LABEL: input.packageId }, [
      group('div', { ID: 'div-metadata', LABEL: 'Metadata', DMDID: DMD_ID, ADMID: provenanceIds }),
      group('div', { ID: 'div-documentation', LABEL: 'Documentation' }, [
        group('fptr', { FILEID: DOCUMENTATION_GROUP }),
      ]),
      group('div', { ID: 'div-rep1', LABEL: 'Representations/rep1' }, [
        group('mptr', { ...link(REPRESENTATION_METS_PATH), 'xlink:title': REPRESENTATION_GROUP }),
      ]),
    ]),
  ]);
