// Decision table → closure. Cells of the usual forms become an index (table/column-index.ts) that finds all rows which can
// match in one step per column; what only FEEL can judge is compiled when it is first asked and checked for the rows that
// are left. Whether a row matches never depends on which of the two ways answered.

import type { DecisionTable, FeelText, InputClause, OutputClause, Place } from '../model/definitions.ts';
import { type Frame, warn } from '../evaluate/run.ts';
import type { MatchedRuleTrace, NamedTraceValue, RefusedRuleTrace, TableTrace } from '../evaluate/trace.ts';
import { compileFeelTests, contextOf, isList, NO_SCOPE, probeOf, type UnaryTests, type Value } from '../feel.ts';
import { acceptsValue, type Cell, readCell, readConstant } from '../table/read-cell.ts';
import { type ColumnIndex, indexColumn } from '../table/column-index.ts';
import { addRow, emptyRowSet, hasRow, type RowSet, visitCommonRows } from '../table/row-set.ts';
import { coerceOrWarn, type Compiled, compileText, type Scope } from './scope.ts';
import { applyHitPolicy, emptyResult, type Matches } from './hit-policies.ts';
import type { DmnType } from './types.ts';

interface InputColumn {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly evaluate: Compiled['evaluate'];
  readonly allowed: UnaryTests | null;
  readonly index: ColumnIndex | null;
  readonly cells: readonly Cell[];
  readonly texts: readonly string[];
  /** The test of a row as FEEL, compiled when it is first needed. */
  readonly testOf: (row: number) => UnaryTests;
}

interface OutputColumn {
  readonly id: string;
  readonly name: string;
  readonly type: DmnType;
  readonly place: Place;
  readonly allowed: UnaryTests | null;
  readonly rankOf: (value: Value) => number;
  readonly defaultOf: Compiled['evaluate'] | null;
  readonly entryOf: (row: number) => Compiled['evaluate'];
}

interface CompiledTable {
  readonly table: DecisionTable;
  readonly inputs: readonly InputColumn[];
  readonly outputs: readonly OutputColumn[];
  readonly allRows: RowSet;
}

export function compileTable(table: DecisionTable, scope: Scope): Compiled {
  checkShape(table, scope);
  const allRows = emptyRowSet(table.rules.length);
  table.rules.forEach((_, row) => addRow(allRows, row));
  const inputs = table.inputs.map((input, column) => compileInput(table, input, column, scope));
  const outputs = table.outputs.map((output, column) => compileOutput(table, output, column, scope));
  const compiled: CompiledTable = { table, inputs, outputs, allRows };
  return { type: typeOfTable(table, outputs, scope), evaluate: (frame) => evaluateTable(compiled, frame) };
}

function checkShape(table: DecisionTable, scope: Scope): void {
  const { diagnostics } = scope.types.file;
  if (table.outputs.length === 0) diagnostics.error('complete-table', table.place, 'The table has no output.');
  for (const [row, rule] of table.rules.entries()) {
    const [ins, outs] = [rule.inputEntries.length, rule.outputEntries.length];
    if (ins === table.inputs.length && outs === table.outputs.length) continue;
    const expected = `${table.inputs.length} input and ${table.outputs.length} output entries`;
    diagnostics.error('complete-table', rule.place, `Rule ${row + 1} has ${ins} and ${outs} of ${expected}.`);
  }
  const isRanked = table.hitPolicy === 'PRIORITY' || table.hitPolicy === 'OUTPUT ORDER';
  if (isRanked && table.outputs.every((output) => output.allowedValues === null && output.typeRef === null)) {
    const message = `The hit policy ${table.hitPolicy} needs the output values in their order of priority.`;
    diagnostics.warning('complete-table', table.place, message);
  }
}

const labelOf = (input: InputClause): string => input.label ?? input.expression?.text.trim() ?? '';

function compileInput(table: DecisionTable, input: InputClause, column: number, scope: Scope): InputColumn {
  const texts = table.rules.map((rule) => rule.inputEntries[column]?.text ?? '-');
  const cells = readCells(texts);
  const value = input.expression === null ? null : compileText(input.expression, scope);
  const type = scope.types.resolveOptional(input.typeRef, input.place);
  const { names } = scope;
  const testAt = (row: number): FeelText => table.rules[row]?.inputEntries[column] ?? { place: input.place, text: '-' };
  checkOpaqueCells(cells, testAt, scope);
  const tests = new Map<string, UnaryTests>();
  return {
    id: input.place.id ?? '',
    name: labelOf(input),
    place: input.place,
    evaluate: (frame) => {
      const given = value === null ? null : value.evaluate(frame);
      return type.isAny ? given : coerceOrWarn(frame.run, type, given, input.place);
    },
    allowed: compileAllowed(input.allowedValues, scope),
    index: indexColumn(cells),
    cells,
    texts,
    testOf: (row) => {
      const text = testAt(row).text;
      const known = tests.get(text);
      if (known !== undefined) return known;
      const test = testsOrNever(text, names);
      tests.set(text, test);
      return test;
    },
  };
}

/** Generated tables repeat their cells; the same text is the same cell. */
function readCells(texts: readonly string[]): readonly Cell[] {
  const known = new Map<string, Cell>();
  return texts.map((text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const cell = readCell(text);
    known.set(text, cell);
    return cell;
  });
}

const testsOrNever = (text: string, names: Scope['names']): UnaryTests => {
  const compiled = compileFeelTests(text.trim() === '' ? '-' : text, names);
  return compiled.ok ? compiled.value : () => false;
};

/** Cells outside of the usual forms are checked when the table is compiled; each text once. */
function checkOpaqueCells(cells: readonly Cell[], textAt: (row: number) => FeelText, scope: Scope): void {
  const seen = new Set<string>();
  for (const [row, cell] of cells.entries()) {
    if (cell.kind !== 'opaque') continue;
    const { text, place } = textAt(row);
    if (seen.has(text)) continue;
    seen.add(text);
    const compiled = compileFeelTests(text, scope.names);
    if (compiled.ok) continue;
    const at = { ...place, offset: place.offset + compiled.error.offset };
    scope.types.file.diagnostics.error('readable-feel', at, compiled.error.message);
  }
}

function compileAllowed(text: FeelText | null, scope: Scope): UnaryTests | null {
  if (text === null) return null;
  const compiled = compileFeelTests(text.text, scope.names);
  if (compiled.ok) return compiled.value;
  const place = { ...text.place, offset: text.place.offset + compiled.error.offset };
  scope.types.file.diagnostics.error('readable-feel', place, compiled.error.message);
  return null;
}

function compileOutput(table: DecisionTable, output: OutputClause, column: number, scope: Scope): OutputColumn {
  const known = new Map<string, Compiled['evaluate']>();
  const entries = table.rules.map((rule) => {
    const entry = rule.outputEntries[column];
    if (entry === undefined || entry.text.trim() === '' || entry.text.trim() === '-') return () => null;
    const found = known.get(entry.text);
    if (found !== undefined) return found;
    const constant = readConstant(entry.text);
    const evaluate = constant === undefined ? compileText(entry, scope).evaluate : () => constant;
    known.set(entry.text, evaluate);
    return evaluate;
  });
  // With one output, the table's own type is the type of the output.
  const typeRef = output.typeRef ?? null;
  const rankedType = typeRef ?? (table.outputs.length === 1 ? table.typeRef : null);
  return {
    id: output.place.id ?? '',
    name: output.name ?? output.label ?? (table.outputs.length > 1 ? `output ${column + 1}` : ''),
    type: scope.types.resolveOptional(typeRef, output.place),
    place: output.place,
    allowed: compileAllowed(output.allowedValues, scope),
    rankOf: rankBy(
      output.allowedValues ?? (rankedType === null ? null : scope.types.findAllowedValues(rankedType)),
      scope,
    ),
    defaultOf: output.defaultEntry === null ? null : compileText(output.defaultEntry, scope).evaluate,
    entryOf: (row) => entries[row] ?? (() => null),
  };
}

/** Priority is the place of a value in the list of allowed values: `"high", "low"` puts "high" first. */
function rankBy(allowed: FeelText | null, scope: Scope): (value: Value) => number {
  if (allowed === null) return () => 0;
  const parts = splitTests(allowed.text).map((part) => testsOrNever(part, scope.names));
  return (value) => {
    const rank = parts.findIndex((test) => test(value, NO_SCOPE) === true);
    return rank === -1 ? Infinity : rank;
  };
}

/** Splits at commas outside of quotes and brackets. */
function splitTests(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted) {
      if (character === '\\') at += 1;
      else if (character === '"') isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === '(' || character === '[' || character === '{') depth += 1;
    else if (character === ')' || character === ']' || character === '}') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  return [...parts, text.slice(begin)].map((part) => part.trim()).filter((part) => part !== '');
}

function typeOfTable(table: DecisionTable, outputs: readonly OutputColumn[], scope: Scope): DmnType {
  const [first, ...others] = outputs;
  const row =
    first === undefined || others.length === 0
      ? (first?.type ?? scope.types.any)
      : scope.types.contextOf(outputs.map((output) => [output.name, output.type]));
  const isMultiple =
    table.hitPolicy === 'RULE ORDER' ||
    table.hitPolicy === 'OUTPUT ORDER' ||
    (table.hitPolicy === 'COLLECT' && table.aggregation === null);
  return isMultiple ? scope.types.listOf(row) : row;
}

function evaluateTable(compiled: CompiledTable, frame: Frame): Value {
  const { table, inputs } = compiled;
  const { run } = frame;
  const values = inputs.map((input) => input.evaluate(frame));
  const refused = inputs.findIndex((input, column) => !isAllowed(input.allowed, values[column] ?? null, frame));
  if (refused !== -1) {
    const input = inputs[refused];
    const message = `The value of '${input?.name ?? ''}' is not among its allowed values.`;
    warn(run, { rule: 'value-not-allowed', elementId: input?.place.id ?? null, message });
    record(compiled, frame, { values, rows: [], result: null });
    return null;
  }
  const rows = findRows(compiled, values, frame);
  const outputs = new Map<number, readonly Value[]>();
  const outputsOf = (row: number): readonly Value[] => {
    const known = outputs.get(row);
    if (known !== undefined) return known;
    const evaluated = compiled.outputs.map((output) => evaluateOutput(output, output.entryOf(row), frame));
    outputs.set(row, evaluated);
    return evaluated;
  };
  const result = rows.length === 0 ? evaluateDefault(compiled, frame) : choose(compiled, { rows, outputsOf }, frame);
  record(compiled, frame, { values, rows: table.hitPolicy === 'FIRST' ? rows.slice(0, 1) : rows, result, outputsOf });
  return result;
}

function isAllowed(tests: UnaryTests | null, value: Value, frame: Frame): boolean {
  if (tests === null) return true;
  if (isList(value) && tests(value, frame) !== true) return value.every((item) => tests(item, frame) === true);
  return tests(value, frame) === true;
}

function choose(
  compiled: CompiledTable,
  { rows, outputsOf }: Pick<Matches, 'rows' | 'outputsOf'>,
  frame: Frame,
): Value {
  const { table, outputs } = compiled;
  const valueOf = (row: number): Value => combine(outputs, outputsOf(row));
  const rankOf = (column: number, value: Value): number => outputs[column]?.rankOf(value) ?? Infinity;
  const matches: Matches = { rows, valueOf, outputsOf, rankOf };
  const outcome = applyHitPolicy(table.hitPolicy, table.aggregation, matches, (values) => combine(outputs, values));
  if (outcome.ok) return outcome.value;
  const message = `Hit policy ${table.hitPolicy}: ${outcome.message}.`;
  warn(frame.run, { rule: 'hit-policy', elementId: table.place.id, message });
  return null;
}

const combine = (outputs: readonly OutputColumn[], values: readonly Value[]): Value =>
  outputs.length === 1
    ? (values[0] ?? null)
    : contextOf(outputs.map((output, column): [string, Value] => [output.name, values[column] ?? null]));

function evaluateOutput(output: OutputColumn, entry: Compiled['evaluate'], frame: Frame): Value {
  const given = entry(frame);
  const value = output.type.isAny ? given : coerceOrWarn(frame.run, output.type, given, output.place);
  if (value === null || isAllowed(output.allowed, value, frame)) return value;
  const message = `The value of the output '${output.name}' is not among its allowed values.`;
  warn(frame.run, { rule: 'value-not-allowed', elementId: output.place.id, message });
  return null;
}

function evaluateDefault({ table, outputs }: CompiledTable, frame: Frame): Value {
  if (outputs.every((output) => output.defaultOf === null)) return emptyResult(table.hitPolicy, table.aggregation);
  const values = outputs.map((output) =>
    output.defaultOf === null ? null : evaluateOutput(output, output.defaultOf, frame),
  );
  return combine(outputs, values);
}

function findRows(compiled: CompiledTable, values: readonly Value[], frame: Frame): readonly number[] {
  const { table, inputs, allRows } = compiled;
  const sets: RowSet[] = [allRows];
  // Columns that the index cannot answer for this value are asked row by row.
  const slow: number[] = [];
  const partly: number[] = [];
  for (const [column, input] of inputs.entries()) {
    const probe = input.index === null ? null : probeOf(values[column] ?? null, input.index.kind);
    if (input.index === null || probe === null) slow.push(column);
    else {
      sets.push(input.index.rowsFor(probe));
      partly.push(column);
    }
  }
  const isMatch = (row: number, column: number): boolean => {
    const input = inputs[column];
    return input === undefined || cellAccepts(input, row, { value: values[column] ?? null, frame });
  };
  const isOpaque = (row: number, column: number): boolean => {
    const opaque = inputs[column]?.index?.opaque;
    return opaque !== undefined && hasRow(opaque, row);
  };
  const matches = (row: number): boolean =>
    partly.every((column) => !isOpaque(row, column) || isMatch(row, column)) &&
    slow.every((column) => isMatch(row, column));
  const found: number[] = [];
  const isFirst = table.hitPolicy === 'FIRST';
  visitCommonRows(sets, table.rules.length, (row) => {
    if (!matches(row)) return true;
    found.push(row);
    return !isFirst;
  });
  return found;
}

function cellAccepts(
  input: InputColumn,
  row: number,
  { value, frame }: { readonly value: Value; readonly frame: Frame },
): boolean {
  const cell = input.cells[row];
  if (cell === undefined || cell.kind === 'any') return true;
  const probe = cell.kind === 'tests' ? probeOf(value, cell.of) : null;
  if (cell.kind === 'tests' && probe !== null) return acceptsValue(cell, probe);
  return input.testOf(row)(value, frame) === true;
}

interface Evaluated {
  readonly values: readonly Value[];
  readonly rows: readonly number[];
  readonly result: Value;
  readonly outputsOf?: (row: number) => readonly Value[];
}

function record(compiled: CompiledTable, frame: Frame, evaluated: Evaluated): void {
  const { table, inputs, outputs } = compiled;
  const { values, rows, result, outputsOf } = evaluated;
  const tables = frame.run.tables.at(-1);
  if (tables === undefined) return;
  const ruleIdOf = (row: number): string => table.rules[row]?.place.id ?? '';
  const named = inputs.map((input, column): NamedTraceValue => ({
    id: input.id,
    name: input.name,
    value: values[column] ?? null,
  }));
  const matchedRules = rows.map((row): MatchedRuleTrace => ({
    ruleId: ruleIdOf(row),
    ruleIndex: row + 1,
    outputs: outputs.map((output, column) => ({
      id: output.id,
      name: output.name,
      value: outputsOf?.(row)[column] ?? null,
    })),
  }));
  const isExplained = frame.run.recorder.options.isExplained;
  const trace: TableTrace = {
    tableId: table.place.id,
    hitPolicy: table.aggregation === null ? table.hitPolicy : `${table.hitPolicy} ${table.aggregation}`,
    inputs: named,
    matchedRules,
    refusedRules: isExplained ? explainRefusals(compiled, values, frame) : [],
    result,
  };
  tables.push(trace);
}

function explainRefusals({ table, inputs }: CompiledTable, values: readonly Value[], frame: Frame) {
  const refusals: RefusedRuleTrace[] = [];
  for (const [row, rule] of table.rules.entries()) {
    const column = inputs.findIndex((input, at) => !cellAccepts(input, row, { value: values[at] ?? null, frame }));
    const input = inputs[column];
    if (input === undefined) continue;
    refusals.push({
      ruleId: rule.place.id ?? '',
      ruleIndex: row + 1,
      input: { id: input.id, name: input.name },
      cell: (input.texts[row] ?? '').trim(),
      value: values[column] ?? null,
    });
  }
  return refusals;
}
