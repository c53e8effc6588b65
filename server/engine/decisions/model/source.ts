// A typed view of DMN elements in the XML tree. All DMN versions from 1.1 to 1.6 share their element names, so elements
// are recognised by local name within any DMN model namespace, and extension elements of other namespaces are invisible.

import type { XmlElement } from '../xml/read-xml.ts';
import type { FeelText, InformationItem, Place, Reference } from './definitions.ts';

/** 1.1 ends in `dmn.xsd`, 1.2 and later in `MODEL`, with and without a slash; 1.0 drafts are close enough to 1.1. */
const MODEL_NAMESPACE = /^https?:\/\/www\.omg\.org\/spec\/DMN\/\d{8}\/(?:MODEL\/?|dmn\.xsd)$/;

export const isModelNamespace = (namespace: string): boolean => MODEL_NAMESPACE.test(namespace);

const isOurs = (element: XmlElement): boolean => isModelNamespace(element.namespace);

export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name && isOurs(child));

export const childOf = (element: XmlElement, name: string): XmlElement | null =>
  element.children.find((child) => child.name === name && isOurs(child)) ?? null;

export const attributeOf = (element: XmlElement, name: string): string | null => {
  const value = element.attributes.get(name);
  return value === undefined || value.trim() === '' ? null : value;
};

export const idOf = (element: XmlElement): string => attributeOf(element, 'id') ?? '';

/** Names may be wrapped or padded by tools; FEEL sees one blank where the file has several. */
export const normalizeName = (name: string): string => name.trim().replace(/\s+/g, ' ');

export const nameOf = (element: XmlElement): string => normalizeName(element.attributes.get('name') ?? '');

export function placeOf(element: XmlElement, owner?: Place): Place {
  return { id: attributeOf(element, 'id') ?? owner?.id ?? null, element: element.name, offset: element.offset };
}

/** The text of a `<text>` child (or of the element itself), with the place where the text begins. */
export function feelTextOf(element: XmlElement | null, owner: Place): FeelText | null {
  if (element === null) return null;
  const holder = childOf(element, 'text') ?? element;
  if (holder.text.trim() === '') return null;
  return { text: holder.text, place: { ...placeOf(element, owner), offset: holder.textOffset } };
}

/**
 * DMN 1.1 writes types as qualified names (`feel:string`, `kie:tLoan`), later versions as text. FEEL type names hold no
 * colon, so the part behind the last one is the name. DMN 1.1 also has `typeRef` as a child element.
 */
export function typeRefOf(element: XmlElement, name = 'typeRef'): string | null {
  const text = attributeOf(element, name) ?? childOf(element, name)?.text ?? '';
  const type = normalizeName(text.slice(text.lastIndexOf(':') + 1));
  return type === '' ? null : type;
}

export function informationItemOf(element: XmlElement, owner: Place): InformationItem {
  return { place: placeOf(element, owner), name: nameOf(element), typeRef: typeRefOf(element) };
}

/** The `variable` of a node; tools may leave it out, then it has the node's name and any type. */
export function variableOf(element: XmlElement, owner: Place): InformationItem {
  const variable = childOf(element, 'variable');
  const read = variable === null ? null : informationItemOf(variable, owner);
  return { place: read?.place ?? owner, name: read?.name || nameOf(element), typeRef: read?.typeRef ?? null };
}

export function referenceOf(element: XmlElement, owner: Place): Reference {
  const href = (element.attributes.get('href') ?? '').trim();
  const hash = href.lastIndexOf('#');
  const namespace = hash > 0 ? href.slice(0, hash) : null;
  return { place: placeOf(element, owner), namespace, id: hash === -1 ? href : href.slice(hash + 1) };
}

export const referencesOf = (element: XmlElement, name: string, owner: Place): readonly Reference[] =>
  childrenOf(element, name).map((child) => referenceOf(child, owner));
