// Reads the test-case files of the public DMN conformance kit (and our own in the same form): a model, and for each case
// the inputs and the expected results. Values stay as they were written; `values.ts` turns them into FEEL.

import type { XmlElement } from '../../../server/engine/decisions/xml/read-xml.ts';
import { readXml } from '../../../server/engine/decisions/xml/read-xml.ts';

export type CaseValue =
  | { readonly kind: 'nil' }
  | { readonly kind: 'scalar'; readonly type: string | null; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly CaseValue[] }
  | { readonly kind: 'context'; readonly entries: readonly NamedValue[] };

export interface NamedValue {
  readonly name: string;
  readonly value: CaseValue;
}

export interface ExpectedResult extends NamedValue {
  /** The evaluation must fail; its value is null. */
  readonly isError: boolean;
}

export interface TestCase {
  readonly id: string;
  readonly type: 'decision' | 'bkm' | 'decisionService';
  /** The knowledge model or service to call; null for decisions. */
  readonly invocableName: string | null;
  readonly inputs: readonly NamedValue[];
  readonly results: readonly ExpectedResult[];
}

export interface TestCases {
  readonly modelName: string;
  readonly cases: readonly TestCase[];
}

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** null when the file is some other XML; an unreadable file is an Error, because a lost test must not look like success. */
export function readTestCases(source: string): TestCases | null {
  const xml = readXml(source);
  if (!xml.ok) throw new Error(`line ${xml.error.line}: ${xml.error.message}`);
  const root = xml.value;
  if (root.name !== 'testCases') return null;
  return {
    modelName: (childNamed(root, 'modelName')?.text ?? '').trim(),
    cases: childrenNamed(root, 'testCase').map(readCase),
  };
}

const childrenNamed = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);
const childNamed = (element: XmlElement, name: string): XmlElement | null => childrenNamed(element, name)[0] ?? null;
const attribute = (element: XmlElement, name: string): string => element.attributes.get(name) ?? '';

function readCase(element: XmlElement): TestCase {
  const type = attribute(element, 'type');
  return {
    id: attribute(element, 'id'),
    type: type === 'bkm' || type === 'decisionService' ? type : 'decision',
    invocableName: attribute(element, 'invocableName') || null,
    inputs: childrenNamed(element, 'inputNode').map((node) => ({
      name: attribute(node, 'name'),
      value: readValue(node),
    })),
    results: childrenNamed(element, 'resultNode').map((node) => ({
      name: attribute(node, 'name'),
      isError: attribute(node, 'errorResult') === 'true',
      value: readExpected(node),
    })),
  };
}

function readExpected(node: XmlElement): CaseValue {
  const expected = childNamed(node, 'expected');
  return expected === null ? { kind: 'nil' } : readValue(expected);
}

const isNil = (element: XmlElement): boolean => element.attributes.get(`{${SCHEMA_INSTANCE}}nil`) === 'true';

/** The content of an input, an expectation, a component or an item: one value, one list, or components. */
function readValue(element: XmlElement): CaseValue {
  if (isNil(element)) return { kind: 'nil' };
  const list = childNamed(element, 'list');
  if (list !== null) {
    return isNil(list) ? { kind: 'nil' } : { kind: 'list', items: childrenNamed(list, 'item').map(readValue) };
  }
  const value = childNamed(element, 'value');
  if (value !== null) return readScalar(value);
  const components = childrenNamed(element, 'component');
  return {
    kind: 'context',
    entries: components.map((component) => ({ name: attribute(component, 'name'), value: readValue(component) })),
  };
}

function readScalar(element: XmlElement): CaseValue {
  if (isNil(element)) return { kind: 'nil' };
  const type = element.attributes.get(`{${SCHEMA_INSTANCE}}type`) ?? null;
  return { kind: 'scalar', type: type === null ? null : type.slice(type.indexOf(':') + 1), text: element.text };
}
