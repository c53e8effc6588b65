// Writes METS, EAD and PREMIS: elements as values, one serialiser. Deterministic: attributes and children come out
// in the order in which they were given. A character that XML cannot carry is refused, never dropped, because the
// package would otherwise differ from the record that it keeps.

import { AppError } from '../../shared/app-error.ts';
import { escapeText, hasForbiddenCharacter } from '../exchange/edxml/xml-text.ts';

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

/** An element that holds elements. */
export const group = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly XmlNode[] = [],
): XmlNode => ({ name, attributes, children, text: '' });

/** An element that holds text. */
export const leaf = (name: string, text: string, attributes: Readonly<Record<string, string>> = {}): XmlNode => ({
  name,
  attributes,
  children: [],
  text,
});

export const xmlBytes = (root: XmlNode): Uint8Array =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${lines(root, '').join('\n')}\n`, 'utf8');

function lines(node: XmlNode, indent: string): string[] {
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${attributeText(value)}"`)
    .join('');
  const start = `${indent}<${node.name}${attributes}`;
  if (node.children.length === 0) {
    return [node.text === '' ? `${start}/>` : `${start}>${escapeText(legal(node.text))}</${node.name}>`];
  }
  return [`${start}>`, ...node.children.flatMap((child) => lines(child, `${indent}  `)), `${indent}</${node.name}>`];
}

/** Line ends and tabs in attributes would come back as spaces (XML 1.0, 3.3.3). */
const attributeText = (value: string): string =>
  escapeText(legal(value)).replace(/"/g, '&quot;').replace(/\n/g, '&#10;').replace(/\t/g, '&#9;');

function legal(text: string): string {
  if (!hasForbiddenCharacter(text)) return text.normalize('NFC');
  throw new AppError(
    'rule',
    'ARCHIVE_TEXT_INVALID',
    'Expected text that XML can carry, but it holds a control character',
  );
}
