// Are two values of two revisions the same for a reader of the file? References are followed where they differ, so that a
// writer may turn a direct value into an indirect one; a reference to the same number counts as the same here, because a
// changed object is judged once, by its own number (comparison.ts).

import type { PdfFile } from '../core/file.ts';
import { isArray, isDict, isName, isRef, isStream, isString } from '../core/objects.ts';
import type { PdfDict, PdfObject } from '../core/objects.ts';

const MAX_DEPTH = 60;
const isSameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

export class Equality {
  readonly #old: PdfFile;
  readonly #now: PdfFile;
  /** Pairs of references that were compared or are being compared: an answer for loops. */
  readonly #pairs = new Map<string, boolean>();

  constructor(old: PdfFile, now: PdfFile) {
    this.#old = old;
    this.#now = now;
  }

  isSame(left: PdfObject | undefined, right: PdfObject | undefined, depth = 0): boolean {
    if (depth > MAX_DEPTH) return false;
    if (isRef(left) && isRef(right)) {
      if (left.number === right.number && left.generation === right.generation) return true;
      const key = `${left.number} ${left.generation} ${right.number} ${right.generation}`;
      const known = this.#pairs.get(key);
      if (known !== undefined) return known;
      this.#pairs.set(key, true);
      const answer = this.#isSameValue(this.#old.resolve(left), this.#now.resolve(right), depth);
      this.#pairs.set(key, answer);
      return answer;
    }
    return this.#isSameValue(this.#old.resolve(left), this.#now.resolve(right), depth);
  }

  #isSameValue(left: PdfObject, right: PdfObject, depth: number): boolean {
    if (left === right) return true;
    if (isName(left)) return isName(right, left.value);
    if (isString(left)) return isString(right) && isSameBytes(left.bytes, right.bytes);
    if (isArray(left)) {
      if (!isArray(right) || left.items.length !== right.items.length) return false;
      return left.items.every((item, index) => this.isSame(item, right.items[index], depth + 1));
    }
    if (isDict(left)) return isDict(right) && this.differingKeys(left, right, depth + 1).length === 0;
    if (!isStream(left) || !isStream(right)) return false;
    const keys = this.differingKeys(left.dict, right.dict, depth + 1).filter((key) => key !== 'Length');
    return keys.length === 0 && isSameBytes(left.raw, right.raw);
  }

  /** Keys whose values differ; absent and null are the same. */
  differingKeys(left: PdfDict, right: PdfDict, depth = 0): readonly string[] {
    const keys = new Set([...left.entries.keys(), ...right.entries.keys()]);
    return [...keys].filter((key) => !this.isSame(left.entries.get(key), right.entries.get(key), depth));
  }
}
