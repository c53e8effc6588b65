// The engine's door to FEEL: expressions of a process, in the dialect of its models, over the variables in scope and
// the clock of the step. Compiled forms are cached by feel/index.ts; that is memory of a pure function, not state.

import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import { millisOf } from '../../shared/time.ts';
import type { FeelDiagnostic, FeelValue } from './feel/index.ts';
import { compileExpression, messageOf } from './feel/index.ts';
import type { EvaluationContext } from './scope.ts';

export interface Evaluated {
  readonly value: FeelValue;
  /** Why parts of the expression were null; goes into the message of an incident. */
  readonly warnings: readonly string[];
}

/** Camunda's grammar: names with blanks or operators are written in backticks. */
const OPTIONS = { dialect: 'camunda' } as const;

/** null when the text is FEEL, else what is wrong with it and where. */
export function checkSyntax(expression: string): string | null {
  const compiled = compileExpression(expression, OPTIONS);
  return compiled.ok ? null : describe(compiled.error);
}

/** A line is only named when there are several. */
function describe(diagnostics: readonly FeelDiagnostic[]): string {
  const [first] = diagnostics;
  if (first === undefined) return 'the expression is not readable';
  const place = first.line === 1 ? `character ${first.column}` : `line ${first.line}, character ${first.column}`;
  const hint = first.hint === null ? '' : ` (${messageOf({ code: first.hint, values: {} })})`;
  return `${messageOf(first)} at ${place}${hint}`;
}

/** The error is a text for people: the expression failed (`assert`, a limit), or it is not FEEL at all. */
export function evaluateFeel(expression: string, context: EvaluationContext): Result<Evaluated, string> {
  const compiled = compileExpression(expression, OPTIONS);
  if (!compiled.ok) return err(describe(compiled.error));
  const { value, warnings, failure } = compiled.value.evaluate(context.scope, { nowMs: millisOf(context.now) });
  if (failure !== null) return err(messageOf(failure));
  return ok({ value, warnings: warnings.map((warning) => messageOf(warning)) });
}
