// Files → a frozen model that evaluates decisions, calls knowledge models and services, and checks its tables. Pure: no
// file, no clock, no database; `now` comes with each evaluation.

import type { Instant } from '../../shared/time.ts';
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import { ModelCompiler, type DecisionNode, type Node } from './compile/compile-model.ts';
import { readTexts } from './compile/type-shapes.ts';
import { linkFiles, type LinkedFile } from './compile/link.ts';
import { type Diagnostic, Diagnostics } from './diagnostics.ts';
import { beginRun, createRecorder, Frame, type Recorder, type RunOptions, warn } from './evaluate/run.ts';
import type { DecisionTrace, Warning } from './evaluate/trace.ts';
import { callByName, isFunction, type Value } from './feel.ts';
import type { DecisionTable, Expression } from './model/definitions.ts';
import { readDefinitions } from './model/read-definitions.ts';
import { checkTable, type Finding } from './table/check-table.ts';

export interface DecisionSource {
  readonly resourceName: string;
  readonly xml: string;
}

export interface DecisionInfo {
  readonly id: string;
  readonly name: string;
  readonly versionTag: string | null;
  readonly type: DecisionTrace['type'];
}

export interface DecisionModel {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly decisions: readonly DecisionInfo[];
  /** Inputs that callers can give. */
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  /** Values that came as JSON: texts become dates and durations where an input declares them. */
  readonly readInputs: (given: ReadonlyMap<string, Value>) => ReadonlyMap<string, Value>;
  /** Namespaces of the files that this one imports, itself excluded. */
  readonly importedNamespaces: readonly string[];
  readonly warnings: readonly Diagnostic[];
  readonly evaluate: (request: EvaluationRequest) => Result<Evaluation, 'decision-unknown'>;
  /** Calls a knowledge model or a decision service with named values. */
  readonly invoke: (request: EvaluationRequest) => Result<Evaluation, 'decision-unknown'>;
  readonly checkTables: () => readonly TableFindings[];
}

export interface EvaluationRequest {
  /** Id or name. */
  readonly decision: string;
  readonly inputs: ReadonlyMap<string, Value>;
  readonly now: Instant;
  /** See RunOptions. */
  readonly isOpen?: boolean;
  readonly isExplained?: boolean;
}

export interface Evaluation {
  readonly value: Value;
  readonly warnings: readonly Warning[];
  /** In the order of evaluation; the decision that was asked for is the last. */
  readonly decisions: readonly DecisionTrace[];
}

export interface TableFindings {
  readonly elementId: string;
  readonly elementName: string;
  readonly tableId: string | null;
  readonly findings: readonly Finding[];
}

export interface CompileDecisionsOptions {
  /**
   * Parts that cannot be compiled give null instead of refusing the file: for conformance suites, whose models hold wrong
   * expressions on purpose, and for an editor that evaluates what is right already. Never for a deployment.
   */
  readonly isLenient?: boolean;
}

/** Compiles the first file; the others are there to be imported. Errors of every file are told at once. */
export function compileDecisions(
  main: DecisionSource,
  library: readonly DecisionSource[] = [],
  { isLenient = false }: CompileDecisionsOptions = {},
): Result<DecisionModel, readonly Diagnostic[]> {
  const read = readDefinitions(main.xml);
  if (!read.ok) return err([read.error]);
  const files = [{ definitions: read.value, diagnostics: new Diagnostics(main.xml) }];
  const problems: Diagnostic[] = [];
  const wanted = new Set(read.value.imports.map(({ namespace }) => namespace));
  for (const source of wanted.size === 0 ? [] : library) {
    const other = readDefinitions(source.xml);
    if (other.ok) files.push({ definitions: other.value, diagnostics: new Diagnostics(source.xml) });
    else problems.push(other.error);
  }
  const reachable = reachableFrom(files);
  const linked = linkFiles(reachable);
  const compiler = new ModelCompiler();
  const nodes = new Map(
    linked.map((file) => [file, [...file.elements.values()].map((element) => compiler.nodeOf(element))]),
  );
  for (const file of linked)
    for (const item of file.definitions.itemDefinitions) compiler.typesOf(file).find(item.name);
  problems.push(...reachable.flatMap(({ diagnostics }) => diagnostics.all));
  const [file] = linked;
  const isRefused = !isLenient && problems.some(({ severity }) => severity === 'error');
  if (file === undefined || isRefused) return err(problems);
  return ok(Object.freeze(modelOf(file, nodes.get(file) ?? [], { linked, warnings: problems })));
}

type Source = Parameters<typeof linkFiles>[0][number];

/** The first file, and every file that it imports, directly or through others. */
function reachableFrom(files: readonly Source[]): readonly Source[] {
  const found = files.slice(0, 1);
  for (const { definitions } of found) {
    for (const { namespace } of definitions.imports) {
      const next = files.find((file) => file.definitions.namespace === namespace && !found.includes(file));
      if (next !== undefined) found.push(next);
    }
  }
  return found;
}

const isDecisionNode = (node: Node): node is DecisionNode => node.element.kind === 'decision';

function modelOf(
  file: LinkedFile,
  nodes: readonly Node[],
  { linked, warnings }: { readonly linked: readonly LinkedFile[]; readonly warnings: readonly Diagnostic[] },
): DecisionModel {
  const { definitions } = file;
  const decisions = nodes.filter(isDecisionNode);
  const inputs = nodes.filter(({ element }) => element.kind === 'input');
  const invocables = nodes.filter(({ element }) => element.kind === 'bkm' || element.kind === 'service');
  const find = <T extends Node>(among: readonly T[], wanted: string): T | undefined =>
    among.find(({ element }) => element.element.id === wanted) ??
    among.find(({ element, name }) => element.element.name === wanted || name === wanted);
  return {
    id: definitions.id,
    name: definitions.name,
    namespace: definitions.namespace,
    decisions: decisions.map(({ decision, decisionType }) => ({
      id: decision.id,
      name: decision.name,
      versionTag: decision.versionTag,
      type: decisionType,
    })),
    inputs: inputs.map(({ name, type }) => ({ name, type: type.name })),
    readInputs: (given) => {
      const types = new Map(inputs.map(({ name, type }) => [name, type]));
      return new Map(
        [...given].map(([name, value]) => {
          const type = types.get(name);
          return [name, type === undefined ? value : readTexts(value, type)];
        }),
      );
    },
    importedNamespaces: linked.slice(1).map((other) => other.definitions.namespace),
    warnings,
    evaluate: (request) => {
      const node = find(decisions, request.decision);
      if (node === undefined) return err('decision-unknown');
      return ok(record(request, (recorder) => node.provide(beginRun(recorder, request.inputs), [])));
    },
    invoke: (request) => {
      const node = find(invocables, request.decision);
      if (node === undefined) return err('decision-unknown');
      return ok(record(request, (recorder) => invokeNode(node, recorder, request.inputs)));
    },
    checkTables: () => findingsOf(file),
  };
}

function invokeNode(node: Node, recorder: Recorder, inputs: ReadonlyMap<string, Value>): Value {
  const run = beginRun(recorder, new Map());
  run.tables.push([]);
  // A test or a caller may give more than the function takes.
  const provided = node.provide(run, []);
  const names = isFunction(provided) ? provided.parameters.map(({ name }) => name) : [];
  const given = new Map([...inputs].filter(([name]) => names.includes(name)));
  const called = callByName(provided, given, new Frame(run, null));
  if (called.ok) return called.value;
  warn(run, { rule: 'feel', elementId: node.element.element.id, message: called.error });
  return null;
}

function record(request: EvaluationRequest, work: (recorder: Recorder) => Value): Evaluation {
  const { now, isOpen = false, isExplained = false } = request;
  const options: RunOptions = { now, isOpen, isExplained };
  const recorder = createRecorder(options);
  const value = work(recorder);
  return { value, warnings: recorder.warnings, decisions: recorder.decisions };
}

function findingsOf({ definitions }: LinkedFile): readonly TableFindings[] {
  const owners = [
    ...definitions.decisions.map(({ id, name, expression }) => ({ id, name, expression })),
    ...definitions.knowledgeModels.map(({ id, name, logic }) => ({ id, name, expression: logic?.body ?? null })),
  ];
  return owners.flatMap(({ id, name, expression }) =>
    tablesIn(expression).map((table) => ({
      elementId: id,
      elementName: name,
      tableId: table.place.id,
      findings: checkTable(table),
    })),
  );
}

function tablesIn(expression: Expression | null): readonly DecisionTable[] {
  if (expression === null) return [];
  if (expression.kind === 'table') return [expression];
  if (expression.kind === 'context') return expression.entries.flatMap((entry) => tablesIn(entry.expression));
  return expression.kind === 'function' ? tablesIn(expression.body) : [];
}
