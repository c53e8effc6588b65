// Item definitions → types (DMN 1.5, 7.3.2). A file sees its own types, the built-in ones, and those of its imports under
// the import's name.

import type { FeelText, InformationItem, ItemDefinition, Place } from '../model/definitions.ts';
import { compileFeelTests, type FeelType, NO_SCOPE, type StaticScope, type Value } from '../feel.ts';
import type { LinkedFile } from './link.ts';
import {
  ANY,
  BOOLEAN,
  contextType,
  type DmnType,
  entriesOf,
  functionType,
  itemOf,
  listOf,
  OPEN_NAMES,
  openType,
  restrict,
  SIMPLE,
  SIMPLE_NAMES,
} from './type-shapes.ts';

export type { DmnType } from './type-shapes.ts';

export interface TypeTable {
  readonly file: LinkedFile;
  readonly any: DmnType;
  readonly boolean: DmnType;
  resolve(typeRef: string, place: Place): DmnType;
  resolveOptional(typeRef: string | null, place: Place): DmnType;
  /** null when nothing has this name; for `instance of` in FEEL. */
  find(typeRef: string): DmnType | null;
  /** The allowed values that a type declares, or the type that it refines; their order is the priority of outputs. */
  findAllowedValues(typeRef: string): FeelText | null;
  listOf(item: DmnType): DmnType;
  contextOf(entries: readonly (readonly [string, DmnType])[]): DmnType;
  functionOf(parameters: readonly { readonly name: string; readonly type: DmnType }[], result: DmnType): DmnType;
  itemOf(list: DmnType): DmnType;
  resultOf(called: DmnType): DmnType;
  entriesOf(type: DmnType): readonly (readonly [string, FeelType])[];
}

export interface TypeTableDeps {
  readonly file: LinkedFile;
  /** Types of an imported file. */
  readonly imported: (file: LinkedFile) => TypeTable;
  readonly scopeForTests: (types: TypeTable) => StaticScope;
}

const isBuiltIn = (typeRef: string): boolean => SIMPLE_NAMES.has(typeRef) || OPEN_NAMES.has(typeRef);

export const createTypeTable = (deps: TypeTableDeps): TypeTable => new FileTypes(deps);

class FileTypes implements TypeTable {
  readonly file: LinkedFile;
  readonly any = ANY;
  readonly boolean = BOOLEAN;
  readonly listOf = listOf;
  readonly functionOf = functionType;
  readonly itemOf = itemOf;
  readonly entriesOf = entriesOf;
  readonly #deps: TypeTableDeps;
  readonly #definitions: ReadonlyMap<string, ItemDefinition>;
  readonly #built = new Map<string, DmnType>();
  readonly #building = new Set<string>();

  constructor(deps: TypeTableDeps) {
    this.#deps = deps;
    this.file = deps.file;
    this.#definitions = new Map(deps.file.definitions.itemDefinitions.map((item) => [item.name, item]));
  }

  contextOf(entries: readonly (readonly [string, DmnType])[]): DmnType {
    return contextType('context', entries);
  }

  resultOf(called: DmnType): DmnType {
    return called.shape.kind === 'function' ? called.shape.result : ANY;
  }

  find(typeRef: string): DmnType | null {
    const own = this.#definitions.get(typeRef);
    if (own !== undefined) return this.#buildNamed(own);
    const simple = SIMPLE_NAMES.get(typeRef);
    if (simple !== undefined) return SIMPLE.get(simple) ?? ANY;
    if (OPEN_NAMES.has(typeRef)) return openType(typeRef);
    for (const { name, file } of this.file.imports) {
      const inner = name === '' ? typeRef : typeRef.startsWith(`${name}.`) ? typeRef.slice(name.length + 1) : null;
      // A built-in name behind the name of an import is none of the imported file's own types.
      const found = inner === null || isBuiltIn(inner) ? null : this.#deps.imported(file).find(inner);
      if (found !== null) return found;
    }
    return null;
  }

  findAllowedValues(typeRef: string): FeelText | null {
    const seen = new Set<string>();
    let at: string | null = typeRef;
    while (at !== null && !seen.has(at)) {
      seen.add(at);
      const own: ItemDefinition | undefined = this.#definitions.get(at);
      if (own === undefined) return this.#findImportedValues(at);
      if (own.allowedValues !== null) return own.allowedValues;
      at = own.typeRef;
    }
    return null;
  }

  #findImportedValues(typeRef: string): FeelText | null {
    for (const { name, file } of this.file.imports) {
      const inner = name === '' ? typeRef : typeRef.startsWith(`${name}.`) ? typeRef.slice(name.length + 1) : null;
      const found = inner === null ? null : this.#deps.imported(file).findAllowedValues(inner);
      if (found !== null) return found;
    }
    return null;
  }

  resolve(typeRef: string, place: Place): DmnType {
    const found = this.find(typeRef);
    if (found !== null) return found;
    this.file.diagnostics.error('known-type', place, `There is no type '${typeRef}'.`);
    return ANY;
  }

  resolveOptional(typeRef: string | null, place: Place): DmnType {
    return typeRef === null ? ANY : this.resolve(typeRef, place);
  }

  #buildNamed(definition: ItemDefinition): DmnType {
    const known = this.#built.get(definition.name);
    if (known !== undefined) return known;
    // A type that holds itself is allowed (a tree); below the first level its values are not checked.
    if (this.#building.has(definition.name)) return { ...ANY, name: definition.name };
    this.#building.add(definition.name);
    const type = this.#build(definition);
    this.#building.delete(definition.name);
    this.#built.set(definition.name, type);
    return type;
  }

  #build(definition: ItemDefinition): DmnType {
    const { name, place, allowedValues, typeConstraint, isCollection } = definition;
    const base = this.#buildBase(definition);
    const item = allowedValues === null ? base : restrict(base, base.name, this.#testOf(allowedValues));
    const whole = isCollection ? listOf(item) : item;
    const constrained = typeConstraint === null ? whole : restrict(whole, name, this.#testOf(typeConstraint));
    if (name === '') this.file.diagnostics.warning('known-type', place, 'An item definition has no name.');
    return { ...constrained, name: name === '' ? constrained.name : name };
  }

  #buildBase({ components, functionItem, typeRef, place, name }: ItemDefinition): DmnType {
    if (functionItem !== null) return this.#buildFunction(functionItem.parameters, functionItem.outputTypeRef, place);
    if (components.length > 0) {
      return contextType(
        name,
        components.map((component) => [component.name, this.#build(component)] as const),
      );
    }
    return this.resolveOptional(typeRef, place);
  }

  #buildFunction(parameters: readonly InformationItem[], outputTypeRef: string | null, place: Place): DmnType {
    const typed = parameters.map((parameter) => ({
      name: parameter.name,
      type: this.resolveOptional(parameter.typeRef, parameter.place),
    }));
    return functionType(typed, this.resolveOptional(outputTypeRef, place));
  }

  #testOf(tests: FeelText): (value: Value) => boolean {
    const compiled = compileFeelTests(tests.text, this.#deps.scopeForTests(this));
    if (compiled.ok) return (value) => compiled.value(value, NO_SCOPE) === true;
    const place = { ...tests.place, offset: tests.place.offset + compiled.error.offset };
    this.file.diagnostics.error('readable-feel', place, compiled.error.message);
    return () => true;
  }
}
