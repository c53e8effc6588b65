// A small strict XML reader for DMN files and test cases: elements, attributes, text, namespaces and positions.
// It refuses what a decision file never needs and what makes XML dangerous (DTDs, entities of one's own, endless depth),
// and it keeps where everything stands in the source, so that a wrong cell is reported with its line and column.

import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';

export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** Attributes by name; those with a prefix as `{namespace}name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Character data directly inside this element, entities resolved. */
  readonly text: string;
  /** Where the element begins, and where its first character data begins. */
  readonly offset: number;
  readonly textOffset: number;
}

export interface XmlProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export interface XmlLimits {
  readonly maxCharacters: number;
  readonly maxElements: number;
  readonly maxDepth: number;
}

export const XML_LIMITS: XmlLimits = { maxCharacters: 96 * 1024 * 1024, maxElements: 4_000_000, maxDepth: 256 };

const NAMESPACES: ReadonlyMap<string, string> = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const NAME = /[^\s=/>"'<&]+/y;
const BLANK = /[ \t\r\n]*/y;

/** The element itself while it is read; a table of 100,000 rows has millions, so none is copied when it is closed. */
interface OpenElement extends XmlElement {
  readonly qualified: string;
  readonly scope: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  text: string;
  textOffset: number;
}

const NO_CHILDREN: readonly XmlElement[] = [];

/** Leaves the reader from any depth; `readXml` turns it into a Result. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export function positionAt(source: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

export function readXml(source: string, limits: XmlLimits = XML_LIMITS): Result<XmlElement, XmlProblem> {
  try {
    return ok(new Reader(source, limits).readDocument());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return err({ message: error.message, ...positionAt(source, error.offset) });
  }
}

class Reader {
  readonly #source: string;
  readonly #limits: XmlLimits;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #count = 0;
  #root: XmlElement | null = null;

  constructor(source: string, limits: XmlLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  readDocument(): XmlElement {
    const source = this.#source;
    if (source.length > this.#limits.maxCharacters) {
      this.#refuse(`the file has more than ${this.#limits.maxCharacters} characters`);
    }
    if (source.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < source.length) {
      const tag = source.indexOf('<', this.#at);
      const end = tag === -1 ? source.length : tag;
      if (end > this.#at) this.#readText(this.#at, end);
      this.#at = end;
      if (tag !== -1) this.#readMarkup();
    }
    const open = this.#open.at(-1);
    if (open !== undefined) this.#refuse(`the element <${open.qualified}> is never closed`, open.offset);
    if (this.#root === null) this.#refuse('the file has no XML element', 0);
    return this.#root;
  }

  #refuse(message: string, offset = this.#at): never {
    throw new Refusal(message, offset);
  }

  #readText(from: number, to: number): void {
    const current = this.#open.at(-1);
    const raw = this.#source.slice(from, to);
    if (current === undefined) {
      if (raw.trim() !== '') this.#refuse('text stands outside of the root element', from + raw.search(/\S/));
      return;
    }
    this.#append(current, this.#decode(raw, from), from);
  }

  #append(current: OpenElement, text: string, from: number): void {
    if (current.text === '') current.textOffset = from;
    current.text += text;
  }

  #readMarkup(): void {
    const source = this.#source;
    if (source.startsWith('<!--', this.#at)) return this.#skip('-->', 'the comment');
    if (source.startsWith('<![CDATA[', this.#at)) return this.#readCdata();
    if (source.startsWith('<!', this.#at)) this.#refuse('document type declarations and entities are not accepted');
    if (source.startsWith('<?', this.#at)) return this.#skip('?>', 'the processing instruction');
    if (source.startsWith('</', this.#at)) return this.#readEndTag();
    this.#readStartTag();
  }

  #skip(end: string, what: string): void {
    const found = this.#source.indexOf(end, this.#at);
    if (found === -1) this.#refuse(`${what} is never closed`);
    this.#at = found + end.length;
  }

  #readCdata(): void {
    const current = this.#open.at(-1);
    if (current === undefined) this.#refuse('a CDATA section stands outside of the root element');
    const from = this.#at + '<![CDATA['.length;
    const to = this.#source.indexOf(']]>', from);
    if (to === -1) this.#refuse('the CDATA section is never closed');
    this.#append(current, this.#source.slice(from, to), from);
    this.#at = to + ']]>'.length;
  }

  #readEndTag(): void {
    const current = this.#open.pop();
    const begin = this.#at;
    this.#at += '</'.length;
    const name = this.#readName();
    this.#skipBlank();
    if (current === undefined || current.qualified !== name) {
      const expected = current === undefined ? 'no element is open' : `</${current.qualified}> is expected`;
      this.#refuse(`</${name}> does not fit: ${expected}`, begin);
    }
    if (this.#source[this.#at] !== '>') this.#refuse(`</${name} is not closed by >`);
    this.#at += 1;
    this.#close(current);
  }

  #close(element: OpenElement): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else if (parent.children === NO_CHILDREN) parent.children = [element];
    // Its own array, made in the line above for its first child.
    else (parent.children as XmlElement[]).push(element);
  }

  #readStartTag(): void {
    const begin = this.#at;
    if (this.#open.length === 0 && this.#root !== null) this.#refuse('there is more than one root element');
    this.#count += 1;
    if (this.#count > this.#limits.maxElements)
      this.#refuse(`there are more than ${this.#limits.maxElements} elements`);
    if (this.#open.length >= this.#limits.maxDepth) {
      this.#refuse(`elements are nested more than ${this.#limits.maxDepth} deep`);
    }
    this.#at += 1;
    const qualified = this.#readName();
    const raw = this.#readAttributes(qualified, begin);
    const isEmpty = this.#source[this.#at] === '/';
    this.#at += isEmpty ? '/>'.length : '>'.length;
    const scope = this.#scopeOf(raw);
    const colon = qualified.indexOf(':');
    const element: OpenElement = {
      name: qualified.slice(colon + 1),
      qualified,
      namespace: this.#namespaceOf(scope, colon === -1 ? '' : qualified.slice(0, colon), begin),
      attributes: this.#qualify(raw, scope, begin),
      children: NO_CHILDREN,
      text: '',
      offset: begin,
      textOffset: this.#at,
      scope,
    };
    if (isEmpty) this.#close(element);
    else this.#open.push(element);
  }

  #readAttributes(element: string, begin: number): readonly (readonly [string, string])[] {
    const source = this.#source;
    const found: [string, string][] = [];
    for (;;) {
      const before = this.#at;
      this.#skipBlank();
      const next = source[this.#at];
      if (next === undefined) this.#refuse(`the tag <${element} is never closed`, begin);
      if (next === '>' || (next === '/' && source[this.#at + 1] === '>')) return found;
      if (before === this.#at) this.#refuse(`<${element}: a blank is expected before the attribute`);
      const name = this.#readName();
      this.#skipBlank();
      if (source[this.#at] !== '=') this.#refuse(`the attribute ${name} has no value`);
      this.#at += 1;
      this.#skipBlank();
      const quote = source[this.#at];
      if (quote !== '"' && quote !== "'") this.#refuse(`the value of the attribute ${name} is not quoted`);
      const from = this.#at + 1;
      const to = source.indexOf(quote, from);
      if (to === -1) this.#refuse(`the value of the attribute ${name} is never closed`);
      const raw = source.slice(from, to);
      if (raw.includes('<')) this.#refuse(`the value of the attribute ${name} holds a <`);
      if (found.some(([other]) => other === name)) this.#refuse(`the attribute ${name} stands twice`);
      found.push([name, this.#decode(raw, from)]);
      this.#at = to + 1;
    }
  }

  #scopeOf(raw: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
    const outer = this.#open.at(-1)?.scope ?? NAMESPACES;
    const declared = raw.filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
    if (declared.length === 0) return outer;
    return new Map([...outer, ...declared.map(([name, value]) => [name.slice('xmlns:'.length), value] as const)]);
  }

  #namespaceOf(scope: ReadonlyMap<string, string>, prefix: string, offset: number): string {
    const namespace = scope.get(prefix);
    if (namespace !== undefined) return namespace;
    if (prefix === '') return '';
    return this.#refuse(`the prefix ${prefix} is not declared`, offset);
  }

  #qualify(
    raw: readonly (readonly [string, string])[],
    scope: ReadonlyMap<string, string>,
    offset: number,
  ): ReadonlyMap<string, string> {
    if (raw.length === 0) return NO_ATTRIBUTES;
    const attributes = new Map<string, string>();
    for (const [name, value] of raw) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
      const colon = name.indexOf(':');
      if (colon === -1) attributes.set(name, value);
      else attributes.set(`{${this.#namespaceOf(scope, name.slice(0, colon), offset)}}${name.slice(colon + 1)}`, value);
    }
    return attributes;
  }

  #readName(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#source)?.[0];
    if (name === undefined) this.#refuse('a name is expected');
    this.#at += name.length;
    return name;
  }

  #skipBlank(): void {
    BLANK.lastIndex = this.#at;
    this.#at += BLANK.exec(this.#source)?.[0].length ?? 0;
  }

  #decode(raw: string, offset: number): string {
    const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
    if (!text.includes('&')) return text;
    return text.replace(/&([^;&\s]{0,12};?)/g, (_match, body: string) => {
      const name = body.endsWith(';') ? body.slice(0, -1) : null;
      const known = name === null ? undefined : (ENTITIES.get(name) ?? characterOf(name));
      return known ?? this.#refuse(`the entity &${body} is not known`, offset);
    });
  }
}

function characterOf(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
  if (digits === null) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
