// Boxed expression → closure. Each kind of box is one function; FEEL text inside a box goes through `feel.ts`. A type that
// an expression, an entry or a parameter declares is enforced where the value is made: it is converted as the standard
// says, and becomes null with a warning when it cannot be.

import type {
  Conditional,
  ContextExpression,
  Expression,
  Filter,
  FunctionDefinition,
  Invocation,
  Iterator,
  ListExpression,
  LiteralExpression,
  Place,
  RelationExpression,
} from '../model/definitions.ts';
import type { Frame } from '../evaluate/run.ts';
import { type Evaluate, inCall, type Run, warn } from '../evaluate/run.ts';
import { callByName, contextOf, functionOf, iterateList, filterList, type Value } from '../feel.ts';
import { compileTable } from './compile-table.ts';
import { coerceOrWarn, type Compiled, compileText, enforceType, type Scope } from './scope.ts';
import type { DmnType } from './types.ts';

export function compileExpression(expression: Expression | null, scope: Scope): Compiled {
  if (expression === null) return { evaluate: () => null, type: scope.types.any };
  const compiled = compileBox(expression, scope);
  return expression.typeRef === null ? compiled : enforceType(compiled, expression.typeRef, expression.place, scope);
}

function compileBox(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'literal':
      return compileLiteral(expression, scope);
    case 'context':
      return compileContext(expression, scope);
    case 'list':
      return compileList(expression, scope);
    case 'relation':
      return compileRelation(expression, scope);
    case 'function':
      return compileFunction(expression, scope);
    case 'invocation':
      return compileInvocation(expression, scope);
    case 'conditional':
      return compileConditional(expression, scope);
    case 'filter':
      return compileFilter(expression, scope);
    case 'for':
    case 'some':
    case 'every':
      return compileIterator(expression, scope);
    case 'table':
      return compileTable(expression, scope);
  }
}

function compileLiteral(expression: LiteralExpression, scope: Scope): Compiled {
  if (expression.text === null) return { evaluate: () => null, type: scope.types.any };
  return compileText(expression.text, scope);
}

/** Entries see the entries before them; an entry without a name is the result of the whole. */
function compileContext({ entries, place }: ContextExpression, scope: Scope): Compiled {
  let names = scope.names;
  const steps: { readonly name: string | null; readonly evaluate: Evaluate }[] = [];
  const known: [string, DmnType][] = [];
  let resultType: DmnType | null = null;
  let hasTwins = false;
  for (const { variable, expression, place: entryPlace } of entries) {
    const inner = { names, types: scope.types };
    const value = compileExpression(expression, inner);
    if (variable === null) {
      steps.push({ name: null, evaluate: value.evaluate });
      resultType = value.type;
      continue;
    }
    const typed = variable.typeRef === null ? value : enforceType(value, variable.typeRef, variable.place, inner);
    if (known.some(([name]) => name === variable.name)) {
      hasTwins = true;
      scope.types.file.diagnostics.warning(
        'unique-ids',
        entryPlace,
        `The entry '${variable.name}' stands twice: the context is null.`,
      );
    }
    steps.push({ name: variable.name, evaluate: typed.evaluate });
    known.push([variable.name, typed.type]);
    names = names.with([[variable.name, typed.type.feel]]);
  }
  const type = resultType ?? scope.types.contextOf(known);
  if (hasTwins)
    return {
      type,
      evaluate: (frame) => (
        warn(frame.run, { rule: 'feel', elementId: place.id, message: 'A context has two entries of one name.' }),
        null
      ),
    };
  return { type, evaluate: (frame) => evaluateContext(steps, frame) };
}

function evaluateContext(steps: readonly { name: string | null; evaluate: Evaluate }[], outer: Frame): Value {
  const frame = outer.with([]);
  const entries: [string, Value][] = [];
  for (const { name, evaluate } of steps) {
    const value = evaluate(frame);
    if (name === null) return value;
    frame.set(name, value);
    entries.push([name, value]);
  }
  return contextOf(entries);
}

function compileList({ items }: ListExpression, scope: Scope): Compiled {
  const compiled = items.map((item) => compileExpression(item, scope));
  const type = scope.types.listOf(compiled[0]?.type ?? scope.types.any);
  return { type, evaluate: (frame) => compiled.map(({ evaluate }) => evaluate(frame)) };
}

function compileRelation({ columns, rows }: RelationExpression, scope: Scope): Compiled {
  const compiled = rows.map((row) =>
    columns.map((column, index): readonly [string, Evaluate] => {
      const cell = compileExpression(row[index] ?? null, scope);
      const typed = column.typeRef === null ? cell : enforceType(cell, column.typeRef, column.place, scope);
      return [column.name, typed.evaluate];
    }),
  );
  const rowType = scope.types.contextOf(
    columns.map((column) => [column.name, scope.types.resolveOptional(column.typeRef, column.place)]),
  );
  return {
    type: scope.types.listOf(rowType),
    evaluate: (frame) =>
      compiled.map((row) => contextOf(row.map(([name, evaluate]): [string, Value] => [name, evaluate(frame)]))),
  };
}

export interface FunctionShape {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: DmnType }[];
  readonly result: DmnType;
  readonly place: Place;
}

/** A function value: wrong types mean that it is not invoked and answers null (DMN 1.4, 10.3.2.13.2). */
export function makeFunction(shape: FunctionShape, run: Run, body: (values: readonly Value[]) => Value): Value {
  const { name, parameters, result, place } = shape;
  return functionOf({
    name,
    parameters: parameters.map((parameter) => ({ name: parameter.name, type: parameter.type.feel })),
    result: result.feel,
    invoke: (values) => {
      const coerced: Value[] = [];
      for (const [index, parameter] of parameters.entries()) {
        const value = parameter.type.coerce(values[index] ?? null);
        if (value === undefined) {
          const message = `'${name}' was not called: the argument '${parameter.name}' is not ${parameter.type.name}.`;
          warn(run, { rule: 'type-mismatch', elementId: place.id, message });
          return null;
        }
        coerced.push(value);
      }
      return inCall(run, name, () => coerceOrWarn(run, result, body(coerced), place));
    },
  });
}

export function compileFunction(definition: FunctionDefinition, scope: Scope): Compiled {
  const { parameters, language, place } = definition;
  const typed = parameters.map(({ name, typeRef, place: at }) => ({
    name,
    type: scope.types.resolveOptional(typeRef, at),
  }));
  if (language !== 'FEEL') {
    const message = `A function in ${language} is not executed here: calling it gives null.`;
    scope.types.file.diagnostics.warning('supported-expression', place, message);
  }
  const names = scope.names.with(typed.map(({ name, type }) => [name, type.feel]));
  const body = language === 'FEEL' ? compileExpression(definition.body, { names, types: scope.types }) : null;
  const result = body?.type ?? scope.types.any;
  const shape: FunctionShape = { name: 'function', parameters: typed, result: scope.types.any, place };
  return {
    type: scope.types.functionOf(
      typed.map(({ name, type }) => ({ name, type })),
      result,
    ),
    evaluate: (frame) =>
      makeFunction(shape, frame.run, (values) => {
        if (body === null) return refuseForeign(frame.run, place, language);
        return body.evaluate(frame.with(typed.map(({ name }, index) => [name, values[index] ?? null])));
      }),
  };
}

function refuseForeign(run: Run, place: Place, language: string): null {
  warn(run, { rule: 'not-supported', elementId: place.id, message: `Functions in ${language} are not executed here.` });
  return null;
}

function compileInvocation({ callee, bindings, place }: Invocation, scope: Scope): Compiled {
  const target = compileExpression(callee, scope);
  const compiled = bindings.map(({ parameter, expression }) => ({
    name: parameter.name,
    evaluate: (parameter.typeRef === null
      ? compileExpression(expression, scope)
      : enforceType(compileExpression(expression, scope), parameter.typeRef, parameter.place, scope)
    ).evaluate,
  }));
  return {
    type: scope.types.resultOf(target.type),
    evaluate: (frame) => {
      const called = target.evaluate(frame);
      const named = new Map(compiled.map(({ name, evaluate }) => [name, evaluate(frame)]));
      const result = callByName(called, named, frame);
      if (result.ok) return result.value;
      warn(frame.run, { rule: 'feel', elementId: place.id, message: result.error });
      return null;
    },
  };
}

function compileConditional({ condition, consequence, alternative }: Conditional, scope: Scope): Compiled {
  const test = compileExpression(condition, scope).evaluate;
  const [yes, no] = [compileExpression(consequence, scope), compileExpression(alternative, scope)];
  return {
    type: yes.type,
    evaluate: (frame) => (test(frame) === true ? yes.evaluate(frame) : no.evaluate(frame)),
  };
}

/** As the FEEL filter: `item` and, of context items, their entries are in scope of the match. */
function compileFilter({ list, match }: Filter, scope: Scope): Compiled {
  const source = compileExpression(list, scope);
  const item = scope.types.itemOf(source.type);
  const names = scope.names.with([...scope.types.entriesOf(item), ['item', item.feel]]);
  const test = compileExpression(match, { names, types: scope.types }).evaluate;
  return {
    type: scope.types.any,
    evaluate: (frame) => filterList(source.evaluate(frame), (entries) => test(frame.with(entries))),
  };
}

function compileIterator({ kind, variable, list, body }: Iterator, scope: Scope): Compiled {
  const source = compileExpression(list, scope);
  const names = scope.names.with([
    [variable, scope.types.itemOf(source.type).feel],
    ['partial', scope.types.listOf(scope.types.any).feel],
  ]);
  const inner = compileExpression(body, { names, types: scope.types });
  const readsPartial = JSON.stringify(body).includes('partial');
  const type = kind === 'for' ? scope.types.listOf(inner.type) : scope.types.boolean;
  return {
    type,
    evaluate: (frame) => {
      const items = iterateList(source.evaluate(frame), frame);
      if (items === null) return null;
      if (kind !== 'for') return quantify(kind, items, (item) => inner.evaluate(frame.with([[variable, item]])));
      const partial: Value[] = [];
      for (const item of items) {
        // A copy, so that a result which keeps it does not hold the list that it is an item of; only where it is read.
        const soFar: Value = readsPartial ? [...partial] : null;
        partial.push(
          inner.evaluate(
            frame.with([
              [variable, item],
              ['partial', soFar],
            ]),
          ),
        );
      }
      return partial;
    },
  };
}

/** Three-valued: one decisive answer wins, otherwise anything but a boolean makes the whole null. */
function quantify(kind: 'some' | 'every', items: readonly Value[], test: (item: Value) => Value): Value {
  const decisive = kind === 'some';
  let isKnown = true;
  for (const item of items) {
    const answer = test(item);
    if (answer === decisive) return decisive;
    if (typeof answer !== 'boolean') isKnown = false;
  }
  return isKnown ? !decisive : null;
}
