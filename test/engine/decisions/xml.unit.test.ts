// The XML reader under decision files: what it reads, and what it refuses with a position.

import { describe, expect, it } from 'vitest';
import { readXml } from '../../../server/engine/decisions/xml/read-xml.ts';

const problem = (source: string) => {
  const read = readXml(source);
  return read.ok ? null : `${read.error.line}:${read.error.column} ${read.error.message}`;
};
const root = (source: string) => {
  const read = readXml(source);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
};

describe('reading XML', () => {
  it('resolves namespaces, entities, CDATA and line ends', () => {
    const element = root(
      '\ufeff<?xml version="1.0"?><!-- c --><a:x xmlns:a="urn:a" xmlns="urn:d" b="&lt;&#65;" a:c=\'1\'>1 &amp;\r\n<![CDATA[<2>]]><y/></a:x>',
    );
    expect(element).toMatchObject({ name: 'x', namespace: 'urn:a', text: '1 &\n<2>' });
    expect([...element.attributes]).toEqual([
      ['b', '<A'],
      ['{urn:a}c', '1'],
    ]);
    expect(element.children.map(({ name, namespace }) => `${namespace} ${name}`)).toEqual(['urn:d y']);
  });

  it('refuses document types and unknown entities', () => {
    expect(problem('<!DOCTYPE x [<!ENTITY e "boom">]><x>&e;</x>')).toMatch(/^1:1 document type/);
    expect(problem('<x>\n  &e;</x>')).toMatch(/entity &e; is not known/);
    expect(problem('<x>&#0;</x>')).toMatch(/entity &#0; is not known/);
  });

  it.each([
    ['<x>\n<y></x>', '2:4 </x> does not fit: </y> is expected'],
    ['<x>', '1:1 the element <x> is never closed'],
    ['', '1:1 the file has no XML element'],
    ['<x/><y/>', '1:5 there is more than one root element'],
    ['<x a=1/>', '1:6 the value of the attribute a is not quoted'],
    ['<x a="1" a="2"/>', '1:12 the attribute a stands twice'],
    ['<p:x/>', '1:1 the prefix p is not declared'],
    ['text', '1:1 text stands outside of the root element'],
  ])('names the place of the mistake in %j', (source, expected) => {
    expect(problem(source)).toBe(expected);
  });

  it('bounds depth, elements and size', () => {
    const limits = { maxCharacters: 100, maxElements: 3, maxDepth: 2 };
    const messageOf = (source: string) => {
      const read = readXml(source, limits);
      return read.ok ? '' : read.error.message;
    };
    expect(messageOf('<a><b><c/></b></a>')).toMatch(/nested more than 2/);
    expect(messageOf('<a><b/><b/><b/></a>')).toMatch(/more than 3 elements/);
    expect(messageOf(`<a>${' '.repeat(100)}</a>`)).toMatch(/more than 100 characters/);
    expect(messageOf('<a><b/><b/></a>')).toBe('');
  });
});
