// FEEL, the expression language of DMN 1.5, as a component: texts are compiled once to closures and cached, evaluation
// never throws for what a model says (null and warnings instead), and the same arguments give the same value. Nothing
// here touches Node, so the designer uses it as well. docs/feel.md says what is supported.

import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { compileExpressionText, compileUnaryTestsText } from './compile/expression.ts';
import type { CompiledUnit, CompileOptions } from './compile/expression.ts';
import type { Test } from './compile/membership.ts';
import type { EvaluationOptions, FeelScope } from './compile/run.ts';
import { EvaluationStopped, Run } from './compile/run.ts';
import type { Eval } from './compile/unit.ts';
import type { FeelDiagnostic, FeelWarning, Span } from './diagnostics.ts';
import type { FeelFunction as FeelFunctionType, FeelValue } from './values.ts';

export interface FeelResult {
  readonly value: FeelValue;
  readonly warnings: readonly FeelWarning[];
  /** Set when the evaluation was ended from inside: `assert` failed, or a limit was reached. The value is null then. */
  readonly failure: FeelWarning | null;
}

export interface CompiledExpression {
  readonly text: string;
  /** Names that the text reads from its scope, with the place where each stands first. */
  readonly reads: ReadonlyMap<string, Span>;
  readonly evaluate: (scope: FeelScope, options?: EvaluationOptions) => FeelResult;
}

export interface CompiledUnaryTests {
  readonly text: string;
  readonly reads: ReadonlyMap<string, Span>;
  /** Whether the input passes: true, false, or null where the test says nothing about such an input. */
  readonly test: (input: FeelValue, scope: FeelScope, options?: EvaluationOptions) => FeelResult;
}

const NO_WARNINGS: readonly FeelWarning[] = [];

function runWith(run: Run, compute: (run: Run) => FeelValue): FeelResult {
  try {
    const value = compute(run);
    return { value, warnings: run.warnings ?? NO_WARNINGS, failure: null };
  } catch (error) {
    return { value: null, warnings: run.warnings ?? NO_WARNINGS, failure: failureOf(error, run) };
  }
}

function failureOf(error: unknown, run: Run): FeelWarning {
  if (error instanceof EvaluationStopped) return { code: error.code, values: error.values, ...run.position };
  // The engine's own stack ends before the depth limit when frames are large; both mean recursion without end.
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return { code: 'FEEL_LIMIT_DEPTH', values: { limit: String(run.limits.depth) }, ...run.position };
  }
  throw error;
}

function expressionOf(text: string, { evaluate, reads }: CompiledUnit<Eval>): CompiledExpression {
  const compute = (run: Run): FeelValue => evaluate(run, null);
  return { text, reads, evaluate: (scope, options) => runWith(new Run(scope, options), compute) };
}

function unaryTestsOf(text: string, { evaluate, reads }: CompiledUnit<Test>): CompiledUnaryTests {
  return {
    text,
    reads,
    test: (input, scope, options) => runWith(new Run(scope, options), (run) => evaluate(run, null, input)),
  };
}

/** Model texts are few; the bound only guards against a client that deploys generated expressions for ever. */
const MAX_CACHED = 20_000;

type Cached<T> = Result<T, readonly FeelDiagnostic[]>;

/** One cache per set of names (by identity), because names change what a text means. */
class CompileCache<T> {
  private readonly byNames = new WeakMap<object, Map<string, Cached<T>>>();

  find(text: string, options: CompileOptions, compile: () => Cached<T>): Cached<T> {
    const names = options.names ?? NO_NAMES;
    const known = this.byNames.get(names) ?? new Map<string, Cached<T>>();
    this.byNames.set(names, known);
    const key = `${options.dialect ?? 'dmn'} ${text}`;
    const found = options.resolveType === undefined ? known.get(key) : undefined;
    if (found !== undefined) return found;
    const compiled = compile();
    if (known.size >= MAX_CACHED) known.clear();
    if (options.resolveType === undefined) known.set(key, compiled);
    return compiled;
  }
}

const NO_NAMES = {};
const expressions = new CompileCache<CompiledExpression>();
const unaryTests = new CompileCache<CompiledUnaryTests>();

/** Hand in the same `names` object again and again: the cache goes by its identity. */
export function compileExpression(text: string, options: CompileOptions = {}): Cached<CompiledExpression> {
  return expressions.find(text, options, () => {
    const compiled = compileExpressionText(text, options);
    return compiled.ok ? ok(expressionOf(text, compiled.value)) : err(compiled.error);
  });
}

/** The cell of a decision table, or the allowed values of a type: `-`, `> 5, < 3`, `not("a")`, `starts with(?, "a")`. */
export function compileUnaryTests(text: string, options: CompileOptions = {}): Cached<CompiledUnaryTests> {
  return unaryTests.find(text, options, () => {
    const compiled = compileUnaryTestsText(text, options);
    return compiled.ok ? ok(unaryTestsOf(text, compiled.value)) : err(compiled.error);
  });
}

const NO_SCOPE: FeelScope = { find: () => undefined };

/**
 * Calls a function value from outside of FEEL, by name: a parameter that is not named is null, and a name that no
 * parameter has makes the call null with a warning.
 */
export function callFunction(
  target: FeelFunctionType,
  args: ReadonlyMap<string, FeelValue>,
  options?: EvaluationOptions,
): FeelResult {
  return runWith(new Run(NO_SCOPE, options), (run) => {
    if (target.applyNamed !== undefined) return run.callNamed(target, args);
    const names = target.parameters.map(({ name }) => name);
    if ([...args.keys()].some((name) => !names.includes(name))) {
      return run.warn('FEEL_UNKNOWN_PARAMETER', { name: target.name, found: [...args.keys()].join(', ') });
    }
    return run.call(
      target,
      names.map((name) => args.get(name) ?? null),
    );
  });
}

/** A scope over one context. */
export const scopeOf = (context: Readonly<Record<string, FeelValue>>): FeelScope => ({
  find: (name) => (Object.hasOwn(context, name) ? context[name] : undefined),
});

export { analyse } from './analyse.ts';
export type { Analysis, AnalysisOptions } from './analyse.ts';
export type { FeelFinding, LocalName, NameRead } from './analyse/inquiry.ts';
export type { CompileOptions } from './compile/expression.ts';
export type { Dialect, FeelNames } from './compile/parse.ts';
export type { EvaluationOptions, FeelLimits, FeelScope } from './compile/run.ts';
export { DEFAULT_LIMITS } from './compile/run.ts';
export { compare, equals, isInRange, isSame } from './comparison.ts';
export type { FeelDiagnostic, FeelLanguage, FeelWarning, Span } from './diagnostics.ts';
export { MESSAGE_CODES, messageOf } from './diagnostics.ts';
export { builtInFunctions } from './functions/index.ts';
export { fromJson, toJson } from './json.ts';
export type { FeelNumber } from './numbers.ts';
export { add, compareNumbers, FeelDecimal, numberText, parseNumber } from './numbers.ts';
export { parseDate, parseDateTime, parseDuration, parseTemporal, parseTime } from './temporal/parse.ts';
export { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal/values.ts';
export { literalOf, shown, textOf } from './text.ts';
export type { FeelType, SimpleTypeName } from './type-model.ts';
export {
  ANY,
  commonType,
  conform,
  conformsTo,
  findBuiltInType,
  isInstanceOf,
  isSubtype,
  typeOf,
  typeText,
} from './types.ts';
export type {
  FeelContext,
  FeelDuration,
  FeelKind,
  FeelList,
  FeelParameter,
  FeelTemporal,
  FeelValue,
  FunctionRun,
  FunctionSignature,
} from './values.ts';
export {
  FeelFunction,
  FeelRange,
  isContext,
  isDuration,
  isList,
  isNumber,
  isTemporal,
  kindOf,
  memberOf,
} from './values.ts';
