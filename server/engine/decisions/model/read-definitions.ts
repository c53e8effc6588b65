// XML → definitions of one DMN file. The answer is either the whole vocabulary of the file, or why it is no DMN file.

import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { XmlElement } from '../xml/read-xml.ts';
import { positionAt, readXml } from '../xml/read-xml.ts';
import type {
  BusinessKnowledgeModel,
  Decision,
  DecisionService,
  Definitions,
  FunctionItem,
  Import,
  InputData,
  ItemDefinition,
  Place,
  Requirements,
} from './definitions.ts';
import { readExpressionOf, readFunction } from './read-expression.ts';
import {
  attributeOf,
  childOf,
  childrenOf,
  feelTextOf,
  idOf,
  informationItemOf,
  isModelNamespace,
  nameOf,
  placeOf,
  referencesOf,
  typeRefOf,
  variableOf,
} from './source.ts';

export function readDefinitions(source: string): Result<Definitions, Diagnostic> {
  const xml = readXml(source);
  if (!xml.ok) {
    const { message, line, column } = xml.error;
    return err({ rule: 'readable-xml', severity: 'error', elementId: null, message, line, column });
  }
  const root = xml.value;
  if (root.name !== 'definitions' || !isModelNamespace(root.namespace)) {
    const message = `Expected <definitions> of a DMN model namespace, but the file begins with <${root.name}> of '${root.namespace}'.`;
    const position = positionAt(source, root.offset);
    return err({ rule: 'dmn-file', severity: 'error', elementId: null, message, ...position });
  }
  return ok(readRoot(root));
}

function readRoot(root: XmlElement): Definitions {
  return {
    id: idOf(root),
    name: nameOf(root),
    namespace: attributeOf(root, 'namespace') ?? '',
    imports: childrenOf(root, 'import').map(readImport),
    itemDefinitions: childrenOf(root, 'itemDefinition').map((item) => readItemDefinition(item, placeOf(root))),
    inputs: childrenOf(root, 'inputData').map(readInputData),
    decisions: childrenOf(root, 'decision').map(readDecision),
    knowledgeModels: childrenOf(root, 'businessKnowledgeModel').map(readKnowledgeModel),
    services: childrenOf(root, 'decisionService').map(readService),
  };
}

function readImport(element: XmlElement): Import {
  return {
    place: placeOf(element),
    name: nameOf(element),
    namespace: attributeOf(element, 'namespace') ?? '',
    locationUri: attributeOf(element, 'locationURI'),
  };
}

function readItemDefinition(element: XmlElement, owner: Place): ItemDefinition {
  const place = placeOf(element, owner);
  const functionItem = childOf(element, 'functionItem');
  return {
    place,
    name: nameOf(element),
    typeRef: typeRefOf(element),
    isCollection: attributeOf(element, 'isCollection') === 'true',
    components: childrenOf(element, 'itemComponent').map((component) => readItemDefinition(component, place)),
    allowedValues: feelTextOf(childOf(element, 'allowedValues'), place),
    typeConstraint: feelTextOf(childOf(element, 'typeConstraint'), place),
    functionItem: functionItem === null ? null : readFunctionItem(functionItem, place),
  };
}

const readFunctionItem = (element: XmlElement, owner: Place): FunctionItem => ({
  parameters: childrenOf(element, 'parameters').map((parameter) => informationItemOf(parameter, owner)),
  outputTypeRef: typeRefOf(element, 'outputTypeRef'),
});

function readInputData(element: XmlElement): InputData {
  const place = placeOf(element);
  return { place, id: idOf(element), name: nameOf(element), variable: variableOf(element, place) };
}

function readRequirements(element: XmlElement, place: Place): Requirements {
  const information = childrenOf(element, 'informationRequirement');
  return {
    inputs: information.flatMap((requirement) => referencesOf(requirement, 'requiredInput', place)),
    decisions: information.flatMap((requirement) => referencesOf(requirement, 'requiredDecision', place)),
    knowledge: childrenOf(element, 'knowledgeRequirement').flatMap((requirement) =>
      referencesOf(requirement, 'requiredKnowledge', place),
    ),
  };
}

function readDecision(element: XmlElement): Decision {
  const place = placeOf(element);
  return {
    place,
    id: idOf(element),
    name: nameOf(element),
    versionTag: readVersionTag(element),
    variable: variableOf(element, place),
    requirements: readRequirements(element, place),
    expression: readExpressionOf(element, place),
  };
}

/** `zeebe:versionTag` of the process dialect, so that a business rule task can be bound to a tag. */
function readVersionTag(element: XmlElement): string | null {
  const extension = childOf(element, 'extensionElements')?.children.find((child) => child.name === 'versionTag');
  return extension === undefined ? null : attributeOf(extension, 'value');
}

function readKnowledgeModel(element: XmlElement): BusinessKnowledgeModel {
  const place = placeOf(element);
  const logic = childOf(element, 'encapsulatedLogic');
  return {
    place,
    id: idOf(element),
    name: nameOf(element),
    variable: variableOf(element, place),
    requirements: readRequirements(element, place),
    logic: logic === null ? null : readFunction(logic, placeOf(logic, place)),
  };
}

function readService(element: XmlElement): DecisionService {
  const place = placeOf(element);
  return {
    place,
    id: idOf(element),
    name: nameOf(element),
    variable: variableOf(element, place),
    outputDecisions: referencesOf(element, 'outputDecision', place),
    encapsulatedDecisions: referencesOf(element, 'encapsulatedDecision', place),
    inputDecisions: referencesOf(element, 'inputDecision', place),
    inputData: referencesOf(element, 'inputData', place),
  };
}
