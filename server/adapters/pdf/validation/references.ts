// Who refers to whom in a file. A changed object is harmless only if every way to it was looked at: an appearance that is
// also the content of a page, or a font that is also used elsewhere, is how "allowed" changes reach forbidden places.

import type { PdfFile } from '../core/file.ts';
import { isArray, isDict, isRef, isStream, reference } from '../core/objects.ts';
import type { PdfObject, PdfRef } from '../core/objects.ts';
import { PdfFault } from '../core/pdf-fault.ts';

export interface Edge {
  /** Object number of the holder; 0 for the trailer. */
  readonly parent: number;
  /** `/AP/N`, `/Kids[]`: without positions in arrays. */
  readonly path: string;
}

export const edgeKey = (parent: number, path: string): string => `${parent}${path}`;

/** The current value of a number; null when it does not exist or cannot be read. */
export function valueOf(file: PdfFile, number: number): PdfObject {
  const entry = file.xref.entries.get(number);
  return resolveOrNull(file, reference(number, entry?.kind === 'offset' ? entry.generation : 0));
}

/** What no viewer can read shows nothing; a fault in one object is not a fault of the whole file. */
export function resolveOrNull(file: PdfFile, object: PdfObject | undefined): PdfObject {
  try {
    return file.resolve(object);
  } catch (error) {
    if (error instanceof PdfFault && error.reason === 'corrupt') return null;
    throw error;
  }
}

interface Pending {
  readonly ref: PdfRef;
}

/** Calls back for every reference inside one value, with its path. */
export function eachReference(value: PdfObject, found: (ref: PdfRef, path: string) => void, path = ''): void {
  if (typeof value !== 'object' || value === null) return;
  if (isRef(value)) found(value, path);
  else if (isArray(value)) {
    for (const item of value.items) {
      if (typeof item === 'object' && item !== null) eachReference(item, found, `${path}[]`);
    }
  } else if (isDict(value) || isStream(value)) {
    for (const [key, item] of (isDict(value) ? value : value.dict).entries) {
      if (typeof item === 'object' && item !== null && item.kind !== 'name' && item.kind !== 'string') {
        eachReference(item, found, `${path}/${key}`);
      }
    }
  }
}

/** Every reachable reference to one of the targets. Walks the whole file once, without decoding page content. */
export function findReferences(file: PdfFile, targets: ReadonlySet<number>): ReadonlyMap<number, readonly Edge[]> {
  const edges = new Map<number, Edge[]>();
  const seen = new Set<number>();
  const stack: Pending[] = [];
  const visit = (parent: number, value: PdfObject): void => {
    eachReference(value, (ref, path) => {
      if (targets.has(ref.number)) {
        const known = edges.get(ref.number);
        if (known === undefined) edges.set(ref.number, [{ parent, path }]);
        else known.push({ parent, path });
      }
      if (!seen.has(ref.number)) {
        seen.add(ref.number);
        stack.push({ ref });
      }
    });
  };
  for (const key of ['Root', 'Info'] as const) {
    const ref = file.trailer.entries.get(key);
    if (isRef(ref)) {
      if (targets.has(ref.number))
        edges.set(ref.number, [...(edges.get(ref.number) ?? []), { parent: 0, path: `/${key}` }]);
      if (!seen.has(ref.number)) stack.push({ ref });
      seen.add(ref.number);
    }
  }
  for (let pending = stack.pop(); pending !== undefined; pending = stack.pop()) {
    visit(pending.ref.number, resolveOrNull(file, pending.ref));
  }
  return edges;
}
