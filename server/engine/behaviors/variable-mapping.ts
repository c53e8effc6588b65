// Input and output mappings (docs/engine-questions.md, "Variables"). All or nothing: the first failure of a mapping
// leaves no variable behind, so that repeating the phase starts from the same values.

import type { Key } from '../../shared/ids.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { Failure } from '../expressions/extract.ts';
import { extractJson } from '../expressions/extract.ts';
import { overlay, ownValue } from '../expressions/scope.ts';
import type { EvaluationContext, Scope } from '../expressions/scope.ts';
import { propagate, scopeAt } from '../state/variables.ts';
import { contextAt, emit } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, FlowElement, Json, Mapping, Variables } from '../types.ts';

/** Local variables that the input mappings make. */
export const mapInputs = (element: FlowElement, context: EvaluationContext): Result<Variables, Failure> =>
  evaluateMappings(element.inputs, context, () => undefined);

/** Variables that the output mappings send outwards; null when there are no output mappings. */
export function mapOutputs(
  step: Step,
  element: FlowElement,
  instance: ElementInstance,
): Result<Variables | null, Failure> {
  if (element.outputs.length === 0) return ok(null);
  const outside = scopeAt(step.process, step.draft, outputScope(instance));
  return evaluateMappings(element.outputs, contextAt(step, instance.key), outside.find);
}

/** Outputs leave the element; those of one inner instance stay visible to its `outputElement`. */
export const outputScope = (instance: ElementInstance): Key =>
  instance.loopCounter === null ? instance.scopeKey : instance.key;

export function setVariables(step: Step, scopeKey: Key, variables: Variables): void {
  if (Object.keys(variables).length > 0) emit(step, { type: 'variables-set', scopeKey, variables });
}

/** Each variable goes to the nearest scope, from the given one upwards, that has its name; else to the root. */
export function propagateVariables(step: Step, fromScopeKey: Key, variables: Variables): void {
  for (const target of propagate(step.draft, fromScopeKey, variables)) {
    setVariables(step, target.scopeKey, target.variables);
  }
}

/** `existing` is what a nested target such as `a.b` extends, when no earlier mapping has made `a`. */
function evaluateMappings(
  mappings: readonly Mapping[],
  context: EvaluationContext,
  existing: Scope['find'],
): Result<Variables, Failure> {
  let mapped: Variables = {};
  for (const mapping of mappings) {
    const scope = overlay(context.scope, mapped);
    const value = evaluateSource(mapping, { ...context, scope });
    if (!value.ok) return value;
    const [name, ...path] = mapping.target.split('.');
    if (name === undefined) continue;
    const base = ownValue(mapped, name) ?? (path.length === 0 ? undefined : existing(name));
    mapped = { ...mapped, [name]: putAt(base, path, value.value) };
  }
  return ok(mapped);
}

function evaluateSource(mapping: Mapping, context: EvaluationContext): Result<Json, Failure> {
  if (mapping.source.kind === 'static') return ok(mapping.source.text);
  const value = extractJson(mapping.source.expression, context, 'IO_MAPPING_ERROR');
  if (value.ok) return value;
  return err({ ...value.error, message: `Mapping to '${mapping.target}': ${value.error.message}` });
}

function putAt(base: Json | undefined, path: readonly string[], value: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const isObject = typeof base === 'object' && base !== null && !Array.isArray(base);
  // `readonly Json[]` is not narrowed away by Array.isArray, which the line above has excluded.
  const object = isObject ? (base as Readonly<Record<string, Json>>) : {};
  return { ...object, [name]: putAt(ownValue(object, name), rest, value) };
}
