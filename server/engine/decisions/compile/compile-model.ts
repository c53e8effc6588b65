// Linked files → an executable model. Every element becomes a provider of one value: an input gives what was given, a
// decision computes once per evaluation, a knowledge model or service gives a function. An imported model has its own
// inputs wherever it is imported, so values are kept by the path of import names that leads to them.

import type {
  BusinessKnowledgeModel,
  Decision,
  DecisionService,
  InputData,
  Place,
  Reference,
} from '../model/definitions.ts';
import { beginRun, Frame, type Run, warn } from '../evaluate/run.ts';
import type { DecisionType } from '../evaluate/trace.ts';
import {
  contextOf,
  createStaticScope,
  type FeelType,
  getEntry,
  isContext,
  type StaticScope,
  type Value,
} from '../feel.ts';
import { compileExpression, type FunctionShape, makeFunction } from './compile-expression.ts';
import { coerceOrWarn } from './scope.ts';
import { type DrgElement, type LinkedFile, resolveReference } from './link.ts';
import { createTypeTable, type DmnType, type TypeTable } from './types.ts';

/** Names of imports from the model that was asked for to the element. */
export type Path = readonly string[];

export interface Node {
  readonly key: string;
  readonly element: DrgElement;
  readonly name: string;
  /** What its value is; of a function, the function's type. */
  readonly type: DmnType;
  readonly provide: (run: Run, path: Path) => Value;
}

export interface DecisionNode extends Node {
  readonly decision: Decision;
  readonly decisionType: DecisionType;
}

interface Provider {
  readonly node: Node;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Name of the import; null for elements of the same file and for imports without a name. */
  readonly through: string | null;
}

export class ModelCompiler {
  readonly #types = new Map<LinkedFile, TypeTable>();
  readonly #nodes = new Map<DrgElement, Node>();
  readonly #compiling = new Set<DrgElement>();

  typesOf(file: LinkedFile): TypeTable {
    const known = this.#types.get(file);
    if (known !== undefined) return known;
    const table = createTypeTable({
      file,
      imported: (other) => this.typesOf(other),
      scopeForTests: (types) => createStaticScope([], (name) => types.find(name)?.feel ?? null),
    });
    this.#types.set(file, table);
    return table;
  }

  nodeOf(element: DrgElement): Node {
    const known = this.#nodes.get(element);
    if (known !== undefined) return known;
    // The circle was reported when the files were linked; a placeholder keeps the compiler from following it.
    if (this.#compiling.has(element)) return this.#placeholder(element);
    this.#compiling.add(element);
    const node = this.#compile(element);
    this.#compiling.delete(element);
    this.#nodes.set(element, node);
    return node;
  }

  #placeholder(element: DrgElement): Node {
    const { any } = this.typesOf(element.file);
    return {
      key: keyOf(element),
      element,
      name: element.element.variable.name,
      type: any,
      provide: (run, path) => this.#nodes.get(element)?.provide(run, path) ?? null,
    };
  }

  #compile(entry: DrgElement): Node {
    switch (entry.kind) {
      case 'input':
        return this.#compileInput(entry, entry.element);
      case 'decision':
        return this.#compileDecision(entry, entry.element);
      case 'bkm':
        return this.#compileKnowledge(entry, entry.element);
      case 'service':
        return this.#compileService(entry, entry.element);
    }
  }

  #compileInput(entry: DrgElement, input: InputData): Node {
    const type = this.typesOf(entry.file).resolveOptional(input.variable.typeRef, input.variable.place);
    const key = keyOf(entry);
    const { name } = input.variable;
    return {
      key,
      element: entry,
      name,
      type,
      provide: (run, path) => coerceOrWarn(run, type, run.given.get(key) ?? findInput(run, path, input), input.place),
    };
  }

  #compileDecision(entry: DrgElement, decision: Decision): DecisionNode {
    const { file } = entry;
    const types = this.typesOf(file);
    const { inputs, decisions, knowledge } = decision.requirements;
    const providers = this.#providersOf(file, [...inputs, ...decisions, ...knowledge]);
    const names = scopeOfProviders(providers, types);
    const declared = decision.variable.typeRef;
    const type = types.resolveOptional(declared, decision.variable.place);
    const compiled = compileExpression(decision.expression, { names, types });
    const key = keyOf(entry);
    const compute = (run: Run, path: Path): Value => {
      const frame = frameOf(run, path, providers, true);
      const value = compiled.evaluate(frame);
      return type.isAny ? value : coerceOrWarn(run, type, value, decision.place);
    };
    return {
      key,
      element: entry,
      name: decision.variable.name,
      type: type.isAny ? compiled.type : type,
      decision,
      decisionType: typeOfDecision(decision),
      provide: (run, path) => provideDecision({ key, decision, providers, compute }, run, path),
    };
  }

  #compileKnowledge(entry: DrgElement, model: BusinessKnowledgeModel): Node {
    const { file } = entry;
    const types = this.typesOf(file);
    const providers = this.#providersOf(file, model.requirements.knowledge);
    const { logic } = model;
    const parameters = (logic?.parameters ?? []).map(({ name, typeRef, place }) => ({
      name,
      type: types.resolveOptional(typeRef, place),
    }));
    const result = this.#resultType(types, [model.variable.typeRef, logic?.typeRef ?? null], model.place);
    const own: [string, FeelType] = [
      model.variable.name,
      types.functionOf(parameters, result.isAny ? types.any : result).feel,
    ];
    const names = scopeOfProviders(providers, types).with([
      own,
      ...parameters.map(({ name, type }): [string, FeelType] => [name, type.feel]),
    ]);
    const isFeel = logic === null || logic.language === 'FEEL';
    const body = compileExpression(isFeel ? (logic?.body ?? null) : null, { names, types });
    const shape: FunctionShape = { name: model.name, parameters, result, place: model.place };
    const provide = (run: Run, path: Path): Value => {
      const value: Value = makeFunction(shape, run, (values) => {
        if (!isFeel) {
          const message = `Functions in ${logic.language} are not executed here.`;
          warn(run, { rule: 'not-supported', elementId: model.place.id, message });
          return null;
        }
        const frame = frameOf(run, path, providers, false);
        frame.set(model.variable.name, value);
        return body.evaluate(frame.with(parameters.map(({ name }, index) => [name, values[index] ?? null])));
      });
      return value;
    };
    const type = types.functionOf(parameters, result.isAny ? body.type : result);
    return { key: keyOf(entry), element: entry, name: model.variable.name, type, provide };
  }

  /** Older files give the type of the result where newer ones give the type of the function; both are understood. */
  #resultType(types: TypeTable, typeRefs: readonly (string | null)[], place: Place): DmnType {
    for (const typeRef of typeRefs) {
      const type = types.resolveOptional(typeRef, place);
      if (!type.isAny) return type.shape.kind === 'function' ? type.shape.result : type;
    }
    return types.any;
  }

  #compileService(entry: DrgElement, service: DecisionService): Node {
    const { file } = entry;
    const types = this.typesOf(file);
    const inputs = this.#providersOf(file, [...service.inputData, ...service.inputDecisions]);
    const outputs = this.#providersOf(file, service.outputDecisions);
    const result = this.#resultType(types, [service.variable.typeRef], service.place);
    const parameters = inputs.map(({ node, name }) => ({ name, type: node.type }));
    const shape: FunctionShape = { name: service.name, parameters, result, place: service.place };
    const provide = (run: Run, path: Path): Value =>
      makeFunction(shape, run, (values) => {
        const given = new Map(inputs.map(({ node }, index) => [node.key, values[index] ?? null]));
        const inner = beginRun(run.recorder, new Map(), given);
        const entries = outputs.map(({ node, name }): [string, Value] => [name, node.provide(inner, path)]);
        return entries.length === 1 ? (entries[0]?.[1] ?? null) : contextOf(entries);
      });
    const [only] = outputs;
    const value =
      outputs.length === 1 && only !== undefined
        ? only.node.type
        : types.contextOf(outputs.map(({ name, node }) => [name, node.type]));
    const type = types.functionOf(parameters, result.isAny ? value : result);
    return { key: keyOf(entry), element: entry, name: service.variable.name, type, provide };
  }

  #providersOf(file: LinkedFile, references: readonly Reference[]): readonly Provider[] {
    return references.flatMap((reference): Provider[] => {
      const linked = resolveReference(file, reference, true);
      if (linked === null) return [];
      const node = this.nodeOf(linked.target);
      const { element } = linked.target;
      const through = linked.through === null || linked.through.name === '' ? null : linked.through.name;
      const aliases = linked.target.kind === 'decision' ? [element.name, element.id] : [element.name];
      return [
        { node, name: node.name, aliases: aliases.filter((alias) => alias !== '' && alias !== node.name), through },
      ];
    });
  }
}

const keyOf = ({ file, element, kind }: DrgElement): string =>
  `${file.definitions.namespace}#${kind}#${element.id}#${element.name}`;

function typeOfDecision({ expression }: Decision): DecisionType {
  if (expression === null) return 'NONE';
  if (expression.kind === 'table') return 'DECISION_TABLE';
  return expression.kind === 'literal' ? 'LITERAL_EXPRESSION' : 'BOXED_EXPRESSION';
}

/** Given values of an imported model stand in contexts, one for each import name on the way. */
function findInput(run: Run, path: Path, input: InputData): Value {
  const [first, ...rest] = [...path, input.variable.name];
  let value = first === undefined ? undefined : run.inputs.get(first);
  for (const name of rest) value = value !== undefined && isContext(value) ? getEntry(value, name) : undefined;
  if (value === undefined && path.length === 0) value = run.inputs.get(input.name);
  return value ?? null;
}

interface DecisionWork {
  readonly key: string;
  readonly decision: Decision;
  readonly providers: readonly Provider[];
  readonly compute: (run: Run, path: Path) => Value;
}

function provideDecision({ key, decision, providers, compute }: DecisionWork, run: Run, path: Path): Value {
  const given = run.given.get(key);
  if (given !== undefined) return given;
  const place = [...path, key].join('\n');
  const known = run.cache.get(place);
  if (known !== undefined) return known;
  if (run.running.has(place)) {
    const message = `The decision '${decision.name}' requires itself.`;
    warn(run, { rule: 'cyclic-requirement', elementId: decision.id, message });
    return null;
  }
  run.running.add(place);
  run.tables.push([]);
  run.recorder.stack.push(decision.id);
  const result = compute(run, path);
  run.recorder.stack.pop();
  const tables = run.tables.pop() ?? [];
  run.running.delete(place);
  run.cache.set(place, result);
  run.recorder.decisions.push({
    decisionId: decision.id,
    decisionName: decision.name,
    type: typeOfDecision(decision),
    requirements: providers
      .filter(({ node }) => node.element.kind === 'input' || node.element.kind === 'decision')
      .map(({ node, name, through }) => ({
        name: through === null ? name : `${through}.${name}`,
        value: node.provide(run, through === null ? path : [...path, through]),
      })),
    tables,
    result,
  });
  return result;
}

function scopeOfProviders(providers: readonly Provider[], types: TypeTable): StaticScope {
  const names: [string, FeelType][] = [];
  const imported = new Map<string, [string, DmnType][]>();
  for (const { node, name, through, aliases } of providers) {
    if (through === null) {
      for (const alias of aliases) names.push([alias, node.type.feel]);
      names.push([name, node.type.feel]);
    } else imported.set(through, [...(imported.get(through) ?? []), [name, node.type]]);
  }
  for (const [name, entries] of imported) names.push([name, types.contextOf(entries).feel]);
  return createStaticScope(names, (name) => types.find(name)?.feel ?? null);
}

/** `isDecision`: only decisions see the given variables of an open run; functions see their parameters and requirements. */
function frameOf(run: Run, path: Path, providers: readonly Provider[], isDecision: boolean): Frame {
  const outer =
    isDecision && run.recorder.options.isOpen && run.given.size === 0
      ? new Frame(run, null, new Map(run.inputs))
      : null;
  const frame = new Frame(run, outer);
  const imported = new Map<string, [string, Value][]>();
  for (const { node, name, through, aliases } of providers) {
    const value = node.provide(run, through === null ? path : [...path, through]);
    if (through !== null) imported.set(through, [...(imported.get(through) ?? []), [name, value]]);
    else {
      for (const alias of aliases) if (frame.find(alias) === undefined) frame.set(alias, value);
      frame.set(name, value);
    }
  }
  for (const [name, entries] of imported) frame.set(name, contextOf(entries));
  return frame;
}
