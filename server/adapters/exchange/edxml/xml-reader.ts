// A strict, namespace-aware reader for the part of XML 1.0 that data messages use. It refuses DTDs, unknown
// entities and anything that is not well-formed, and it is bounded in depth, elements and attributes (limits.ts).
// fast-xml-parser was measured first: it accepts two roots, repeated attributes, unclosed elements and unknown
// entities, and takes 7 s for a 40 MB attachment; see docs/decisions/0006-exchange-envelope-and-loopback.md.
//
// The bytes are held as a one-byte-per-character ("latin1") string, because markup is ASCII and an attachment of
// 50 MB would double its size as UTF-16. `text` of an element stays in that form; `decodedText` gives real text.

import { isUtf8 } from 'node:buffer';

import { err, ok, type Result } from '../../../shared/result.ts';
import type { WireProblem } from '../../../modules/exchange/ports.ts';
import {
  MAX_ATTRIBUTES_PER_ELEMENT,
  MAX_DEPTH,
  MAX_FIELD_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_NAME_LENGTH,
  MAX_NODES,
  MAX_REFERENCES,
} from './limits.ts';
import { resolveReference } from './xml-text.ts';

export interface XmlAttribute {
  readonly namespace: string;
  readonly localName: string;
  readonly value: string;
}

export interface XmlElement {
  /** Namespace URI, empty when the element has none. */
  readonly namespace: string;
  readonly localName: string;
  /** Without the `xmlns` declarations. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All character data directly inside, as UTF-8 bytes in a latin1 string: right for base64, not for people. */
  readonly text: string;
}

/** Character data as text: decoded, in NFC, without surrounding white space; cut when no field can be so long. */
export const decodedText = (element: XmlElement): string =>
  utf8(element.text.slice(0, MAX_FIELD_BYTES)).normalize('NFC').trim();

/** The value of an attribute; empty when there is none. */
export const attributeOf = (element: XmlElement, localName: string, namespace = ''): string =>
  element.attributes.find((one) => one.localName === localName && one.namespace === namespace)?.value ?? '';

/** Stops the reading; `readXml` turns it into a problem, so it never leaves this file. */
class XmlFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Namespaces = ReadonlyMap<string, string>;

interface OpenElement {
  readonly qualifiedName: string;
  readonly namespace: string;
  readonly localName: string;
  readonly namespaces: Namespaces;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  readonly text: string[];
}

const NAME = /[:A-Z_a-z\x80-\xff][-.:0-9A-Z_a-z\x80-\xff]*/y;
const SPACE = /[\t\n\r ]+/y;
const EQUALS = /[\t\n\r ]*=[\t\n\r ]*/y;
const BLANK = /^[\t\n\r ]*$/;
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]/;
const DECLARATION = /^<\?xml[\t\n\r ]+version[\t\n\r ]*=[\t\n\r ]*(?:"1\.\d"|'1\.\d')([^?]*)\?>/;
const ENCODING = /[\t\n\r ]encoding[\t\n\r ]*=[\t\n\r ]*["']([^"']*)["']/;
const BASE_NAMESPACES: Namespaces = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

export interface XmlLimits {
  readonly maxBytes: number;
  readonly maxNodes: number;
}

const MESSAGE_LIMITS: XmlLimits = { maxBytes: MAX_MESSAGE_BYTES, maxNodes: MAX_NODES };

/** Reads a whole document. Never throws for bad input: every refusal is a problem with an `X.` code. */
export function readXml(bytes: Uint8Array, limits = MESSAGE_LIMITS): Result<XmlElement, WireProblem> {
  try {
    return ok(new XmlReader(sourceOf(bytes, limits.maxBytes), limits.maxNodes).read());
  } catch (error) {
    if (error instanceof XmlFault) return err({ code: error.code, message: error.message });
    throw error;
  }
}

function sourceOf(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.byteLength > maxBytes) {
    throw new XmlFault('X.Size', `The message has ${bytes.byteLength} bytes; at most ${maxBytes} are read.`);
  }
  if (!isUtf8(bytes)) throw new XmlFault('X.Encoding', 'The message is not UTF-8.');
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (CONTROL.test(source)) throw new XmlFault('X.Syntax', 'The message holds a character that XML forbids.');
  return source.startsWith('\xef\xbb\xbf') ? source.slice(3) : source;
}

class XmlReader {
  readonly #source: string;
  readonly #maxNodes: number;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #nodeCount = 0;
  #referenceCount = 0;
  #root: XmlElement | null = null;

  constructor(source: string, maxNodes: number) {
    this.#source = source;
    this.#maxNodes = maxNodes;
  }

  read(): XmlElement {
    this.#readDeclaration();
    while (this.#at < this.#source.length) {
      const next = this.#source.indexOf('<', this.#at);
      this.#addText(this.#source.slice(this.#at, next < 0 ? undefined : next));
      if (next < 0) break;
      this.#at = next;
      this.#readMarkup();
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) throw this.#syntax(`<${utf8(unclosed.qualifiedName)}> is not closed`);
    if (this.#root === null) throw this.#syntax('there is no element');
    return this.#root;
  }

  #syntax(what: string): XmlFault {
    return new XmlFault('X.Syntax', `Not well-formed XML near byte ${this.#at}: ${what}.`);
  }

  #readDeclaration(): void {
    if (!/^<\?xml[\t\n\r ]/.test(this.#source)) return;
    const found = DECLARATION.exec(this.#source);
    if (found === null) throw this.#syntax('bad XML declaration');
    const encoding = ENCODING.exec(found[1] ?? '')?.[1] ?? 'UTF-8';
    if (!/^utf-?8$/i.test(encoding)) {
      throw new XmlFault('X.Encoding', `The message declares encoding ${encoding}; only UTF-8 is read.`);
    }
    this.#at = found[0].length;
  }

  #readMarkup(): void {
    const source = this.#source;
    if (source.startsWith('</', this.#at)) {
      this.#readEndTag();
      return;
    }
    if (++this.#nodeCount > this.#maxNodes)
      throw new XmlFault('X.Limit', `The message has more than ${this.#maxNodes} nodes.`);
    if (source.startsWith('<!--', this.#at)) this.#skipComment();
    else if (source.startsWith('<![CDATA[', this.#at)) this.#readCdata();
    else if (source.startsWith('<?', this.#at)) this.#skipInstruction();
    else if (source.startsWith('<!', this.#at)) {
      throw new XmlFault('X.Doctype', 'The message holds a document type declaration; these are refused.');
    } else this.#readStartTag();
  }

  #skipComment(): void {
    const end = this.#source.indexOf('--', this.#at + 4);
    if (end < 0 || this.#source[end + 2] !== '>') throw this.#syntax('bad comment');
    this.#at = end + 3;
  }

  #skipInstruction(): void {
    const start = this.#at;
    this.#at += 2;
    const target = this.#match(NAME);
    if (target === null || target.toLowerCase() === 'xml') throw this.#syntax('bad processing instruction');
    const end = this.#source.indexOf('?>', start);
    if (end < 0) throw this.#syntax('a processing instruction is not closed');
    this.#at = end + 2;
  }

  #readCdata(): void {
    const current = this.#open.at(-1);
    const start = this.#at + '<![CDATA['.length;
    const end = this.#source.indexOf(']]>', start);
    if (current === undefined || end < 0) throw this.#syntax('misplaced or unclosed CDATA');
    current.text.push(normaliseLineEnds(this.#source.slice(start, end)));
    this.#at = end + 3;
  }

  #addText(chunk: string): void {
    if (chunk === '') return;
    const current = this.#open.at(-1);
    if (current === undefined) {
      if (!BLANK.test(chunk)) throw this.#syntax('text outside the root element');
      return;
    }
    if (chunk.includes(']]>')) throw this.#syntax('"]]>" in text');
    current.text.push(this.#resolve(normaliseLineEnds(chunk)));
  }

  /** Replaces references one by one: a pattern with a callback would hold all matches in memory at once. */
  #resolve(chunk: string): string {
    let start = chunk.indexOf('&');
    if (start < 0) return chunk;
    const parts: string[] = [];
    let done = 0;
    for (; start >= 0; start = chunk.indexOf('&', done)) {
      const body = /^&([^;&]{1,32});/.exec(chunk.slice(start, start + 34))?.[1];
      if (body === undefined) throw this.#syntax('"&" without a reference');
      if (++this.#referenceCount > MAX_REFERENCES)
        throw new XmlFault('X.Limit', 'The message has too many references.');
      const character = resolveReference(body);
      if (character === null) {
        throw new XmlFault('X.Entity', `The message uses the reference &${utf8(body)};, which is not known.`);
      }
      parts.push(chunk.slice(done, start), latin1(character));
      done = start + body.length + 2;
    }
    parts.push(chunk.slice(done));
    return parts.join('');
  }

  #readStartTag(): void {
    if (this.#open.length === 0 && this.#root !== null) throw this.#syntax('a second root element');
    if (this.#open.length >= MAX_DEPTH) throw new XmlFault('X.Depth', `Elements are nested deeper than ${MAX_DEPTH}.`);
    this.#at += 1;
    const qualifiedName = this.#readName();
    const values = this.#readAttributes();
    const namespaces = this.#namespacesWith(values);
    const name = resolveName(qualifiedName, namespaces);
    const attributes = attributesOf(values, namespaces);
    const element: OpenElement = { ...name, qualifiedName, namespaces, attributes, children: [], text: [] };
    if (this.#source.startsWith('/>', this.#at)) {
      this.#at += 2;
      this.#close(element);
    } else if (this.#source[this.#at] === '>') {
      this.#at += 1;
      this.#open.push(element);
    } else throw this.#syntax('bad start tag');
  }

  #readEndTag(): void {
    this.#at += 2;
    const name = this.#readName();
    this.#match(SPACE);
    const element = this.#open.pop();
    if (element === undefined || element.qualifiedName !== name || this.#source[this.#at] !== '>') {
      throw this.#syntax(`</${utf8(name)}> does not close the open element`);
    }
    this.#at += 1;
    this.#close(element);
  }

  #close(element: OpenElement): void {
    const closed: XmlElement = {
      namespace: element.namespace,
      localName: element.localName,
      attributes: element.attributes,
      children: element.children,
      text: element.text.length === 1 ? (element.text[0] ?? '') : element.text.join(''),
    };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = closed;
    else parent.children.push(closed);
  }

  /** Raw name → value, `xmlns` declarations included. */
  #readAttributes(): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>();
    while (this.#match(SPACE) !== null && /[^/>]/.test(this.#source[this.#at] ?? '>')) {
      const name = this.#readName();
      if (this.#match(EQUALS) === null) throw this.#syntax(`attribute ${utf8(name)} has no value`);
      const quote = this.#source[this.#at];
      const end = quote === '"' || quote === "'" ? this.#source.indexOf(quote, this.#at + 1) : -1;
      const raw = this.#source.slice(this.#at + 1, Math.max(end, 0));
      if (end < 0 || raw.includes('<')) throw this.#syntax(`bad value of attribute ${utf8(name)}`);
      if (attributes.has(name)) throw this.#syntax(`attribute ${utf8(name)} is repeated`);
      if (attributes.size >= MAX_ATTRIBUTES_PER_ELEMENT)
        throw new XmlFault('X.Limit', 'An element has too many attributes.');
      attributes.set(name, this.#resolve(raw));
      this.#at = end + 1;
    }
    return attributes;
  }

  #namespacesWith(attributes: ReadonlyMap<string, string>): Namespaces {
    const inherited = this.#open.at(-1)?.namespaces ?? BASE_NAMESPACES;
    const declarations = [...attributes].filter(([name]) => isDeclaration(name));
    if (declarations.length === 0) return inherited;
    return new Map([...inherited, ...declarations.map(([name, uri]) => [name.slice(6), utf8(uri)] as const)]);
  }

  #readName(): string {
    const name = this.#match(NAME);
    if (name === null || name.length > MAX_NAME_LENGTH) throw this.#syntax('a name is expected');
    return name;
  }

  /** Matches a sticky pattern here and moves behind it. */
  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }
}

const normaliseLineEnds = (chunk: string): string => (chunk.includes('\r') ? chunk.replace(/\r\n?/g, '\n') : chunk);

const isDeclaration = (attributeName: string): boolean =>
  attributeName === 'xmlns' || attributeName.startsWith('xmlns:');

/** An attribute without a prefix has no namespace, whatever the default namespace is. */
const attributesOf = (values: ReadonlyMap<string, string>, namespaces: Namespaces): XmlAttribute[] =>
  [...values]
    .filter(([name]) => !isDeclaration(name))
    .map(([name, value]) => ({
      ...(name.includes(':') ? resolveName(name, namespaces) : { namespace: '', localName: utf8(name) }),
      value: utf8(value),
    }));

function resolveName(qualifiedName: string, namespaces: Namespaces): { namespace: string; localName: string } {
  const parts = qualifiedName.split(':');
  const [prefix, localName] = parts.length === 1 ? ['', parts[0]] : parts;
  if (parts.length > 2 || prefix === undefined || !localName || (parts.length === 2 && prefix === '')) {
    throw new XmlFault('X.Namespace', `The name ${utf8(qualifiedName)} is not a qualified name.`);
  }
  const namespace = namespaces.get(prefix) ?? (prefix === '' ? '' : undefined);
  if (namespace === undefined) {
    throw new XmlFault('X.Namespace', `The prefix ${utf8(prefix)} is not bound to a namespace.`);
  }
  return { namespace, localName: utf8(localName) };
}
