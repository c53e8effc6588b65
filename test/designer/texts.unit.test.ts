// The catalogue of texts: complete in both languages, nothing missing, nothing left over, nothing hard-wired.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'vue/compiler-sfc';
import en from '../../designer/src/i18n/en.json';
import vi from '../../designer/src/i18n/vi.json';
import { SigningCapacity, Urgency } from '../../server/api/contract/documents.ts';
import { RoleName } from '../../server/api/contract/session.ts';
import { AGENCY_KINDS } from '../../server/modules/agencies/index.ts';

const SOURCE = path.resolve(import.meta.dirname, '../../designer/src');

type Catalogue = { readonly [key: string]: string | Catalogue };

function flatten(catalogue: Catalogue, prefix = ''): Map<string, string> {
  const entries = Object.entries(catalogue).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${name}`, value]] : [...flatten(value, `${prefix}${name}.`)],
  );
  return new Map(entries);
}

const vietnamese = flatten(vi);
const english = flatten(en);
const sources = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(vue|ts)$/.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(SOURCE, name), 'utf8') }));
const allText = sources.map(({ text }) => text).join('\n');

/** Every quoted text that looks like a key: t('…'), meta titles, choices between two keys. */
const quoted = new Set(
  [...allText.matchAll(/'([a-z][A-Za-z]*(?:\.[A-Za-z0-9_-]+)+)'/g)].map((match) => match[1] ?? ''),
);
/** Beginnings of keys that are put together: t(`status.${…}`). */
const prefixes = [
  ...new Set([...allText.matchAll(/`([a-z][A-Za-z]*(?:\.[A-Za-z0-9_-]+)*\.)\$\{/g)].map((match) => match[1] ?? '')),
];

const placeholdersOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
const literalsOf = (schema: { readonly anyOf: readonly { readonly const?: unknown }[] }): string[] =>
  schema.anyOf.map((one) => String(one.const));

describe('texts of the web app', () => {
  it('has every Vietnamese key in English and no other', () => {
    expect([...english.keys()].sort()).toEqual([...vietnamese.keys()].sort());
  });

  it('has the same placeholders in both languages', () => {
    const different = [...vietnamese].filter(
      ([key, text]) => placeholdersOf(text).join() !== placeholdersOf(english.get(key) ?? '').join(),
    );
    expect(different).toEqual([]);
  });

  it('leaves no text empty or equal in both languages by oversight', () => {
    const suspicious = [...vietnamese].filter(([key, text]) => {
      const hasWords = /\p{L}/u.test(text.replace(/\{\w+\}/g, ''));
      return text.trim() === '' || (hasWords && text === english.get(key));
    });
    expect(suspicious).toEqual([]);
  });

  it('stores Vietnamese composed (NFC)', () => {
    expect([...vietnamese].filter(([, text]) => text !== text.normalize('NFC'))).toEqual([]);
  });

  it('has a text for every key that the source names', () => {
    const groups = new Set([...vietnamese.keys()].map((key) => key.split('.')[0] ?? ''));
    // `draft.prepare` and the like are actions of the contract, `document.signed` is an audit action.
    const actions = /^(draft\.(prepare|review)|sign\.(personal|agency)|receive\.(register|assign|handle))$/;
    const missing = [...quoted].filter(
      (key) => groups.has(key.split('.')[0] ?? '') && !actions.test(key) && !vietnamese.has(key),
    );
    expect(missing).toEqual([]);
  });

  it('has texts under every beginning that the source completes', () => {
    expect(prefixes.filter((prefix) => ![...vietnamese.keys()].some((key) => key.startsWith(prefix)))).toEqual([]);
  });

  it('keeps no text that the source does not use', () => {
    const unused = [...vietnamese.keys()].filter(
      (key) => !quoted.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });

  it.each([
    ['urgency', literalsOf(Urgency)],
    ['capacity', literalsOf(SigningCapacity)],
    ['role', literalsOf(RoleName)],
    ['agencyKind', [...AGENCY_KINDS]],
    [
      'status.outgoing',
      [
        'draft',
        'in_review',
        'awaiting_signature',
        'signed',
        'numbered',
        'sealed',
        'dispatched',
        'archived',
        'cancelled',
      ],
    ],
    [
      'status.incoming',
      ['arrived', 'accepted', 'registered', 'assigned', 'in_progress', 'completed', 'archived', 'refused'],
    ],
    ['delivery', ['queued', 'sent', 'arrived', 'accepted', 'assigned', 'in_progress', 'completed', 'refused']],
  ])('has a word for every value of %s', (group, values) => {
    expect(values.filter((value) => !vietnamese.has(`${group}.${value}`))).toEqual([]);
  });

  it('shows no words that are written into a template', () => {
    // The product's name and the names of languages are the same in every language.
    const allowed = new Set(['Trạm', 'SHA-256', 'J', 'K', 'Enter']);
    const found = sources
      .filter(({ name }) => name.endsWith('.vue'))
      .flatMap(({ name, text }) => textsOf(parse(text).descriptor.template?.ast).map((words) => `${name}: ${words}`))
      .filter((line) => !allowed.has(line.split(': ')[1] ?? ''));
    expect(found).toEqual([]);
  });
});

interface TemplateNode {
  readonly type: number;
  readonly content?: unknown;
  readonly children?: readonly unknown[];
}

const TEXT_NODE = 2;

/** Words in the text nodes of a template, without signs and numbers. */
function textsOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null || !('type' in node)) return [];
  const { type, content, children } = node as TemplateNode; // as: the shape of the compiler's nodes that is read here
  if (type === TEXT_NODE) return typeof content === 'string' && /\p{L}/u.test(content) ? [content.trim()] : [];
  return (children ?? []).flatMap((child) => textsOf(child));
}
