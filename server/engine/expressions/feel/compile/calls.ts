// Calling and defining functions. A name that is called means a local or a variable that holds a function, else the
// built-in of that name. User functions see the frames of the place where they were written.

import type { Span } from '../diagnostics.ts';
import { builtInFunction } from '../functions/index.ts';
import { shown } from '../text.ts';
import { conform } from '../types.ts';
import type { FeelType } from '../type-model.ts';
import type { FeelParameter, FeelValue } from '../values.ts';
import { FeelFunction, kindOf } from '../values.ts';
import { compileName, nameOfNode } from './names.ts';
import type { SyntaxNode } from './parse.ts';
import { Run } from './run.ts';
import { compileType } from './type-nodes.ts';
import type { Eval, Frame, Scope, Unit } from './unit.ts';
import { childrenOf, compileChild, normaliseName, plainName, sourceOf, spanOf } from './unit.ts';

export function compileInvocation(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [targetNode, , parametersNode] = childrenOf(node);
  if (targetNode === undefined || parametersNode === undefined) return () => null;
  const negation = compileNegation(unit, { targetNode, parametersNode }, scope);
  if (negation !== null) return negation;
  const target = compileTarget(unit, targetNode, scope);
  return parametersNode.name === 'NamedParameters'
    ? compileNamedCall(unit, { target, parametersNode, targetNode }, scope)
    : compilePositionalCall(unit, { target, parametersNode, targetNode }, scope);
}

interface Call {
  readonly target: Eval;
  readonly parametersNode: SyntaxNode;
  readonly targetNode: SyntaxNode;
}

/** `not(…)` is in every second condition, so it is an operator unless the scope has a function of that name. */
function compileNegation(
  unit: Unit,
  { targetNode, parametersNode }: Pick<Call, 'targetNode' | 'parametersNode'>,
  scope: Scope | null,
): Eval | null {
  const [operandNode, ...others] = childrenOf(parametersNode);
  const isNot = targetNode.name === 'VariableName' && sourceOf(unit, targetNode) === 'not';
  const isPlain = parametersNode.name === 'PositionalParameters' && operandNode !== undefined && others.length === 0;
  if (!isNot || !isPlain || isLocal(scope, 'not')) return null;
  const operand = unit.compile(operandNode, scope);
  return (run, frame) => {
    const value = operand(run, frame);
    const own = run.scope.find('not');
    if (own instanceof FeelFunction) return run.call(own, [value]);
    return typeof value === 'boolean' ? !value : null;
  };
}

const TARGET_NAMES = new Set(['VariableName', 'SpecialFunctionName', 'DateTimeConstructor']);

function compileTarget(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  if (!TARGET_NAMES.has(node.name)) return unit.compile(node, scope);
  const name = nameOfNode(unit, node);
  const span = spanOf(node);
  const builtIn = builtInFunction(name, unit.dialect);
  if (builtIn === undefined) return compileName(unit, name, { scope, span });
  if (isLocal(scope, name)) {
    const local = compileName(unit, name, { scope, span });
    return (run, frame) => {
      const value = local(run, frame);
      return value instanceof FeelFunction ? value : builtIn;
    };
  }
  return (run) => {
    const value = run.scope.find(name);
    return value instanceof FeelFunction ? value : builtIn;
  };
}

function isLocal(scope: Scope | null, name: string): boolean {
  for (let at = scope; at !== null; at = at.parent) {
    if (at.kind === 'item' || normaliseName(at.name) === name) return true;
  }
  return false;
}

function compilePositionalCall(unit: Unit, call: Call, scope: Scope | null): Eval {
  const args = childrenOf(call.parametersNode).map((child) => unit.compile(child, scope));
  const span = spanOf(call.targetNode);
  const name = plainName(sourceOf(unit, call.targetNode));
  const { target } = call;
  return (run, frame) => {
    const callee = target(run, frame);
    if (!(callee instanceof FeelFunction)) return notAFunction(run, callee, { name, span });
    const values = args.map((arg) => arg(run, frame));
    run.position = span;
    return run.call(callee, values);
  };
}

function compileNamedCall(unit: Unit, call: Call, scope: Scope | null): Eval {
  const args = childrenOf(call.parametersNode).map((child) => {
    const [nameNode, valueNode] = childrenOf(child);
    const name = nameNode === undefined ? '' : plainName(sourceOf(unit, nameNode));
    return { name, evaluate: compileChild(unit, valueNode, scope) };
  });
  const span = spanOf(call.targetNode);
  const name = plainName(sourceOf(unit, call.targetNode));
  const { target } = call;
  return (run, frame) => {
    const callee = target(run, frame);
    if (!(callee instanceof FeelFunction)) return notAFunction(run, callee, { name, span });
    const values = new Map(args.map((arg): [string, FeelValue] => [arg.name, arg.evaluate(run, frame)]));
    run.position = span;
    if (callee.applyNamed !== undefined) return run.callNamed(callee, values);
    return callUserFunction(run, callee, values);
  };
}

function notAFunction(run: Run, value: FeelValue, { name, span }: { name: string; span: Span }): null {
  // A missing name has already left its own warning.
  return value === null
    ? run.warnAt(span, 'FEEL_FUNCTION_NOT_FOUND', { name })
    : run.warnAt(span, 'FEEL_NOT_A_FUNCTION', { value: shown(value) });
}

function callUserFunction(run: Run, callee: FeelFunction, values: ReadonlyMap<string, FeelValue>): FeelValue {
  const byName = new Map([...values].map(([name, value]) => [normaliseName(name), value]));
  const unknown = [...byName.keys()].filter(
    (name) => !callee.parameters.some((parameter) => normaliseName(parameter.name) === name),
  );
  if (unknown.length > 0 || byName.size !== callee.parameters.length) {
    return run.warn('FEEL_UNKNOWN_PARAMETER', { name: callee.name, found: [...values.keys()].join(', ') });
  }
  return run.call(
    callee,
    callee.parameters.map((parameter) => byName.get(normaliseName(parameter.name)) ?? null),
  );
}

export function compileFunctionDefinition(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const children = childrenOf(node);
  const declared = childrenOf(children.find((child) => child.name === 'FormalParameters') ?? node)
    .filter((child) => child.name === 'FormalParameter')
    .map((child) => parameterOf(unit, child));
  if (children.some((child) => child.name === 'external')) return compileExternal(declared);
  const inner = declared.reduce<Scope | null>((parent, { name }) => ({ kind: 'name', name, parent }), scope);
  const bodyNode = children.find((child) => child.name === 'FunctionBody');
  const body = compileChild(unit, bodyNode === undefined ? undefined : childrenOf(bodyNode)[0], inner);
  const parameters = declared.map(({ name, type }) => feelParameter(name, type));
  const signature = { parameters: declared.map(({ type }) => type), result: null };
  return (_run, frame) => userFunction({ name: 'function', parameters, signature, body, frame });
}

interface Declared {
  readonly name: string;
  readonly type: FeelType | null;
}

function parameterOf(unit: Unit, node: SyntaxNode): Declared {
  const [nameNode, typeNode] = childrenOf(node);
  const name = nameNode === undefined ? '' : plainName(sourceOf(unit, nameNode));
  return { name, type: typeNode === undefined ? null : compileType(unit, typeNode) };
}

export const feelParameter = (name: string, type: FeelType | null): FeelParameter => ({
  name,
  accepts: type === null ? null : (value) => conform(value, type),
});

export interface UserFunction {
  readonly name: string;
  readonly parameters: readonly FeelParameter[];
  readonly signature: { readonly parameters: readonly (FeelType | null)[]; readonly result: FeelType | null };
  readonly body: Eval;
  readonly frame: Frame | null;
}

export function userFunction({ name, parameters, signature, body, frame }: UserFunction): FeelFunction {
  return new FeelFunction({
    name,
    parameters,
    signature,
    apply: (args, functionRun) => {
      if (args.length !== parameters.length) {
        const values = { name, expected: String(parameters.length), found: String(args.length) };
        return functionRun.warn('FEEL_WRONG_ARGUMENT_COUNT', values);
      }
      let inner = frame;
      for (const [index, parameter] of parameters.entries()) {
        const given = args[index] ?? null;
        const value = parameter.accepts === null ? given : parameter.accepts(given);
        if (value === undefined) {
          const foundType = given === null ? '' : kindOf(given);
          const values = { name, parameter: parameter.name, expected: 'of its type', foundType, found: shown(given) };
          return functionRun.warn('FEEL_WRONG_ARGUMENT', values);
        }
        inner = { parent: inner, value };
      }
      return functionRun instanceof Run ? body(functionRun, inner) : null;
    },
  });
}

/** The standard lets a model name Java or PMML code; there is none here. */
function compileExternal(declared: readonly Declared[]): Eval {
  const value = new FeelFunction({
    name: 'external function',
    parameters: declared.map(({ name, type }) => feelParameter(name, type)),
    apply: (_args, run) => run.warn('FEEL_EXTERNAL_FUNCTION'),
  });
  return () => value;
}
