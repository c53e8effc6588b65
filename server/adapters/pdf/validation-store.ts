// The document security store (/DSS, ISO 32000-2, 12.8.4.3): certificates, revocation lists and OCSP responses inside the
// file, so that a signature can be judged when the authorities no longer answer. It is only ever added to. No /VRI is
// written: EN 319 142-1 advises against it, and verifiers match evidence by content.

import { catalogOf } from './core/file.ts';
import type { PdfFile } from './core/file.ts';
import { array, dict, isRef, isStream, stream, withEntries } from './core/objects.ts';
import type { PdfObject } from './core/objects.ts';
import { PdfFault } from './core/pdf-fault.ts';
import type { IncrementalUpdate } from './core/update.ts';

export interface ValidationData {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
}

const KEYS = { certificates: 'Certs', crls: 'CRLs', ocsps: 'OCSPs' } as const;
const KINDS = ['certificates', 'crls', 'ocsps'] as const;
const MAX_ITEMS = 1_000;

function storeOf(file: PdfFile): { readonly dict: ReturnType<PdfFile['getDict']>; readonly holder: PdfObject } {
  const catalog = catalogOf(file).dict;
  return { dict: file.getDict(catalog, 'DSS'), holder: catalog.entries.get('DSS') ?? null };
}

/** What the file holds; streams that cannot be decoded are no evidence. */
export function readValidationStore(file: PdfFile): ValidationData {
  const found: Record<(typeof KINDS)[number], Uint8Array[]> = { certificates: [], crls: [], ocsps: [] };
  const { dict: store } = storeOf(file);
  if (store === null) return found;
  for (const kind of KINDS) {
    for (const item of file.getItems(store, KEYS[kind]).slice(0, MAX_ITEMS)) {
      const bytes = decodeOrNull(file, item);
      if (bytes !== null) found[kind].push(bytes);
    }
  }
  return found;
}

function decodeOrNull(file: PdfFile, item: PdfObject): Uint8Array | null {
  try {
    const object = file.resolve(item);
    return isStream(object) ? file.decode(object) : null;
  } catch (error) {
    if (error instanceof PdfFault && error.reason === 'corrupt') return null;
    throw error;
  }
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/** Adds what the file does not hold yet; false when it holds everything and nothing needs to be written. */
export function addValidationData(file: PdfFile, update: IncrementalUpdate, added: ValidationData): boolean {
  const present = readValidationStore(file);
  const { dict: store, holder } = storeOf(file);
  const changes: Record<string, PdfObject> = {};
  for (const kind of KINDS) {
    const fresh = added[kind].filter((bytes) => !present[kind].some((known) => isSame(known, bytes)));
    if (fresh.length === 0) continue;
    // Small DER does not compress; plain streams are what every viewer reads.
    const refs = fresh.map((bytes) => update.add(stream({}, bytes)));
    changes[KEYS[kind]] = array([...(store === null ? [] : file.getItems(store, KEYS[kind])), ...refs]);
  }
  if (Object.keys(changes).length === 0) return false;
  const whole = withEntries(store ?? dict({}), changes);
  if (isRef(holder) && store !== null) update.set(holder, whole);
  else {
    const catalog = catalogOf(file);
    update.set(catalog.ref, withEntries(catalog.dict, { DSS: update.add(whole) }));
  }
  return true;
}
