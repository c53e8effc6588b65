// Types of names and paths. A name that nobody knows is only a finding where the caller says that it knows them all.

import { nameOfNode } from '../compile/names.ts';
import type { SyntaxNode } from '../compile/parse.ts';
import { childrenOf, spanOf, spellingIn } from '../compile/unit.ts';
import { builtInFunction, builtInFunctions } from '../functions/index.ts';
import { propertyOf } from '../properties.ts';
import { ANY, typeOf, typeText } from '../types.ts';
import type { FeelType } from '../type-model.ts';
import type { FeelValue } from '../values.ts';
import { FeelFunction } from '../values.ts';
import type { Inquiry, TypedScope } from './inquiry.ts';
import { canSuggest, findLocal, isOpenType, localNames, memberType, report } from './inquiry.ts';
import { findNearestName } from './nearest-name.ts';
import { sampleOf } from './samples.ts';

export const inferName = (inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType =>
  inferRead(inquiry, node, { scope, path: [] });

interface Reading {
  readonly scope: TypedScope | null;
  readonly path: readonly string[];
}

function inferRead(inquiry: Inquiry, node: SyntaxNode, { scope, path }: Reading): FeelType {
  const { unit } = inquiry;
  const name = nameOfNode(unit, node);
  const found = findLocal(scope, name);
  if (found.isLocal) return found.type;
  const spelled = spellingIn(unit.names, name);
  const type = spelled === undefined ? undefined : unit.names[spelled];
  const builtIn = builtInFunction(name, unit.dialect);
  if (type === undefined && builtIn !== undefined) return typeOf(builtIn);
  inquiry.reads.push({ name: spelled ?? name, path, type: type ?? ANY, isCertain: found.isCertain, ...spanOf(node) });
  if (type !== undefined) return found.isCertain ? type : ANY;
  if (inquiry.isClosed && found.isCertain) {
    const suggestion = canSuggest(inquiry) ? findNearestName(name, knownNames(inquiry, scope)) : null;
    report(inquiry, spanOf(node), { code: 'FEEL_UNKNOWN_NAME', values: { name }, suggestion });
  }
  return ANY;
}

function* knownNames({ unit }: Inquiry, scope: TypedScope | null): Generator<string> {
  yield* localNames(scope);
  yield* Object.keys(unit.names);
}

/** null when the name is known as something that is no function, or not at all. */
export function inferTarget(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType | string {
  const { unit } = inquiry;
  const name = nameOfNode(unit, node);
  const found = findLocal(scope, name);
  if (found.isLocal) return found.type;
  const isOwn = spellingIn(unit.names, name) !== undefined;
  if (!isOwn && builtInFunction(name, unit.dialect) !== undefined) return name;
  if (!isOwn && inquiry.isClosed && found.isCertain) {
    const known = [...knownNames(inquiry, scope), ...builtInFunctions(unit.dialect).map((one) => one.name)];
    const suggestion = canSuggest(inquiry) ? findNearestName(name, known) : null;
    return report(inquiry, spanOf(node), { code: 'FEEL_FUNCTION_NOT_FOUND', values: { name }, suggestion });
  }
  return inferName(inquiry, node, scope);
}

export function inferPath(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const path: string[] = [];
  const steps: SyntaxNode[] = [];
  let target: SyntaxNode | undefined = node;
  // From the outermost member to the value that all begins at, so that the read of a name knows its whole path.
  while (target?.name === 'PathExpression') {
    const [inner, , nameNode]: readonly SyntaxNode[] = childrenOf(target);
    if (nameNode !== undefined) {
      steps.unshift(nameNode);
      path.unshift(nameOfNode(inquiry.unit, nameNode));
    }
    target = inner;
  }
  const start =
    target?.name === 'VariableName' ? inferRead(inquiry, target, { scope, path }) : inquiry.infer(target, scope);
  return steps.reduce((type, step) => stepInto(inquiry, type, step), start);
}

function stepInto(inquiry: Inquiry, type: FeelType, node: SyntaxNode): FeelType {
  // The members of all items, as a list.
  if (type.kind === 'list') {
    const of = stepInto(inquiry, type.of, node);
    return { kind: 'list', of };
  }
  const name = nameOfNode(inquiry.unit, node);
  if (isOpenType(type) || type.kind === 'null') return ANY;
  const member = type.kind === 'context' ? memberType(type.members, name) : propertyType(type, name);
  if (member !== undefined) return member;
  const candidates = type.kind === 'context' ? Object.keys(type.members) : PROPERTY_NAMES;
  const near = canSuggest(inquiry) ? findNearestName(name, candidates) : null;
  const suggestion = near !== null && (type.kind === 'context' || propertyType(type, near) !== undefined) ? near : null;
  const values = { name, foundType: typeText(type).slice(0, 80) };
  return report(inquiry, spanOf(node), { code: 'FEEL_TYPE_PROPERTY', values, suggestion });
}

const PROPERTY_NAMES = [
  ...['year', 'month', 'day', 'weekday', 'hour', 'minute', 'second', 'time offset', 'timezone', 'years', 'months'],
  ...['days', 'hours', 'minutes', 'seconds', 'start', 'end', 'start included', 'end included'],
];

function propertyType(type: FeelType, name: string): FeelType | undefined {
  if (type.kind === 'range' && (name === 'start' || name === 'end')) return type.of;
  const sample: FeelValue | undefined = sampleOf(type);
  if (sample === undefined || sample instanceof FeelFunction) return undefined;
  const found = propertyOf(sample, name);
  if (found === undefined) return undefined;
  // The sample has an offset; a value with a named zone answers its name.
  return found === null ? { kind: 'string' } : typeOf(found);
}
