// EAD 3: the description of the case file and of each document, for people and catalogues. Field names are those of
// NĐ 30/2020 Annex VI Part II, so that a Vietnamese records system can read them back without a mapping.

import type { ArchiveDocument, ArchivePackageInput } from '../../modules/archive/ports.ts';
import { vietnamIso } from '../../shared/time.ts';
import { isContentData, type ContentFile } from './layout.ts';
import { group, leaf, xmlBytes, type XmlNode } from './xml-writer.ts';

export const EAD_NAMESPACE = 'http://ead3.archivists.org/schema/';

/** Order of the annex (outgoing, then what incoming documents add); other names follow in alphabetical order. */
const FIELD_ORDER: readonly string[] = [
  ...['FileCode', 'OrganId', 'FileCatalog', 'FileNotation', 'DocOrdinal', 'TypeName', 'CodeNumber', 'CodeNotation'],
  ...['IssuedDate', 'OrganName', 'Subject', 'Language', 'PageAmount', 'Description', 'ArrivalDate', 'ArrivalNumber'],
  ...['SignerInfo', 'Position', 'FullName', 'To', 'ToPlaces', 'TraceHeaderList', 'Priority', 'IssuedAmount', 'DueDate'],
];

type Fields = ReadonlyArray<readonly [name: string, value: string]>;

export function eadXml(input: ArchivePackageInput, content: readonly ContentFile[]): Uint8Array {
  const documents = [...input.documents].sort((one, other) => one.ordinal - other.ordinal);
  return xmlBytes(
    group('ead', { xmlns: EAD_NAMESPACE }, [
      controlNode(input),
      group('archdesc', { level: 'file' }, [
        caseFileDid(input),
        fieldsNode(caseFileFields(input)),
        group(
          'dsc',
          {},
          documents.map((document) =>
            documentNode(
              document,
              content.filter((file) => file.documentId === document.id),
            ),
          ),
        ),
      ]),
    ]),
  );
}

const controlNode = (input: ArchivePackageInput): XmlNode =>
  group('control', {}, [
    leaf('recordid', input.packageId),
    group('filedesc', {}, [group('titlestmt', {}, [leaf('titleproper', input.caseFile.title)])]),
    group('maintenancestatus', { value: 'new' }),
    group('maintenanceagency', {}, [leaf('agencycode', input.agency.code), leaf('agencyname', input.agency.name)]),
    group('maintenancehistory', {}, [
      group('maintenanceevent', {}, [
        group('eventtype', { value: 'created' }),
        leaf('eventdatetime', vietnamIso(input.createdAt), { standarddatetime: vietnamIso(input.createdAt) }),
        group('agenttype', { value: 'machine' }),
        leaf('agent', 'Trạm'),
      ]),
    ]),
  ]);

const caseFileDid = ({ agency, caseFile }: ArchivePackageInput): XmlNode =>
  group('did', {}, [
    leaf('unitid', `${agency.code}.${caseFile.year}.${caseFile.notation}`),
    leaf('unittitle', caseFile.title),
    leaf('unitdate', String(caseFile.year)),
    group('repository', {}, [group('corpname', {}, [leaf('part', agency.name)])]),
    group('langmaterial', {}, [leaf('language', 'Tiếng Việt', { langcode: 'vie' })]),
  ]);

/** Dossier fields of the annex. Totals and dates come from the documents, so they cannot disagree with them. */
function caseFileFields(input: ArchivePackageInput): Fields {
  const dates = valuesOf(input, 'IssuedDate')
    .filter((value) => /^\d{4}[-/]\d{2}[-/]\d{2}$/.test(value))
    .sort();
  const pages = valuesOf(input, 'PageAmount').filter((value) => /^\d+$/.test(value));
  const optional: Fields = [
    ['StartDate', dates[0] ?? ''],
    ['EndDate', dates.at(-1) ?? ''],
    ['DocTotal', String(input.documents.length)],
    ['PageTotal', pages.length === 0 ? '' : String(pages.reduce((sum, value) => sum + Number(value), 0))],
  ];
  return [
    ['FileCode/OrganId', input.agency.code],
    ['FileCode/FileCatalog', String(input.caseFile.year)],
    ['FileCode/FileNotation', input.caseFile.notation],
    ['Title', input.caseFile.title],
    ['Maintenance', input.caseFile.retention],
    ['Language', 'Tiếng Việt'],
    ...optional.filter(([, value]) => value !== ''),
  ];
}

const valuesOf = (input: ArchivePackageInput, field: string): string[] =>
  input.documents.flatMap((document) => document.metadata[field] ?? []);

function documentNode(document: ArchiveDocument, files: readonly ContentFile[]): XmlNode {
  const { metadata } = document;
  const code = [metadata['CodeNumber'], metadata['CodeNotation']].filter((part) => part !== undefined).join('/');
  const objects = files
    .filter(isContentData)
    .map((file) => group('dao', { daotype: 'borndigital', href: file.path, linktitle: file.originalName }));
  return group('c', { level: 'item', id: `document-${document.ordinal}` }, [
    group('did', {}, [
      leaf('unitid', code === '' ? document.id : code),
      leaf('unittitle', metadata['Subject'] ?? code),
      ...(metadata['IssuedDate'] === undefined ? [] : [leaf('unitdate', metadata['IssuedDate'])]),
      ...objects,
    ]),
    fieldsNode([['DocumentId', document.id], ['Direction', document.direction], ...inAnnexOrder(metadata)]),
  ]);
}

function inAnnexOrder(metadata: Readonly<Record<string, string>>): Fields {
  const rank = (name: string): number => {
    const index = FIELD_ORDER.indexOf(name.split('/')[0] ?? name);
    return index < 0 ? FIELD_ORDER.length : index;
  };
  return Object.entries(metadata).sort(([one], [other]) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

const fieldsNode = (fields: Fields): XmlNode =>
  group('odd', {}, [
    group(
      'list',
      { listtype: 'deflist' },
      fields.map(([name, value]) => group('defitem', {}, [leaf('label', name), leaf('item', value)])),
    ),
  ]);
