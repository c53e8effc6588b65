// The ledger of one comparison: which objects differ between the signed revision and the file, which of them a rule has
// looked at and through which reference, and what was found. What nobody has explained in the end is a modification.

import type { PdfFile } from '../core/file.ts';
import { isRef } from '../core/objects.ts';
import type { PdfDict, PdfObject } from '../core/objects.ts';
import type { Change, ChangeCode, ChangeLevel } from './changes.ts';
import { Equality } from './equality.ts';
import { eachReference, edgeKey, resolveOrNull, valueOf } from './references.ts';
import type { Edge } from './references.ts';

/** A position in the newer revision: an object, and the path inside it. */
export interface Place {
  readonly number: number;
  readonly path: string;
}

export const TRAILER: Place = { number: 0, path: '' };
const MAX_SUBTREE = 20_000;
/** Enough for any report; a hostile file has millions. */
const MAX_CHANGES = 200;

function hasSameEntry(old: PdfFile, now: PdfFile, number: number): boolean {
  const before = old.xref.entries.get(number);
  const after = now.xref.entries.get(number);
  if (before === after) return true;
  if (before?.kind === 'offset' && after?.kind === 'offset') {
    return before.offset === after.offset && before.generation === after.generation;
  }
  if (before?.kind === 'compressed' && after?.kind === 'compressed') {
    return before.container === after.container && before.index === after.index;
  }
  return (before === undefined || before.kind === 'free') && (after === undefined || after.kind === 'free');
}

/** Numbers about which the two cross-references say different things, and the objects inside containers among them. */
export function differingNumbers(old: PdfFile, now: PdfFile): ReadonlySet<number> {
  const numbers = new Set<number>();
  const containers = new Set<number>();
  for (const number of [...now.xref.entries.keys(), ...old.xref.entries.keys()]) {
    if (hasSameEntry(old, now, number)) continue;
    numbers.add(number);
    containers.add(number);
  }
  // A container that was replaced changes everything that both revisions find in it. So does one that takes its length,
  // its filter or its index from an object that was replaced: nothing refers to it, only the cross-reference does.
  const dependsOnChange = new Map<number, boolean>();
  const isAffected = (container: number): boolean => {
    const known = dependsOnChange.get(container);
    if (known !== undefined) return known;
    let isFound = containers.has(container);
    eachReference(valueOf(now, container), (ref) => {
      if (containers.has(ref.number)) isFound = true;
    });
    dependsOnChange.set(container, isFound);
    return isFound;
  };
  if (containers.size === 0) return numbers;
  for (const [number, entry] of now.xref.entries) {
    if (entry.kind === 'compressed' && isAffected(entry.container)) numbers.add(number);
  }
  return numbers;
}

export class Comparison {
  readonly old: PdfFile;
  readonly now: PdfFile;
  readonly equality: Equality;
  /** Objects of the signed revision, or gaps that it refers to, which are something else now and can be reached. */
  readonly changed: ReadonlySet<number>;
  readonly #edges: ReadonlyMap<number, readonly Edge[]>;
  readonly #allowedEdges = new Set<string>();
  readonly #allowedAnywhere = new Set<number>();
  readonly #changes: Change[] = [];

  constructor(old: PdfFile, now: PdfFile, edges: ReadonlyMap<number, readonly Edge[]>) {
    this.old = old;
    this.now = now;
    this.#edges = edges;
    this.equality = new Equality(old, now);
    this.changed = this.#findChanged();
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  note(level: ChangeLevel, code: ChangeCode, where: string): void {
    const isKnown = this.#changes.some((change) => change.code === code && change.where === where);
    if (!isKnown && this.#changes.length < MAX_CHANGES) this.#changes.push({ level, code, where });
  }

  #findChanged(): ReadonlySet<number> {
    const changed = new Set<number>();
    for (const number of differingNumbers(this.old, this.now)) {
      const edges = this.#edges.get(number);
      if (edges === undefined) continue;
      const before = valueOf(this.old, number);
      const after = valueOf(this.now, number);
      const isOther =
        before === null ? after !== null && this.#isMentioned(number, edges) : !this.equality.isSame(before, after);
      if (isOther) changed.add(number);
    }
    return changed;
  }

  /** A number that the signed revision refers to although it has no such object: a gap left to be filled later. */
  #isMentioned(number: number, edges: readonly Edge[]): boolean {
    return edges.some(({ parent }) => {
      let isFound = false;
      const value = parent === 0 ? null : valueOf(this.old, parent);
      eachReference(value, (ref) => {
        if (ref.number === number) isFound = true;
      });
      return isFound;
    });
  }

  /** True for a reference to an object that the signed revision does not have and does not mention. */
  isNew(object: PdfObject | undefined): boolean {
    return isRef(object) && !this.changed.has(object.number) && valueOf(this.old, object.number) === null;
  }

  isChanged(object: PdfObject | undefined): boolean {
    return isRef(object) && this.changed.has(object.number);
  }

  /** Goes from a place into an entry; the caller promises to look at what it finds there. */
  enter(place: Place, object: PdfObject | undefined, step: string): Place {
    if (!isRef(object)) return { number: place.number, path: `${place.path}${step}` };
    this.#allowedEdges.add(`${object.number}<${edgeKey(place.number, place.path + step)}`);
    return { number: object.number, path: '' };
  }

  enterKey(place: Place, dictionary: PdfDict, key: string): Place {
    return this.enter(place, dictionary.entries.get(key), `/${key}`);
  }

  /** The object was judged whole: nothing that refers to it can make its change worse. */
  allowAnywhere(object: PdfObject | undefined): void {
    if (isRef(object)) this.#allowedAnywhere.add(object.number);
  }

  /**
   * Allows whatever hangs below a place, as far as it belongs to nobody else: objects that are new, and changed ones to
   * which only this subtree and new objects refer. Answers whether any object of the signed revision is changed in it.
   */
  allowSubtree(place: Place, object: PdfObject | undefined, step: string): boolean {
    const visited = new Set<number>();
    let hasChanges = false;
    const stack: { readonly place: Place; readonly value: PdfObject }[] = [];
    const reach = (from: Place, target: PdfObject, path: string): void => {
      if (!isRef(target)) return;
      this.#allowedEdges.add(`${target.number}<${edgeKey(from.number, path)}`);
      if (this.changed.has(target.number)) hasChanges = true;
      if (visited.has(target.number) || visited.size > MAX_SUBTREE) return;
      if (!this.isNew(target) && !this.#isOwnedBy(target.number, from.number, visited)) return;
      visited.add(target.number);
      stack.push({ place: { number: target.number, path: '' }, value: resolveOrNull(this.now, target) });
    };
    if (isRef(object)) reach(place, object, place.path + step);
    else stack.push({ place: { number: place.number, path: place.path + step }, value: object ?? null });
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { place: from, value } = next;
      eachReference(value, (ref, path) => reach(from, ref, from.path + path));
    }
    return hasChanges;
  }

  #isOwnedBy(number: number, holder: number, visited: ReadonlySet<number>): boolean {
    if (!this.changed.has(number)) return false;
    const edges = this.#edges.get(number) ?? [];
    return edges.every(
      ({ parent }) => parent === holder || visited.has(parent) || (parent !== 0 && valueOf(this.old, parent) === null),
    );
  }

  edgesTo(number: number): readonly Edge[] {
    return this.#edges.get(number) ?? [];
  }

  /** Changed objects to which at least one way leads that no rule has looked at. */
  unexplained(): readonly number[] {
    return [...this.changed].filter((number) => {
      if (this.#allowedAnywhere.has(number)) return false;
      return !this.edgesTo(number).every(({ parent, path }) =>
        this.#allowedEdges.has(`${number}<${edgeKey(parent, path)}`),
      );
    });
  }
}
