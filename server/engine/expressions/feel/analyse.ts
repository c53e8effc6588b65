// What an editor wants to know of a text before it runs: the type of its result, the names it reads and where, unknown
// names with the nearest known one, and operations that can have no result. Pure and bounded; nothing is evaluated.

import { inferCall, inferFunction } from './analyse/infer-calls.ts';
import { inferName, inferPath } from './analyse/infer-names.ts';
import {
  BOOLEAN,
  inferArithmetic,
  inferComparison,
  inferLogic,
  inferRange,
  inferTests,
} from './analyse/infer-operators.ts';
import {
  inferContext,
  inferFilter,
  inferFor,
  inferIf,
  inferList,
  inferQuantified,
} from './analyse/infer-structures.ts';
import type { FeelFinding, Inquiry, LocalName, NameRead, TypedScope } from './analyse/inquiry.ts';
import { findLocal } from './analyse/inquiry.ts';
import { begin, compileExpressionText, compileUnaryTestsText } from './compile/expression.ts';
import type { CompileOptions } from './compile/expression.ts';
import { parseText } from './compile/parse.ts';
import type { SyntaxNode } from './compile/parse.ts';
import { childrenOf, INPUT_NAME, sourceOf } from './compile/unit.ts';
import { readString } from './escapes.ts';
import { parseTemporal } from './temporal/parse.ts';
import { ANY, typeOf } from './types.ts';
import type { FeelType } from './type-model.ts';

export interface AnalysisOptions extends CompileOptions {
  /** `names` are all there are: every other name is a finding. Otherwise it may come from somewhere else. */
  readonly isClosed?: boolean;
  /** The text is a cell of a decision table, or `in` of one; the input has this type. */
  readonly input?: FeelType;
}

export interface Analysis {
  /** `Any` when nothing can be said. Every type includes null. */
  readonly type: FeelType;
  /** In the order of the text. */
  readonly reads: readonly NameRead[];
  /** Names that the text makes itself, with the part of the text in which each is visible: for completion. */
  readonly locals: readonly LocalName[];
  /** In the order of the text. */
  readonly findings: readonly FeelFinding[];
}

type Infer = (inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null) => FeelType;

const INFER: Readonly<Record<string, Infer>> = {
  null: () => ({ kind: 'null' }),
  BooleanLiteral: () => BOOLEAN,
  NumericLiteral: () => ({ kind: 'number' }),
  StringLiteral: () => ({ kind: 'string' }),
  DateTimeLiteral: inferDateTimeLiteral,
  VariableName: inferName,
  [INPUT_NAME]: inferInput,
  PathExpression: inferPath,
  ParenthesizedExpression: (inquiry, node, scope) => inquiry.infer(childrenOf(node)[1], scope),
  ArithmeticExpression: inferArithmetic,
  Comparison: inferComparison,
  Conjunction: inferLogic,
  Disjunction: inferLogic,
  SimplePositiveUnaryTest: inferRange,
  Interval: inferRange,
  InstanceOfExpression: inferInstanceOf,
  IfExpression: inferIf,
  ForExpression: inferFor,
  QuantifiedExpression: inferQuantified,
  List: inferList,
  Context: inferContext,
  FilterExpression: inferFilter,
  FunctionInvocation: inferCall,
  FunctionDefinition: inferFunction,
};

function inferDateTimeLiteral(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  const [first] = childrenOf(node);
  if (first?.name !== 'AtLiteral') return inferCall(inquiry, node, scope);
  const string = childrenOf(first).at(-1);
  const value = parseTemporal(string === undefined ? '' : (readString(sourceOf(inquiry.unit, string)) ?? ''));
  return value === null ? ANY : typeOf(value);
}

function inferInput(_inquiry: Inquiry, _node: SyntaxNode, scope: TypedScope | null): FeelType {
  const found = findLocal(scope, INPUT_NAME);
  return found.isLocal ? found.type : ANY;
}

function inferInstanceOf(inquiry: Inquiry, node: SyntaxNode, scope: TypedScope | null): FeelType {
  inquiry.infer(childrenOf(node)[0], scope);
  return BOOLEAN;
}

const failed = (findings: readonly FeelFinding[]): Analysis => ({ type: ANY, reads: [], locals: [], findings });

export function analyse(text: string, options: AnalysisOptions = {}): Analysis {
  const isCell = options.input !== undefined;
  const compiled = isCell ? compileUnaryTestsText(text, options) : compileExpressionText(text, options);
  if (!compiled.ok) {
    return failed(compiled.error.map((fault) => ({ ...fault, severity: 'error', suggestion: null })));
  }
  const unit = begin(text, options);
  const grammar = isCell ? 'UnaryTests' : 'Expression';
  const root = parseText(text, { names: unit.names, dialect: unit.dialect, grammar });
  // The compiler has just read the same text.
  if (!root.ok) return failed(root.error.map((fault) => ({ ...fault, severity: 'error', suggestion: null })));
  const inquiry: Inquiry = {
    unit,
    isClosed: options.isClosed ?? false,
    reads: [],
    locals: [],
    findings: [],
    infer: (node, scope) => (node === undefined ? ANY : (INFER[node.name]?.(inquiry, node, scope) ?? ANY)),
  };
  const type = isCell ? inferCell(inquiry, root.value, options.input ?? ANY) : inferWhole(inquiry, root.value);
  const byPlace = (a: { readonly from: number }, b: { readonly from: number }): number => a.from - b.from;
  return {
    type,
    reads: inquiry.reads.toSorted(byPlace),
    locals: inquiry.locals.toSorted(byPlace),
    findings: inquiry.findings.toSorted(byPlace),
  };
}

const inferWhole = (inquiry: Inquiry, root: SyntaxNode): FeelType => inquiry.infer(childrenOf(root)[0], null);

function inferCell(inquiry: Inquiry, root: SyntaxNode, input: FeelType): FeelType {
  for (const child of childrenOf(root)) inferTests(inquiry, child, { scope: null, input });
  return BOOLEAN;
}
