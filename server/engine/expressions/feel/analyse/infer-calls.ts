// Types of calls and function definitions. Arguments of built-in functions are held against the very parameters that
// bind them when they are called.

import type { SyntaxNode } from '../compile/parse.ts';
import { compileType } from '../compile/type-nodes.ts';
import { childrenOf, normaliseName, plainName, sourceOf, spanOf } from '../compile/unit.ts';
import type { Parameter, Signature } from '../functions/define.ts';
import { arityOf } from '../functions/define.ts';
import { builtInDeclaration } from '../functions/index.ts';
import { resultTypeOf } from '../functions/result-types.ts';
import { ANY } from '../types.ts';
import type { FeelType } from '../type-model.ts';
import { inferTarget } from './infer-names.ts';
import { shownType } from './infer-operators.ts';
import type { Inquiry, TypedScope } from './inquiry.ts';
import { report } from './inquiry.ts';
import { asSingle, sampleOf } from './samples.ts';

const TARGET_NAMES = new Set(['VariableName', 'SpecialFunctionName', 'DateTimeConstructor']);

interface Argument {
  /** null by position. */
  readonly name: string | null;
  readonly node: SyntaxNode;
  readonly type: FeelType;
}

export function inferCall(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const [targetNode, , argumentsNode] = childrenOf(node);
  if (targetNode === undefined || argumentsNode === undefined) return ANY;
  const target = TARGET_NAMES.has(targetNode.name)
    ? inferTarget(inquiry, targetNode, scope)
    : inquiry.infer(targetNode, scope);
  const given = childrenOf(argumentsNode).flatMap((child) => argumentOf(inquiry, child, scope) ?? []);
  if (typeof target === 'string') return inferBuiltIn(inquiry, targetNode, { name: target, given });
  if (target.kind === 'function') return inferOwn(inquiry, targetNode, { target, given });
  if (target.kind === 'any' || target.kind === 'null') return ANY;
  return report(inquiry, spanOf(targetNode), {
    code: 'FEEL_TYPE_NOT_A_FUNCTION',
    values: { foundType: shownType(target) },
  });
}

function argumentOf(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): Argument | null {
  if (node.name !== 'NamedParameter') return { name: null, node, type: inquiry.infer(node, scope) };
  const [nameNode, valueNode] = childrenOf(node);
  if (nameNode === undefined || valueNode === undefined) return null;
  const name = plainName(sourceOf(inquiry.unit, nameNode));
  return { name, node: valueNode, type: inquiry.infer(valueNode, scope) };
}

interface Call {
  readonly name: string;
  readonly given: readonly Argument[];
}

function inferBuiltIn(inquiry: Inquiry, node: SyntaxNode, { name, given }: Call): FeelType {
  const signatures = builtInDeclaration(name, inquiry.unit.dialect)?.signatures ?? [];
  const possible = signatures.filter((signature) => fitsShape(signature, given));
  if (possible.length === 0) {
    const found = given.some((argument) => argument.name !== null)
      ? { code: 'FEEL_UNKNOWN_PARAMETER', values: { name, found: given.map((one) => one.name ?? '').join(', ') } }
      : { code: 'FEEL_WRONG_ARGUMENT_COUNT', values: { name, ...arityOf(signatures), found: String(given.length) } };
    return report(inquiry, spanOf(node), found);
  }
  const refusals = possible.map((signature) => refusalOf(signature, given));
  const [first] = refusals;
  if (first !== undefined && first !== null && !refusals.includes(null)) {
    const { name: parameter, expected } = first.parameter;
    const values = { name, parameter, expected, foundType: shownType(first.argument.type) };
    report(inquiry, spanOf(first.argument.node), { code: 'FEEL_TYPE_ARGUMENT', values });
  }
  const isNamed = given.some((argument) => argument.name !== null);
  return resultTypeOf(name, isNamed ? inOrder(possible[0], given) : given.map((argument) => argument.type));
}

/** Named arguments in the order of the parameters, which result types go by. */
const inOrder = (signature: Signature | undefined, given: readonly Argument[]): readonly FeelType[] =>
  [...(signature?.parameters ?? []), ...(signature?.rest == null ? [] : [signature.rest])].map(
    (parameter) => given.find((argument) => argument.name === parameter.name)?.type ?? ANY,
  );

function fitsShape({ parameters, rest }: Signature, given: readonly Argument[]): boolean {
  const required = parameters.filter((parameter) => !parameter.isOptional);
  if (given.every((argument) => argument.name === null)) {
    return given.length >= required.length && (rest !== null || given.length <= parameters.length);
  }
  const names = [...parameters.map((parameter) => parameter.name), ...(rest === null ? [] : [rest.name])];
  const isKnown = given.every((argument) => argument.name !== null && names.includes(argument.name));
  return isKnown && required.every((parameter) => given.some((argument) => argument.name === parameter.name));
}

interface Refusal {
  readonly parameter: Parameter<unknown>;
  readonly argument: Argument;
}

/** The first argument that this signature takes in no case. */
function refusalOf({ parameters, rest }: Signature, given: readonly Argument[]): Refusal | null {
  for (const [index, argument] of given.entries()) {
    const parameter =
      argument.name === null
        ? (parameters[index] ?? rest)
        : (parameters.find((one) => one.name === argument.name) ?? rest);
    if (parameter === null) continue;
    const sample = sampleOf(parameter.isList ? argument.type : asSingle(argument.type));
    if (sample !== undefined && parameter.read(sample) === undefined && !takesWhole(parameter, argument.type)) {
      return { parameter, argument };
    }
  }
  return null;
}

/** A list given where one value is asked may be taken as it is. */
function takesWhole(parameter: Parameter<unknown>, type: FeelType): boolean {
  const sample = sampleOf(type);
  return sample !== undefined && parameter.read(sample) !== undefined;
}

interface OwnCall {
  readonly target: Extract<FeelType, { kind: 'function' }>;
  readonly given: readonly Argument[];
}

function inferOwn(inquiry: Inquiry, node: SyntaxNode, { target, given }: OwnCall): FeelType {
  const { parameters, result } = target;
  if (parameters !== null && parameters.length !== given.length) {
    const name = sourceOf(inquiry.unit, node).slice(0, 80);
    const values = { name, expected: String(parameters.length), found: String(given.length) };
    report(inquiry, spanOf(node), { code: 'FEEL_WRONG_ARGUMENT_COUNT', values });
  }
  return result;
}

export function inferFunction(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const children = childrenOf(node);
  const declared = childrenOf(children.find((child) => child.name === 'FormalParameters') ?? node)
    .filter((child) => child.name === 'FormalParameter')
    .map((child) => {
      const [nameNode, typeNode] = childrenOf(child);
      const name = nameNode === undefined ? '' : plainName(sourceOf(inquiry.unit, nameNode));
      return { name, type: typeNode === undefined ? ANY : compileType(inquiry.unit, typeNode) };
    });
  const parameters = declared.map((parameter) => parameter.type);
  const bodyNode = children.find((child) => child.name === 'FunctionBody');
  if (bodyNode === undefined || children.some((child) => child.name === 'external')) {
    return { kind: 'function', parameters, result: ANY };
  }
  let inner = scope;
  for (const { name, type } of declared) {
    inner = { kind: 'name', name: normaliseName(name), type, parent: inner };
    inquiry.locals.push({ name, type, ...spanOf(bodyNode) });
  }
  return { kind: 'function', parameters, result: inquiry.infer(childrenOf(bodyNode)[0], inner) };
}
