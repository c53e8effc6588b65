// Is what follows a signed revision only evidence? A file of level B-LT ends with revocation data (/DSS) that no signature
// covers yet. It changes nothing that is shown, so the signature before it still closes the document (EN 319 142-1, 5.4).

import { catalogOf, openPdf } from './core/file.ts';
import type { PdfFile } from './core/file.ts';
import { isRef, isSameRef } from './core/objects.ts';
import type { PdfDict, PdfObject } from './core/objects.ts';
import { PdfFault } from './core/pdf-fault.ts';
import { serialize } from './core/serialize.ts';

const EVIDENCE_KEYS = new Set(['DSS', 'Extensions']);

function hasSameRest(old: PdfDict, now: PdfDict): boolean {
  const keys = new Set([...old.entries.keys(), ...now.entries.keys()]);
  const textOf = (dictionary: PdfDict, key: string): string => serialize(dictionary.entries.get(key) ?? null);
  return [...keys].every((key) => EVIDENCE_KEYS.has(key) || textOf(old, key) === textOf(now, key));
}

/** Objects that may be written anew: the catalog, and the store with its lists. */
function evidenceNumbers(file: PdfFile, catalog: PdfDict): ReadonlySet<number> {
  const numbers = new Set<number>();
  const add = (object: PdfObject | undefined): void => void (isRef(object) && numbers.add(object.number));
  add(file.trailer.entries.get('Root'));
  add(catalog.entries.get('DSS'));
  const store = file.getDict(catalog, 'DSS');
  for (const value of store?.entries.values() ?? []) add(value);
  return numbers;
}

function isEvidenceOnly(old: PdfFile, now: PdfFile): boolean {
  const before = catalogOf(old);
  const after = catalogOf(now);
  if (!isSameRef(before.ref, after.ref) || !hasSameRest(before.dict, after.dict)) return false;
  const free = evidenceNumbers(old, before.dict);
  return [...old.xref.entries].every(([number, entry]) => {
    const present = now.xref.entries.get(number);
    return free.has(number) || JSON.stringify(present) === JSON.stringify(entry);
  });
}

/** `end`: where the signed revision ends. */
export function isFollowedByEvidenceOnly(file: PdfFile, end: number): boolean {
  try {
    return isEvidenceOnly(openPdf(file.bytes.subarray(0, end)), file);
  } catch (error) {
    if (error instanceof PdfFault) return false;
    throw error;
  }
}
