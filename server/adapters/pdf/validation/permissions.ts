// What a signature allows to happen after it (ISO 32000-2, 12.8.2): DocMDP of a certification or an approval, FieldMDP of a
// field lock. They are read from the signature dictionary itself, which is signed, not from the catalog, which anybody can
// rewrite; the strictest of several counts.

import type { PdfFile } from '../core/file.ts';
import { decodeText, isArray, isDict, isName, isString } from '../core/objects.ts';
import type { PdfDict } from '../core/objects.ts';

export type FieldLock =
  | { readonly kind: 'all' }
  | { readonly kind: 'include'; readonly names: readonly string[] }
  | { readonly kind: 'exclude'; readonly names: readonly string[] };

export interface Permissions {
  /** 1 nothing, 2 filling and signing, 3 also comments; null: the signer said nothing. */
  readonly level: 1 | 2 | 3 | null;
  readonly locks: readonly FieldLock[];
}

export const NO_PERMISSIONS: Permissions = { level: null, locks: [] };

function levelIn(file: PdfFile, parameters: PdfDict | null): 1 | 2 | 3 | null {
  const value = parameters === null ? null : file.get(parameters, 'P');
  return value === 1 || value === 2 || value === 3 ? value : null;
}

function lockIn(file: PdfFile, parameters: PdfDict): FieldLock {
  const action = file.get(parameters, 'Action');
  const listed = file.get(parameters, 'Fields');
  const names = isArray(listed)
    ? listed.items
        .map((item) => file.resolve(item))
        .filter(isString)
        .map(decodeText)
    : [];
  if (isName(action, 'Include')) return { kind: 'include', names };
  if (isName(action, 'Exclude')) return { kind: 'exclude', names };
  // `All`, and what nobody understands: the careful reading.
  return { kind: 'all' };
}

export function permissionsOf(file: PdfFile, signature: PdfDict): Permissions {
  const levels: (1 | 2 | 3)[] = [];
  const locks: FieldLock[] = [];
  for (const item of file.getItems(signature, 'Reference')) {
    const reference = file.resolve(item);
    if (!isDict(reference)) continue;
    const method = file.get(reference, 'TransformMethod');
    const parameters = file.getDict(reference, 'TransformParams');
    if (isName(method, 'DocMDP')) levels.push(levelIn(file, parameters) ?? 2);
    if (isName(method, 'FieldMDP') && parameters !== null) {
      locks.push(lockIn(file, parameters));
      const level = levelIn(file, parameters);
      if (level !== null) levels.push(level);
    }
  }
  const level = levels.sort((left, right) => left - right)[0] ?? null;
  return { level, locks };
}

const isNamed = (names: readonly string[], field: string): boolean =>
  names.some((name) => field === name || field.startsWith(`${name}.`));

export const isLocked = ({ locks }: Permissions, field: string): boolean =>
  locks.some((lock) => {
    if (lock.kind === 'all') return true;
    return lock.kind === 'include' ? isNamed(lock.names, field) : !isNamed(lock.names, field);
  });
