// What every part of a model is compiled with: the names and types in scope, FEEL text with its diagnostics, and the rule that
// a declared type is enforced where the value is made.

import type { FeelText, Place } from '../model/definitions.ts';
import { type Evaluate, type Run, warn } from '../evaluate/run.ts';
import { compileFeel, type StaticScope, type Value } from '../feel.ts';
import type { DmnType, TypeTable } from './types.ts';

export interface Scope {
  readonly names: StaticScope;
  readonly types: TypeTable;
}

/** What an expression gives, and what is known of its type before it runs. */
export interface Compiled {
  readonly evaluate: Evaluate;
  readonly type: DmnType;
}

/** The value as the declared type wants it, or null with a warning. */
export function enforceType(compiled: Compiled, typeRef: string, place: Place, scope: Scope): Compiled {
  const type = scope.types.resolve(typeRef, place);
  // A function entry with the type of its result: older files are written so, and the function itself is what is meant.
  const isResultType = compiled.type.shape.kind === 'function' && type.shape.kind !== 'function';
  if (type.isAny || isResultType) return compiled;
  const { evaluate } = compiled;
  return { type, evaluate: (frame) => coerceOrWarn(frame.run, type, evaluate(frame), place) };
}

export function coerceOrWarn(run: Run, type: DmnType, value: Value, place: Place): Value {
  const coerced = type.coerce(value);
  if (coerced !== undefined) return coerced;
  const message = `Expected ${place.element} to give ${type.name}, but the value is of another type or not allowed.`;
  warn(run, { rule: 'type-mismatch', elementId: place.id, message });
  return null;
}

export function compileText(text: FeelText, scope: Scope): Compiled {
  const { file } = scope.types;
  const compiled = compileFeel(text.text, scope.names);
  if (!compiled.ok) {
    const place = { ...text.place, offset: text.place.offset + compiled.error.offset };
    file.diagnostics.error('readable-feel', place, compiled.error.message);
    return { evaluate: () => null, type: scope.types.any };
  }
  const { evaluate, unknownNames } = compiled.value;
  // A file without inputs is given the variables of a process, whatever they are called.
  for (const { name, offset } of file.definitions.inputs.length === 0 ? [] : unknownNames) {
    const place = { ...text.place, offset: text.place.offset + offset };
    file.diagnostics.warning('known-name', place, `'${name}' is neither an input, a requirement nor a function.`);
  }
  return { evaluate, type: scope.types.any };
}
