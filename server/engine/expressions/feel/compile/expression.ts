// The table from syntax nodes to compilers. A new kind of node is one row here and one function in this folder.

import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { FeelDiagnostic, Span } from '../diagnostics.ts';
import { compileFunctionDefinition, compileInvocation } from './calls.ts';
import { compileContext, compileFilter, compileList } from './collections.ts';
import { compileFor, compileIf, compileQuantified } from './control.ts';
import { compileAtLiteral, compileNumber, compileString } from './literals.ts';
import { anyOf, compileTest } from './membership.ts';
import type { Test } from './membership.ts';
import { compilePath, compileName, compileVariable } from './names.ts';
import {
  compileArithmetic,
  compileComparison,
  compileConjunction,
  compileDisjunction,
  compileInterval,
  compileTestValue,
} from './operators.ts';
import { parseText } from './parse.ts';
import type { Dialect, FeelNames, Grammar, SyntaxNode } from './parse.ts';
import { readPlainCell } from './plain-cells.ts';
import { compileInstanceOf } from './type-nodes.ts';
import type { Eval, ResolveType, Scope, Unit } from './unit.ts';
import { childrenOf, compileChild, constant, INPUT_NAME, reject, sourceOf, spanOf } from './unit.ts';

type Compiler = (unit: Unit, node: SyntaxNode, scope: Scope | null) => Eval;

const COMPILERS: Readonly<Record<string, Compiler>> = {
  null: (unit) => constant(unit, null),
  BooleanLiteral: (unit, node) => constant(unit, sourceOf(unit, node) === 'true'),
  NumericLiteral: compileNumber,
  StringLiteral: compileString,
  DateTimeLiteral: compileDateTimeLiteral,
  VariableName: compileVariable,
  [INPUT_NAME]: (unit, node, scope) => compileName(unit, INPUT_NAME, { scope, span: spanOf(node) }),
  PathExpression: compilePath,
  ParenthesizedExpression: (unit, node, scope) => compileChild(unit, childrenOf(node)[1], scope),
  ArithmeticExpression: compileArithmetic,
  Comparison: compileComparison,
  Conjunction: compileConjunction,
  Disjunction: compileDisjunction,
  SimplePositiveUnaryTest: compileTestValue,
  Interval: compileInterval,
  InstanceOfExpression: compileInstanceOf,
  IfExpression: compileIf,
  ForExpression: compileFor,
  QuantifiedExpression: compileQuantified,
  List: compileList,
  Context: compileContext,
  FilterExpression: compileFilter,
  FunctionInvocation: compileInvocation,
  FunctionDefinition: compileFunctionDefinition,
};

/** `@"…"`, or a call such as `date("…")`, which the grammar sets apart from other calls. */
function compileDateTimeLiteral(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const [first] = childrenOf(node);
  return first?.name === 'AtLiteral' ? compileAtLiteral(unit, first) : compileInvocation(unit, node, scope);
}

function compileNode(unit: Unit, node: SyntaxNode, scope: Scope | null): Eval {
  const compile = COMPILERS[node.name];
  if (compile !== undefined) return compile(unit, node, scope);
  reject(unit, node, 'FEEL_SYNTAX_UNEXPECTED', { found: sourceOf(unit, node) });
  return () => null;
}

export interface CompileOptions {
  readonly names?: FeelNames;
  readonly dialect?: Dialect;
  readonly resolveType?: ResolveType;
}

const NO_NAMES: FeelNames = {};
const NO_TYPES: ResolveType = () => undefined;

export interface CompiledUnit<T> {
  readonly evaluate: T;
  readonly reads: ReadonlyMap<string, Span>;
}

const NO_READS: ReadonlyMap<string, Span> = new Map();

type Compilation<T> = Result<CompiledUnit<T>, readonly FeelDiagnostic[]>;

export function begin(text: string, options: CompileOptions): Unit {
  const unit: Unit = {
    text,
    names: options.names ?? NO_NAMES,
    dialect: options.dialect ?? 'dmn',
    resolveType: options.resolveType ?? NO_TYPES,
    diagnostics: [],
    reads: new Map(),
    constants: new WeakMap(),
    compile: (node, scope) => compileNode(unit, node, scope),
  };
  return unit;
}

const parseIn = (unit: Unit, grammar: Grammar) =>
  parseText(unit.text, { names: unit.names, dialect: unit.dialect, grammar });

export function compileExpressionText(text: string, options: CompileOptions): Compilation<Eval> {
  const unit = begin(text, options);
  const root = parseIn(unit, 'Expression');
  if (!root.ok) return root;
  // Expressions of decision tables name the input of their column with `?` as well.
  const evaluate = compileChild(unit, childrenOf(root.value)[0], null);
  return finish(unit, evaluate);
}

export function compileUnaryTestsText(text: string, options: CompileOptions): Compilation<Test> {
  const plain = readPlainCell(text);
  if (plain !== null) return ok({ evaluate: plain, reads: NO_READS });
  const unit = begin(text, options);
  const root = parseIn(unit, 'UnaryTests');
  if (!root.ok) return root;
  return finish(unit, compileTests(unit, root.value));
}

const finish = <T>(unit: Unit, evaluate: T): Compilation<T> =>
  unit.diagnostics.length > 0 ? err(unit.diagnostics) : ok({ evaluate, reads: unit.reads });

function compileTests(unit: Unit, root: SyntaxNode): Test {
  const children = childrenOf(root);
  const [first] = children;
  if (first === undefined || first.name === 'Wildcard') return () => true;
  const list = children.find((child) => child.name === 'PositiveUnaryTests');
  const tests = (list === undefined ? [] : childrenOf(list))
    .filter((child) => child.name === 'PositiveUnaryTest')
    .map((child) => compileTest(unit, child, null));
  const any = anyOf(tests);
  if (first.name !== 'not') return any;
  return (run, frame, value) => {
    const passed = any(run, frame, value);
    return passed === null ? null : !passed;
  };
}
