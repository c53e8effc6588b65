// Files → one linked set: which file an import means, which element a reference means, and whether decisions require each
// other in a circle. Everything that cannot be found is a diagnostic at the reference.

import type { Diagnostics } from '../diagnostics.ts';
import type {
  BusinessKnowledgeModel,
  Decision,
  DecisionService,
  Definitions,
  InputData,
  Reference,
} from '../model/definitions.ts';

export type DrgElement =
  | { readonly kind: 'input'; readonly file: LinkedFile; readonly element: InputData }
  | { readonly kind: 'decision'; readonly file: LinkedFile; readonly element: Decision }
  | { readonly kind: 'bkm'; readonly file: LinkedFile; readonly element: BusinessKnowledgeModel }
  | { readonly kind: 'service'; readonly file: LinkedFile; readonly element: DecisionService };

export interface LinkedImport {
  /** '' when the imported names stand among our own. */
  readonly name: string;
  readonly file: LinkedFile;
}

export interface LinkedFile {
  readonly definitions: Definitions;
  readonly diagnostics: Diagnostics;
  readonly elements: ReadonlyMap<string, DrgElement>;
  readonly imports: readonly LinkedImport[];
}

/** An element as its user sees it: directly, or through an import. */
export interface LinkedReference {
  readonly target: DrgElement;
  /** null: an element of the same file. */
  readonly through: LinkedImport | null;
}

export interface SourceFile {
  readonly definitions: Definitions;
  readonly diagnostics: Diagnostics;
}

export function linkFiles(sources: readonly SourceFile[]): readonly LinkedFile[] {
  const files = sources.map(({ definitions, diagnostics }) => {
    const file = {
      definitions,
      diagnostics,
      elements: new Map<string, DrgElement>(),
      imports: [] satisfies LinkedImport[] as LinkedImport[],
    };
    addElements(file);
    return file;
  });
  for (const file of files) {
    for (const wanted of file.definitions.imports) {
      const found = files.find((other) => other !== file && other.definitions.namespace === wanted.namespace);
      if (found !== undefined) file.imports.push({ name: wanted.name, file: found });
      else if (!isForeignImport(wanted.namespace)) {
        const message = `The import '${wanted.name}' means the namespace '${wanted.namespace}', which no given file has.`;
        file.diagnostics.error('known-import', wanted.place, message);
      }
    }
  }
  for (const file of files) checkRequirements(file);
  return files;
}

/** Imports of XML schemas and PMML files are no decision models; what would use them is reported where it is used. */
const isForeignImport = (namespace: string): boolean => /XMLSchema|PMML/i.test(namespace);

function addElements(file: LinkedFile & { readonly elements: Map<string, DrgElement> }): void {
  const add = (entry: DrgElement): void => {
    const { id, place } = entry.element;
    const key = id === '' ? `name:${entry.element.name}` : id;
    if (file.elements.has(key)) {
      file.diagnostics.error('unique-ids', place, `The id '${key}' is used more than once.`);
    } else file.elements.set(key, entry);
  };
  const { inputs, decisions, knowledgeModels, services } = file.definitions;
  for (const element of inputs) add({ kind: 'input', file, element });
  for (const element of decisions) add({ kind: 'decision', file, element });
  for (const element of knowledgeModels) add({ kind: 'bkm', file, element });
  for (const element of services) add({ kind: 'service', file, element });
}

/** undefined was reported already, unless `isQuiet`. */
export function resolveReference(file: LinkedFile, reference: Reference, isQuiet = false): LinkedReference | null {
  const { namespace, id, place } = reference;
  if (namespace === null || namespace === file.definitions.namespace) {
    const target = file.elements.get(id);
    if (target !== undefined) return { target, through: null };
  }
  for (const through of file.imports) {
    if (namespace !== null && through.file.definitions.namespace !== namespace) continue;
    const target = through.file.elements.get(id);
    if (target !== undefined) return { target, through };
  }
  if (!isQuiet) {
    file.diagnostics.error(
      'known-reference',
      place,
      `There is no element with the id '${id}'${inNamespace(namespace)}.`,
    );
  }
  return null;
}

const inNamespace = (namespace: string | null): string => (namespace === null ? '' : ` in '${namespace}'`);

const keyOf = ({ file, element }: DrgElement): string => `${file.definitions.namespace}#${element.id}#${element.name}`;

function requirementsOf(entry: DrgElement): readonly Reference[] {
  if (entry.kind === 'decision') {
    const { inputs, decisions, knowledge } = entry.element.requirements;
    return [...inputs, ...decisions, ...knowledge];
  }
  if (entry.kind === 'bkm') return entry.element.requirements.knowledge;
  if (entry.kind === 'service') {
    const { outputDecisions, encapsulatedDecisions, inputDecisions, inputData } = entry.element;
    return [...outputDecisions, ...encapsulatedDecisions, ...inputDecisions, ...inputData];
  }
  return [];
}

/** Every reference is resolved once so that all unknown ones are reported; then circles are looked for. */
function checkRequirements(file: LinkedFile): void {
  const done = new Set<string>();
  for (const entry of file.elements.values()) {
    for (const reference of requirementsOf(entry)) resolveReference(file, reference);
    findCycle(entry, [], done);
  }
}

function findCycle(entry: DrgElement, path: readonly DrgElement[], done: Set<string>): void {
  const key = keyOf(entry);
  const begin = path.findIndex((other) => keyOf(other) === key);
  if (begin !== -1) {
    const names = [...path.slice(begin), entry].map(({ element }) => `'${element.name}'`).join(' → ');
    entry.file.diagnostics.error('acyclic-requirements', entry.element.place, `Requirements form a circle: ${names}.`);
    return;
  }
  if (done.has(key)) return;
  for (const reference of requirementsOf(entry)) {
    const target = resolveReference(entry.file, reference, true)?.target;
    // A knowledge model may call itself: that is recursion of a function, bounded when it runs.
    if (target === undefined || (target === entry && entry.kind === 'bkm')) continue;
    // A service's own decisions may not depend on the service, but its inputs stand outside of it.
    findCycle(target, [...path, entry], done);
  }
  done.add(key);
}
