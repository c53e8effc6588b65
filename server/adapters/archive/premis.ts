// PREMIS 3: which files there are and what their fixity is, what happened to each document, and who did it.
// Events are linked to the document (an intellectual entity) and not to one file, because signing makes new files.

import type { ArchiveDocument, ArchiveEvent, ArchivePackageInput } from '../../modules/archive/ports.ts';
import { vietnamIso } from '../../shared/time.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ContentFile, PlacedFile } from './layout.ts';
import { group, leaf, xmlBytes, type XmlNode } from './xml-writer.ts';

export const PREMIS_NAMESPACE = 'http://www.loc.gov/premis/v3';

const SOFTWARE_AGENT = 'agent-software';
const AGENCY_AGENT = 'agent-agency';

const identifier = (element: string, value: string): XmlNode =>
  group(`premis:${element}`, {}, [leaf(`premis:${element}Type`, 'local'), leaf(`premis:${element}Value`, value)]);

export function premisXml(
  input: ArchivePackageInput,
  content: readonly ContentFile[],
  described: readonly PlacedFile[],
): Uint8Array {
  const documents = [...input.documents].sort((one, other) => one.ordinal - other.ordinal);
  const actors = actorsOf(documents);
  const events = documents.flatMap((document) => document.events.map((event) => ({ document, event })));
  return xmlBytes(
    group(
      'premis:premis',
      {
        'xmlns:premis': PREMIS_NAMESPACE,
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        version: '3.0',
      },
      [
        ...documents.map(documentObject),
        ...content.map((file) => fileObject(file, file.originalName, file.documentId)),
        ...described.map((file) => fileObject(file, null, null)),
        ...events.map(({ document, event }, index) => documentEvent(document, event, index + 1, actors)),
        ...packageEvents(input, documents),
        ...agentNodes(input, actors),
      ],
    ),
  );
}

const entityId = (documentId: string): string => `document:${documentId}`;

function documentObject(document: ArchiveDocument): XmlNode {
  const { CodeNumber: number, CodeNotation: notation } = document.metadata;
  const code = [number, notation].filter((part) => part !== undefined).join('/');
  return group('premis:object', { 'xsi:type': 'premis:intellectualEntity' }, [
    identifier('objectIdentifier', entityId(document.id)),
    ...(code === '' ? [] : [leaf('premis:originalName', code)]),
  ]);
}

function fileObject(file: PlacedFile, originalName: string | null, documentId: string | null): XmlNode {
  const isPartOf = (id: string): XmlNode =>
    group('premis:relationship', {}, [
      leaf('premis:relationshipType', 'structural'),
      leaf('premis:relationshipSubType', 'is part of'),
      identifier('relatedObjectIdentifier', entityId(id)),
    ]);
  return group('premis:object', { 'xsi:type': 'premis:file' }, [
    identifier('objectIdentifier', file.path),
    group('premis:objectCharacteristics', {}, [
      group('premis:fixity', {}, [
        leaf('premis:messageDigestAlgorithm', 'SHA-256'),
        leaf('premis:messageDigest', file.sha256),
      ]),
      leaf('premis:size', String(file.bytes.byteLength)),
      group('premis:format', {}, [group('premis:formatDesignation', {}, [leaf('premis:formatName', file.mediaType)])]),
    ]),
    ...(originalName === null ? [] : [leaf('premis:originalName', originalName)]),
    ...(documentId === null ? [] : [isPartOf(documentId)]),
  ]);
}

type Actors = ReadonlyMap<string, string>;

const actorKey = (event: ArchiveEvent): string => JSON.stringify([event.actorName, event.agencyName]);

/** Name and agency → agent id, in the order of first appearance. */
function actorsOf(documents: readonly ArchiveDocument[]): Actors {
  const keys = new Set(documents.flatMap((document) => document.events.map(actorKey)));
  return new Map([...keys].map((key, index) => [key, `agent-${index + 1}`]));
}

function documentEvent(document: ArchiveDocument, event: ArchiveEvent, ordinal: number, actors: Actors): XmlNode {
  return group('premis:event', {}, [
    identifier('eventIdentifier', `event-${ordinal}`),
    leaf('premis:eventType', event.action),
    leaf('premis:eventDateTime', vietnamIso(event.at)),
    group('premis:eventDetailInformation', {}, [leaf('premis:eventDetail', canonicalJson(event.details))]),
    identifier('linkingAgentIdentifier', actors.get(actorKey(event)) ?? SOFTWARE_AGENT),
    identifier('linkingObjectIdentifier', entityId(document.id)),
  ]);
}

const packageEvents = (input: ArchivePackageInput, documents: readonly ArchiveDocument[]): XmlNode[] =>
  ['creation', 'message digest calculation'].map((type) =>
    group('premis:event', {}, [
      identifier('eventIdentifier', `event-${type.replaceAll(' ', '-')}`),
      leaf('premis:eventType', type),
      leaf('premis:eventDateTime', vietnamIso(input.createdAt)),
      group('premis:eventDetailInformation', {}, [leaf('premis:eventDetail', input.packageId)]),
      group('premis:eventOutcomeInformation', {}, [leaf('premis:eventOutcome', 'success')]),
      identifier('linkingAgentIdentifier', SOFTWARE_AGENT),
      ...documents.map((document) => identifier('linkingObjectIdentifier', entityId(document.id))),
    ]),
  );

function agentNodes(input: ArchivePackageInput, actors: Actors): XmlNode[] {
  const agent = (id: string, name: string, type: string, note: string): XmlNode =>
    group('premis:agent', {}, [
      identifier('agentIdentifier', id),
      leaf('premis:agentName', name),
      leaf('premis:agentType', type),
      ...(note === '' ? [] : [leaf('premis:agentNote', note)]),
    ]);
  const people = [...actors].map(([key, id]) => {
    const [name = '', agencyName = ''] = JSON.parse(key) as string[]; // actorKey wrote two strings
    return agent(id, name, 'person', agencyName);
  });
  return [
    agent(SOFTWARE_AGENT, 'Trạm', 'software', ''),
    agent(AGENCY_AGENT, input.agency.name, 'organization', input.agency.code),
    ...people,
  ];
}
