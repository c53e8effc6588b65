// Judges what was appended after a signed revision. Allowed are new signature fields with their widgets, the
// number-and-date stamps of the clerk (number-stamp.ts), and a validation data store (/DSS). Everything else is a
// modification, except that an empty signature field of the signed revision may be filled. The two revisions are
// compared object by object, never by rendering. Known limits of this first version: /Info and XMP may not change,
// DocMDP and FieldMDP are not read.

import { catalogOf, pagesOf } from './core/file.ts';
import type { PdfFile, PdfPage } from './core/file.ts';
import { isArray, isDict, isName, isRef, isSameRef, isStream, reference } from './core/objects.ts';
import type { PdfDict, PdfObject } from './core/objects.ts';
import { serialize } from './core/serialize.ts';
import { formFieldsOf } from './form-fields.ts';
import { isNumberOrDateStamp, stampIdOf } from './number-stamp.ts';

const CATALOG_MAY_CHANGE = new Set(['AcroForm', 'DSS', 'Extensions']);
const FORM_MAY_CHANGE = new Set(['Fields', 'SigFlags']);
const DSS_KEYS = new Set(['Type', 'Certs', 'CRLs', 'OCSPs', 'VRI']);

interface Comparison {
  readonly old: PdfFile;
  readonly now: PdfFile;
  /** Objects of the old revision whose value is another one now. */
  readonly changed: ReadonlySet<number>;
  /** Changed objects for which a rule has found the change allowed. */
  readonly explained: Set<number>;
}

function isSameObject(left: PdfObject, right: PdfObject): boolean {
  if (isStream(left) !== isStream(right)) return false;
  if (isStream(left) && isStream(right)) {
    return serialize(left.dict) === serialize(right.dict) && Buffer.compare(left.raw, right.raw) === 0;
  }
  return serialize(left) === serialize(right);
}

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
  return before?.kind === 'free' && after?.kind === 'free';
}

function valueOf(file: PdfFile, number: number): PdfObject {
  const entry = file.xref.entries.get(number);
  return file.resolve(reference(number, entry?.kind === 'offset' ? entry.generation : 0));
}

/** Every object number that the old revision mentions from its trailer, existing or not. */
function mentionedNumbers(file: PdfFile): ReadonlySet<number> {
  const mentioned = new Set<number>();
  const stack: PdfObject[] = ['Root', 'Info'].map((key) => file.trailer.entries.get(key) ?? null);
  for (let object = stack.pop(); object !== undefined; object = stack.pop()) {
    if (isRef(object)) {
      if (mentioned.has(object.number)) continue;
      mentioned.add(object.number);
      stack.push(file.resolve(object));
    } else if (isArray(object)) stack.push(...object.items);
    else if (isDict(object)) stack.push(...object.entries.values());
    else if (isStream(object)) stack.push(...object.dict.entries.values());
  }
  return mentioned;
}

/** null: an object vanished, or one that the signed revision mentions without having it came to life. */
function changedNumbers(old: PdfFile, now: PdfFile): ReadonlySet<number> | null {
  const mentioned = mentionedNumbers(old);
  const changed = new Set<number>();
  for (const number of new Set([...old.xref.entries.keys(), ...now.xref.entries.keys()])) {
    if (hasSameEntry(old, now, number)) continue;
    const before = valueOf(old, number);
    const after = valueOf(now, number);
    if (before === null && mentioned.has(number)) return null;
    if (before !== null && after === null) return null;
    if (before !== null && !isSameObject(before, after)) changed.add(number);
  }
  return changed;
}

/** Equal except for the entries named; absent and null are the same. */
function isSameExcept(old: PdfDict, now: PdfDict, free: ReadonlySet<string>): boolean {
  const keys = new Set([...old.entries.keys(), ...now.entries.keys()]);
  return [...keys].every(
    (key) => free.has(key) || serialize(old.entries.get(key) ?? null) === serialize(now.entries.get(key) ?? null),
  );
}

/** Items added behind the old ones; null when an old item is missing, moved or replaced. */
function addedItems(old: readonly PdfObject[], now: readonly PdfObject[]): readonly PdfObject[] | null {
  const isPrefix = old.every((item, index) => serialize(item) === serialize(now[index] ?? null));
  return isPrefix ? now.slice(old.length) : null;
}

function isNewObject({ old }: Comparison, object: PdfObject): boolean {
  return isRef(object) && valueOf(old, object.number) === null;
}

function explain(comparison: Comparison, object: PdfObject | undefined): void {
  if (isRef(object)) comparison.explained.add(object.number);
}

function isSignatureField(file: PdfFile, object: PdfObject): boolean {
  const dictionary = file.resolve(object);
  if (!isDict(dictionary) || !isName(file.get(dictionary, 'FT'), 'Sig')) return false;
  return !dictionary.entries.has('Kids') && !dictionary.entries.has('AA') && !dictionary.entries.has('A');
}

function isFormAllowed(comparison: Comparison, oldCatalog: PdfDict, nowCatalog: PdfDict): boolean {
  const { old, now } = comparison;
  const before = old.getDict(oldCatalog, 'AcroForm') ?? { kind: 'dict' as const, entries: new Map() };
  const after = now.getDict(nowCatalog, 'AcroForm');
  if (after === null) return before.entries.size === 0;
  const added = addedItems(old.getItems(before, 'Fields'), now.getItems(after, 'Fields'));
  if (added === null || !isSameExcept(before, after, FORM_MAY_CHANGE)) return false;
  if (!added.every((field) => isNewObject(comparison, field) && isSignatureField(now, field))) return false;
  explain(comparison, oldCatalog.entries.get('AcroForm'));
  explain(comparison, before.entries.get('Fields'));
  return true;
}

const FIELD_MAY_GAIN = new Set(['V', 'AP']);
const WIDGET_MAY_GAIN = new Set(['AP']);

/** The place of an empty signature field was part of what was signed; only its value and picture may come later. */
function explainFilledFields(comparison: Comparison): void {
  const { old, now } = comparison;
  for (const field of formFieldsOf(old)) {
    if (!field.isSignature || old.resolve(field.value) !== null || field.ref === null) continue;
    const after = now.resolve(field.ref);
    const value = isDict(after) ? after.entries.get('V') : undefined;
    if (!isDict(after) || value === undefined || !isNewObject(comparison, value)) continue;
    if (isSameExcept(field.dict, after, FIELD_MAY_GAIN)) comparison.explained.add(field.ref.number);
    for (const kid of old.getItems(field.dict, 'Kids').filter(isRef)) {
      const before = old.resolve(kid);
      const widget = now.resolve(kid);
      if (isDict(before) && isDict(widget) && isSameExcept(before, widget, WIDGET_MAY_GAIN)) explain(comparison, kid);
    }
  }
}

function isValidationStoreAllowed({ now }: Comparison, nowCatalog: PdfDict): boolean {
  const store = now.get(nowCatalog, 'DSS');
  return store === null || (isDict(store) && [...store.entries.keys()].every((key) => DSS_KEYS.has(key)));
}

function isCatalogAllowed(comparison: Comparison): boolean {
  const before = catalogOf(comparison.old);
  const after = catalogOf(comparison.now);
  const hasSameInfo =
    serialize(comparison.old.trailer.entries.get('Info') ?? null) ===
    serialize(comparison.now.trailer.entries.get('Info') ?? null);
  if (!hasSameInfo || !isSameRef(before.ref, after.ref)) return false;
  if (!isSameExcept(before.dict, after.dict, CATALOG_MAY_CHANGE)) return false;
  if (!isFormAllowed(comparison, before.dict, after.dict)) return false;
  if (!isValidationStoreAllowed(comparison, after.dict)) return false;
  explain(comparison, before.ref);
  explain(comparison, before.dict.entries.get('DSS'));
  return true;
}

function isPageAllowed(comparison: Comparison, before: PdfPage, after: PdfPage, isFirst: boolean): boolean {
  const { old, now } = comparison;
  const oldHolder = before.dict.entries.get('Annots');
  const holders = [before.ref, oldHolder].filter(isRef);
  if (!holders.some((holder) => comparison.changed.has(holder.number))) return true;
  if (!isSameExcept(before.dict, after.dict, new Set(['Annots']))) return false;
  const added = addedItems(old.getItems(before.dict, 'Annots'), now.getItems(after.dict, 'Annots'));
  if (added === null) return false;
  const isAllowed = (annotation: PdfObject): boolean =>
    isNewObject(comparison, annotation) &&
    (isSignatureField(now, annotation) || (isFirst && isNumberOrDateStamp(now, after, annotation)));
  if (!added.every(isAllowed)) return false;
  holders.forEach((holder) => explain(comparison, holder));
  return true;
}

/** One number and one date: a second stamp of the same kind would overwrite the first for the eye. */
function hasSingleStamps(now: PdfFile, page: PdfPage | undefined): boolean {
  if (page === undefined) return true;
  const ids = now.getItems(page.dict, 'Annots').map((annotation) => stampIdOf(now, annotation));
  const found = ids.filter((id) => id !== null);
  return new Set(found).size === found.length;
}

/** True when everything appended between the signed revision and the whole file is of an allowed kind. */
export function areLaterChangesAllowed(old: PdfFile, now: PdfFile): boolean {
  const changed = changedNumbers(old, now);
  if (changed === null) return false;
  const comparison: Comparison = { old, now, changed, explained: new Set() };
  if (!isCatalogAllowed(comparison)) return false;
  explainFilledFields(comparison);
  const oldPages = pagesOf(old);
  const nowPages = pagesOf(now);
  if (oldPages.length !== nowPages.length || !hasSingleStamps(now, nowPages[0])) return false;
  const arePagesAllowed = oldPages.every((before, index) => {
    const after = nowPages[index];
    if (after === undefined || !isSameRef(before.ref, after.ref)) return false;
    return isPageAllowed(comparison, before, after, index === 0);
  });
  return arePagesAllowed && [...changed].every((number) => comparison.explained.has(number));
}
