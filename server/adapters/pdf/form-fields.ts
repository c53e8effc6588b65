// Finds the form fields of the last revision through the AcroForm, as viewers do: names joined with dots, type and
// value inherited. Widgets on pages that no field names are not fields.

import { catalogOf } from './core/file.ts';
import type { PdfFile } from './core/file.ts';
import { LIMITS } from './core/limits.ts';
import { decodeText, isDict, isName, isRef, isString } from './core/objects.ts';
import type { PdfDict, PdfObject, PdfRef } from './core/objects.ts';
import { PdfFault } from './core/pdf-fault.ts';

export interface FormField {
  readonly ref: PdfRef | null;
  readonly dict: PdfDict;
  readonly fullName: string;
  readonly isSignature: boolean;
  /** The /V entry unresolved: for a signature, the reference to its dictionary; null when unsigned. */
  readonly value: PdfObject;
}

interface Pending {
  readonly object: PdfObject;
  readonly parentName: string;
  readonly type: PdfObject;
  readonly value: PdfObject;
}

/** Every terminal field. Throws PdfFault when the field tree loops or is too large. */
export function formFieldsOf(file: PdfFile): readonly FormField[] {
  const form = file.getDict(catalogOf(file).dict, 'AcroForm');
  if (form === null) return [];
  const fields: FormField[] = [];
  const seen = new Set<number>();
  const top = { parentName: '', type: null, value: null };
  const stack: Pending[] = [...file.getItems(form, 'Fields')].reverse().map((object) => ({ object, ...top }));
  for (let pending = stack.pop(); pending !== undefined; pending = stack.pop()) {
    if (stack.length + fields.length > LIMITS.formFields) throw new PdfFault('too-complex', 'Too many form fields');
    const ref = isRef(pending.object) ? pending.object : null;
    if (ref !== null && seen.has(ref.number)) continue;
    if (ref !== null) seen.add(ref.number);
    const dictionary = file.resolve(pending.object);
    if (!isDict(dictionary)) continue;
    const own = file.get(dictionary, 'T');
    const fullName = joinNames(pending.parentName, isString(own) ? decodeText(own) : null);
    const type = file.get(dictionary, 'FT') ?? pending.type;
    const value = dictionary.entries.get('V') ?? pending.value;
    const children = file.getItems(dictionary, 'Kids').filter((kid) => isNamedField(file, kid));
    if (children.length === 0) {
      fields.push({ ref, dict: dictionary, fullName, isSignature: isName(type, 'Sig'), value });
    }
    for (const object of [...children].reverse()) stack.push({ object, parentName: fullName, type, value });
  }
  return fields;
}

function joinNames(parent: string, own: string | null): string {
  if (own === null) return parent;
  return parent === '' ? own : `${parent}.${own}`;
}

/** A kid with a name is a field; one without is only a widget of its parent. */
function isNamedField(file: PdfFile, kid: PdfObject): boolean {
  const dictionary = file.resolve(kid);
  return isDict(dictionary) && isString(file.get(dictionary, 'T'));
}
