// One expression over given variables, for people who try it out. Written as in a model: FEEL begins with `=`, anything
// else is static text.

import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Instant } from '../../shared/time.ts';
import type { Json, Variables } from '../types.ts';
import { evaluateFeel } from './feel.ts';
import { toJson } from './feel/json.ts';
import { scopeOfVariables } from './scope.ts';

export interface EvaluatedText {
  readonly result: Json;
  readonly warnings: readonly string[];
}

export function evaluateText(text: string, variables: Variables, now: Instant): Result<EvaluatedText, string> {
  if (!text.startsWith('=')) return ok({ result: text, warnings: [] });
  const evaluated = evaluateFeel(text.slice(1), { scope: scopeOfVariables(variables), now });
  if (!evaluated.ok) return evaluated;
  const json = toJson(evaluated.value.value);
  return json.ok ? ok({ result: json.value, warnings: evaluated.value.warnings }) : err(json.error);
}
