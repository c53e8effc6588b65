// XML → boxed expression, one function per kind of the standard. Reading judges nothing: a missing part becomes null and
// the compiler says what that means.

import type { XmlElement } from '../xml/read-xml.ts';
import type {
  Aggregation,
  ContextEntry,
  DecisionTable,
  Expression,
  FeelText,
  FunctionDefinition,
  HitPolicy,
  InputClause,
  Iterator,
  OutputClause,
  Place,
  Rule,
} from './definitions.ts';
import { AGGREGATIONS, HIT_POLICIES } from './definitions.ts';
import {
  attributeOf,
  childOf,
  childrenOf,
  feelTextOf,
  informationItemOf,
  isModelNamespace,
  nameOf,
  normalizeName,
  placeOf,
  typeRefOf,
} from './source.ts';

type Read = (element: XmlElement, place: Place) => Expression;

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['literalExpression', readLiteral],
  ['decisionTable', readTable],
  ['context', readContext],
  ['list', readList],
  ['relation', readRelation],
  ['functionDefinition', readFunction],
  ['invocation', readInvocation],
  ['conditional', readConditional],
  ['filter', readFilter],
  ['for', readIterator],
  ['some', readIterator],
  ['every', readIterator],
]);

/** The expression among the children of an element; every kind of box has exactly one place for it. */
export function readExpressionOf(parent: XmlElement | null, owner: Place): Expression | null {
  const element = parent?.children.find((child) => READERS.has(child.name) && isModelNamespace(child.namespace));
  return element === undefined ? null : readExpression(element, owner);
}

function readExpression(element: XmlElement, owner: Place): Expression | null {
  return READERS.get(element.name)?.(element, placeOf(element, owner)) ?? null;
}

const expressionsIn = (element: XmlElement): readonly XmlElement[] =>
  element.children.filter((child) => READERS.has(child.name) && isModelNamespace(child.namespace));

function readLiteral(element: XmlElement, place: Place): Expression {
  const text = childOf(element, 'text');
  return {
    kind: 'literal',
    place,
    typeRef: typeRefOf(element),
    text: text === null ? null : feelTextOf(element, place),
    language: attributeOf(element, 'expressionLanguage'),
  };
}

function readContext(element: XmlElement, place: Place): Expression {
  const entries = childrenOf(element, 'contextEntry').map((entry): ContextEntry => {
    const entryPlace = placeOf(entry, place);
    const variable = childOf(entry, 'variable');
    return {
      place: entryPlace,
      variable: variable === null ? null : informationItemOf(variable, entryPlace),
      expression: readExpressionOf(entry, entryPlace),
    };
  });
  return { kind: 'context', place, typeRef: typeRefOf(element), entries };
}

function readList(element: XmlElement, place: Place): Expression {
  const items = expressionsIn(element).map((item) => readExpression(item, place));
  return { kind: 'list', place, typeRef: typeRefOf(element), items };
}

function readRelation(element: XmlElement, place: Place): Expression {
  return {
    kind: 'relation',
    place,
    typeRef: typeRefOf(element),
    columns: childrenOf(element, 'column').map((column) => informationItemOf(column, place)),
    rows: childrenOf(element, 'row').map((row) => expressionsIn(row).map((cell) => readExpression(cell, place))),
  };
}

export function readFunction(element: XmlElement, place: Place): FunctionDefinition {
  const kind = attributeOf(element, 'kind');
  return {
    kind: 'function',
    place,
    typeRef: typeRefOf(element),
    language: kind === 'Java' || kind === 'PMML' ? kind : 'FEEL',
    parameters: childrenOf(element, 'formalParameter').map((parameter) => informationItemOf(parameter, place)),
    body: readExpressionOf(element, place),
  };
}

function readInvocation(element: XmlElement, place: Place): Expression {
  const bindings = childrenOf(element, 'binding').map((binding) => {
    const bindingPlace = placeOf(binding, place);
    return {
      parameter: informationItemOf(childOf(binding, 'parameter') ?? binding, bindingPlace),
      expression: readExpressionOf(binding, bindingPlace),
    };
  });
  return {
    kind: 'invocation',
    place,
    typeRef: typeRefOf(element),
    callee: readExpressionOf(element, place),
    bindings,
  };
}

const readPart = (element: XmlElement, name: string, place: Place): Expression | null =>
  readExpressionOf(childOf(element, name), place);

function readConditional(element: XmlElement, place: Place): Expression {
  return {
    kind: 'conditional',
    place,
    typeRef: typeRefOf(element),
    condition: readPart(element, 'if', place),
    consequence: readPart(element, 'then', place),
    alternative: readPart(element, 'else', place),
  };
}

function readFilter(element: XmlElement, place: Place): Expression {
  return {
    kind: 'filter',
    place,
    typeRef: typeRefOf(element),
    list: readPart(element, 'in', place),
    match: readPart(element, 'match', place),
  };
}

function readIterator(element: XmlElement, place: Place): Expression {
  const kind: Iterator['kind'] = element.name === 'some' ? 'some' : element.name === 'every' ? 'every' : 'for';
  return {
    kind,
    place,
    typeRef: typeRefOf(element),
    variable: normalizeName(attributeOf(element, 'iteratorVariable') ?? ''),
    list: readPart(element, 'in', place),
    body: readPart(element, kind === 'for' ? 'return' : 'satisfies', place),
  };
}

function readTable(element: XmlElement, place: Place): DecisionTable {
  return {
    kind: 'table',
    place,
    typeRef: typeRefOf(element),
    hitPolicy: readHitPolicy(element),
    aggregation: readAggregation(element),
    outputLabel: attributeOf(element, 'outputLabel'),
    inputs: childrenOf(element, 'input').map((input) => readInputClause(input, place)),
    outputs: childrenOf(element, 'output').map((output) => readOutputClause(output, place)),
    annotations: childrenOf(element, 'annotation').map(nameOf),
    rules: childrenOf(element, 'rule').map((rule) => readRule(rule, place)),
  };
}

const readHitPolicy = (element: XmlElement): HitPolicy =>
  HIT_POLICIES.find((policy) => policy === attributeOf(element, 'hitPolicy')) ?? 'UNIQUE';

const readAggregation = (element: XmlElement): Aggregation | null =>
  AGGREGATIONS.find((aggregation) => aggregation === attributeOf(element, 'aggregation')) ?? null;

function readInputClause(element: XmlElement, owner: Place): InputClause {
  const place = placeOf(element, owner);
  const expression = childOf(element, 'inputExpression');
  return {
    place,
    label: attributeOf(element, 'label'),
    expression: feelTextOf(expression, place),
    typeRef: expression === null ? null : typeRefOf(expression),
    allowedValues: feelTextOf(childOf(element, 'inputValues'), place),
  };
}

function readOutputClause(element: XmlElement, owner: Place): OutputClause {
  const place = placeOf(element, owner);
  return {
    place,
    name: nameOf(element) === '' ? null : nameOf(element),
    label: attributeOf(element, 'label'),
    typeRef: typeRefOf(element),
    allowedValues: feelTextOf(childOf(element, 'outputValues'), place),
    defaultEntry: feelTextOf(childOf(element, 'defaultOutputEntry'), place),
  };
}

function readRule(element: XmlElement, owner: Place): Rule {
  const place = placeOf(element, owner);
  const read = (entry: XmlElement): FeelText => feelTextOf(entry, place) ?? { place: placeOf(entry, place), text: '' };
  const description = childOf(element, 'description')?.text.trim() ?? '';
  const annotations = childrenOf(element, 'annotationEntry').map((entry) => childOf(entry, 'text')?.text.trim() ?? '');
  return {
    place,
    inputEntries: childrenOf(element, 'inputEntry').map(read),
    outputEntries: childrenOf(element, 'outputEntry').map(read),
    annotations: description === '' ? annotations : [...annotations, description],
  };
}
