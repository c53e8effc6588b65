// Runs the cases of one test file against our engine: a model, the models beside it that it may import, and per case the
// inputs and the expected results. A model that does not compile fails all of its cases with the reason.

import {
  compileDecisions,
  type DecisionModel,
  type DecisionSource,
  type Evaluation,
} from '../../../server/engine/decisions/index.ts';
import { getEntry, isContext, type Value } from '../../../server/engine/decisions/feel.ts';
import type { ExpectedResult, TestCase, TestCases } from './read-test-cases.ts';
import { areSame, TEST_NOW, toFeel } from './values.ts';

export interface CaseOutcome {
  readonly id: string;
  readonly isPassed: boolean;
  /** Why it failed; '' when it passed. */
  readonly reason: string;
}

export function runCases(cases: TestCases, models: readonly DecisionSource[]): readonly CaseOutcome[] {
  const main = models.find(({ resourceName }) => resourceName === cases.modelName);
  if (main === undefined) return failAll(cases, `there is no model ${cases.modelName}`);
  const compiled = compileDecisions(
    main,
    models.filter((other) => other !== main),
    { isLenient: true },
  );
  if (!compiled.ok) {
    const [first] = compiled.error.filter(({ severity }) => severity === 'error');
    return failAll(cases, `${first?.rule ?? ''} ${first?.line ?? 0}:${first?.column ?? 0} ${first?.message ?? ''}`);
  }
  return cases.cases.map((testCase) => runCase(compiled.value, testCase));
}

const failAll = (cases: TestCases, reason: string): readonly CaseOutcome[] =>
  cases.cases.map(({ id }) => ({ id, isPassed: false, reason }));

function runCase(model: DecisionModel, testCase: TestCase): CaseOutcome {
  try {
    const inputs = new Map(testCase.inputs.map(({ name, value }) => [name, toFeel(value)]));
    const failures = testCase.results.flatMap((result) => checkResult(model, testCase, { inputs, result }));
    return { id: testCase.id, isPassed: failures.length === 0, reason: failures.join('; ') };
  } catch (error) {
    // A fault of the engine must fail its own case and leave the others of a long run their chance.
    return { id: testCase.id, isPassed: false, reason: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
}

interface Check {
  readonly inputs: ReadonlyMap<string, Value>;
  readonly result: ExpectedResult;
}

function checkResult(model: DecisionModel, testCase: TestCase, { inputs, result }: Check): readonly string[] {
  const isDecision = testCase.type === 'decision';
  const decision = isDecision ? result.name : (testCase.invocableName ?? result.name);
  const request = { decision, inputs, now: TEST_NOW };
  const evaluated = isDecision ? model.evaluate(request) : model.invoke(request);
  if (!evaluated.ok) return [`nothing in the model is called '${decision}'`];
  const actual = isDecision ? evaluated.value.value : partOf(evaluated.value.value, result.name);
  // An error has no value in FEEL: whatever else is written beside it, the result must be null.
  const expected = result.isError ? null : toFeel(result.value);
  if (areSame(expected, actual)) return [];
  return [`${result.name}: expected ${show(expected)}, got ${show(actual)}${because(evaluated.value)}`];
}

/** A service with several output decisions answers a context; a result names one of them. */
const partOf = (value: Value, name: string): Value =>
  isContext(value) && getEntry(value, name) !== undefined ? (getEntry(value, name) ?? null) : value;

const show = (value: Value): string => {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' &&
    part !== null &&
    !Array.isArray(part) &&
    Object.getPrototypeOf(part) !== Object.prototype
      ? String(part)
      : part,
  );
  return text === undefined ? 'undefined' : text.slice(0, 200);
};

const because = ({ warnings }: Evaluation): string =>
  warnings.length === 0
    ? ''
    : ` (${warnings
        .map(({ message }) => message)
        .slice(0, 3)
        .join(' | ')
        .slice(0, 300)})`;
