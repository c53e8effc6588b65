// Finds the blocks of a message in whatever envelope a producer used and takes out the elements that the field
// table names: by namespace and local name only, in any order, with the producers' variants brought to our form.
// Unknown elements are ignored; nothing is judged here, that is done by the table (wire-group.ts).

import type { GroupRule, Rule, TextFormat } from './schema.ts';
import type { WireGroup, WireValue } from './wire-group.ts';
import { decodedText, type XmlElement } from './xml-reader.ts';

export const EDXML_NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

const EDXML_NAMESPACES: ReadonlySet<string> = new Set([
  EDXML_NAMESPACE,
  'http://www.go.vn/eDoc',
  'http://www.e-doc.vn/Schema/',
]);

const SOAP_NAMESPACES: ReadonlySet<string> = new Set([
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://www.w3.org/2003/05/soap-envelope',
]);

/** Elements that only hold blocks. They nest differently from producer to producer, so all of them are opened. */
const WRAPPERS: ReadonlySet<string> = new Set(['edXML', 'edXMLEnvelope', 'edXMLHeader', 'edXMLBody']);
const SOAP_WRAPPERS: ReadonlySet<string> = new Set(['Envelope', 'Header', 'Body']);

const isWrapper = ({ namespace, localName }: XmlElement): boolean =>
  SOAP_NAMESPACES.has(namespace)
    ? SOAP_WRAPPERS.has(localName)
    : EDXML_NAMESPACES.has(namespace) && WRAPPERS.has(localName);

/** Every block of the message (MessageHeader, TraceHeaderList, …); null when the root is no edXML envelope. */
export function blocksOf(root: XmlElement): readonly XmlElement[] | null {
  return isWrapper(root) ? blocksInside(root) : null;
}

const blocksInside = (wrapper: XmlElement): readonly XmlElement[] =>
  wrapper.children.flatMap((child) => (isWrapper(child) ? blocksInside(child) : isEdxml(child) ? [child] : []));

const isEdxml = (element: XmlElement): boolean => EDXML_NAMESPACES.has(element.namespace);

export const isNamedBy = (rule: Rule, element: XmlElement): boolean =>
  rule.name === element.localName || rule.aliases.includes(element.localName);

/** Empty elements count as absent: producers send empty shells for what they do not have. */
export function extractGroup(rule: GroupRule, element: XmlElement): WireGroup {
  const found: Record<string, WireValue[]> = {};
  for (const child of element.children) {
    const childRule = isEdxml(child) ? rule.children.find((candidate) => isNamedBy(candidate, child)) : undefined;
    if (childRule === undefined) continue;
    const value = extractValue(childRule, child);
    if (value !== null) (found[childRule.name] ??= []).push(value);
  }
  return found;
}

function extractValue(rule: Rule, element: XmlElement): WireValue | null {
  if (rule.kind === 'group') {
    const value = extractGroup(rule, element);
    return Object.keys(value).length === 0 ? null : value;
  }
  // The table reports a group in the place of a text as a wrong type.
  if (element.children.length > 0) return {};
  if (rule.format === 'base64') return element.text === '' ? null : element.text;
  const text = normaliseText(rule.format, decodedText(element));
  return text === '' ? null : text;
}

function normaliseText(format: TextFormat, text: string): string {
  switch (format) {
    case 'agencyCode':
      return fullAgencyCode(text);
    case 'date':
      return text.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$1/$2/$3');
    case 'dateTime':
      return text.replace(
        /^(\d{4})[-/](\d{2})[-/](\d{2})[T ]+(\d{2}:\d{2}:\d{2})(?:\.\d+)?(?:\+07:00)?$/,
        '$1/$2/$3 $4',
      );
    case 'statusCode':
      return /^\d$/.test(text) ? `0${text}` : text;
    default:
      return text;
  }
}

/** `28.22.H17` → `000.28.22.H17`: producers leave out leading zero groups. Anything else is left for the table. */
function fullAgencyCode(text: string): string {
  const code = text.toUpperCase();
  if (!/^(\d{2}\.){0,2}[A-Z]\d{2}$/.test(code)) return code;
  const groups = code.split('.');
  return [...['000', '00', '00'].slice(0, 4 - groups.length), ...groups].join('.');
}
