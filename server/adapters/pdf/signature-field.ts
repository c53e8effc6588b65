// Adds one signature to an increment: the field merged with its widget, the signature dictionary with room for the CMS,
// the page's /Annots and the AcroForm. An empty signature field of that name is filled instead. Field names are unique
// in the file, because a second field of the same name takes over the value of the first and so destroys that signature.

import { AppError } from '../../shared/app-error.ts';
import type { Instant } from '../../shared/time.ts';
import type { VisibleSignature } from '../../modules/signing/ports.ts';
import { addAnnotations, getPage } from './annotations.ts';
import { drawSignature, pdfDate, rectArray } from './appearance.ts';
import { catalogOf, pagesOf } from './core/file.ts';
import type { PdfFile } from './core/file.ts';
import {
  array,
  dict,
  isArray,
  isDict,
  isInteger,
  isRef,
  isSameRef,
  name,
  rawText,
  textString,
  withEntries,
} from './core/objects.ts';
import type { PdfDict, PdfObject, PdfRef } from './core/objects.ts';
import type { IncrementalUpdate } from './core/update.ts';
import { formFieldsOf } from './form-fields.ts';
import type { FormField } from './form-fields.ts';

/** Ten digits for each of the three numbers that are filled in after writing. */
export const BYTE_RANGE_PLACEHOLDER = `[0 ${'9'.repeat(10)} ${'9'.repeat(10)} ${'9'.repeat(10)}]`;

/** A CMS with a chain of three RSA certificates and a timestamp token takes about 9 KB. */
export const RESERVED_BYTES = 16 * 1024;

/** Print and locked: the widget is paper and cannot be moved. */
const WIDGET_FLAGS = 4 + 128;
/** Signatures exist, append only. */
const SIG_FLAGS = 3;
/** An invisible widget: no area, on the first page. */
const NOWHERE = { page: 1, x: 0, y: 0, width: 0, height: 0 } as const;

export interface SignatureFieldPlan {
  readonly fieldName: string;
  readonly appearance: VisibleSignature | null;
  readonly signedAt: Instant;
  readonly reservedBytes: number;
  /** A person's or agency's signature; null for a document timestamp, which carries its time itself. */
  readonly signature: { readonly signerName: string; readonly reason: string; readonly location: string } | null;
}

const taken = (fieldName: string): AppError =>
  new AppError('rejection', 'SIGNING_FIELD_EXISTS', `The field name '${fieldName}' is taken or unusable`, {
    details: { fieldName },
  });

/** The empty field to fill, or null when a field of this name has to be made. */
function findEmptyField(file: PdfFile, fieldName: string): FormField | null {
  const fields = formFieldsOf(file);
  const field = fields.find((candidate) => candidate.fullName === fieldName);
  if (field === undefined) {
    // A new name must not stand above or below an existing one: "A" and "A.B" are one branch of the field tree.
    const isBranch = fields.some((other) => other.fullName.startsWith(`${fieldName}.`));
    if (fieldName === '' || fieldName.includes('.') || isBranch) throw taken(fieldName);
    return null;
  }
  const isEmpty = field.isSignature && file.resolve(field.value) === null && field.ref !== null;
  if (!isEmpty) throw taken(fieldName);
  return field;
}

function signatureDictionary({ reservedBytes, signature, signedAt }: SignatureFieldPlan): PdfObject {
  const placeholders = {
    ByteRange: rawText(BYTE_RANGE_PLACEHOLDER),
    Contents: rawText(`<${'0'.repeat(2 * reservedBytes)}>`),
  };
  const filter = name('Adobe.PPKLite');
  if (signature === null) {
    return dict({ Type: name('DocTimeStamp'), Filter: filter, SubFilter: name('ETSI.RFC3161'), ...placeholders });
  }
  const optional: Record<string, PdfObject> = {};
  if (signature.reason !== '') optional['Reason'] = textString(signature.reason);
  if (signature.location !== '') optional['Location'] = textString(signature.location);
  return dict({
    Type: name('Sig'),
    Filter: filter,
    SubFilter: name('ETSI.CAdES.detached'),
    ...placeholders,
    Name: textString(signature.signerName),
    M: { kind: 'string', bytes: new Uint8Array(Buffer.from(pdfDate(signedAt), 'latin1')) },
    ...optional,
  });
}

/** Adds fields to the AcroForm, in the form in which the file holds it: direct, or as an object of its own. */
function addToForm(file: PdfFile, update: IncrementalUpdate, fields: readonly PdfRef[]): void {
  const catalog = catalogOf(file);
  const holder = catalog.dict.entries.get('AcroForm');
  const form = file.resolve(holder);
  if (!isDict(form)) {
    const fresh = update.add(dict({ Fields: array(fields), SigFlags: SIG_FLAGS }));
    update.set(catalog.ref, withEntries(catalog.dict, { AcroForm: fresh }));
    return;
  }
  const flags = file.get(form, 'SigFlags');
  const allFlags = (isInteger(flags) ? flags : 0) | SIG_FLAGS;
  // Filling an empty field leaves a form that is marked already as it is.
  if (fields.length === 0 && flags === allFlags) return;
  const all = array([...file.getItems(form, 'Fields'), ...fields]);
  const changes = fields.length === 0 ? { SigFlags: allFlags } : { Fields: all, SigFlags: allFlags };
  const changed = withEntries(form, changes);
  if (isRef(holder)) update.set(holder, changed);
  else update.set(catalog.ref, withEntries(catalog.dict, { AcroForm: changed }));
}

/** The widgets of a field: itself when merged, else its kids. */
function widgetsOf(file: PdfFile, ref: PdfRef, field: PdfDict): readonly PdfRef[] {
  const kids = file.getItems(field, 'Kids').filter(isRef);
  return kids.length === 0 ? [ref] : kids;
}

/** Where a widget stands; null when it has no area or no page shows it. */
function placeOf(file: PdfFile, widget: PdfRef, dictionary: PdfDict): VisibleSignature['rect'] | null {
  const rect = file.get(dictionary, 'Rect');
  const [left, bottom, right, top] = isArray(rect) ? rect.items.map((item) => file.resolve(item)) : [];
  if (typeof left !== 'number' || typeof bottom !== 'number') return null;
  if (typeof right !== 'number' || typeof top !== 'number') return null;
  const size = { width: Math.abs(right - left), height: Math.abs(top - bottom) };
  const named = dictionary.entries.get('P');
  const index = pagesOf(file).findIndex(
    (page) =>
      isSameRef(page.ref, named) ||
      (named === undefined && file.getItems(page.dict, 'Annots').some((annotation) => isSameRef(annotation, widget))),
  );
  if (index < 0 || size.width === 0 || size.height === 0) return null;
  return { page: index + 1, x: Math.min(left, right), y: Math.min(bottom, top), ...size };
}

/** The picture is drawn in the field's own rectangle, which its maker chose. */
function fillField(file: PdfFile, update: IncrementalUpdate, ref: PdfRef, plan: SignatureFieldPlan): PdfRef {
  const field = file.resolve(ref);
  if (!isDict(field)) throw taken(plan.fieldName);
  const signature = update.add(signatureDictionary(plan));
  const changed = new Map<number, { readonly ref: PdfRef; readonly dict: PdfDict }>();
  changed.set(ref.number, { ref, dict: withEntries(field, { V: signature }) });
  for (const widget of widgetsOf(file, ref, field)) {
    const dictionary = changed.get(widget.number)?.dict ?? file.resolve(widget);
    if (!isDict(dictionary) || plan.appearance === null) continue;
    const rect = placeOf(file, widget, dictionary);
    if (rect === null) continue;
    const page = getPage(file, rect.page);
    const picture = drawSignature(update, { ...plan.appearance, rect }, plan.signedAt, page.rotation);
    changed.set(widget.number, { ref: widget, dict: withEntries(dictionary, { AP: dict({ N: picture }) }) });
  }
  for (const item of changed.values()) update.set(item.ref, item.dict);
  addToForm(file, update, []);
  return signature;
}

function makeField(file: PdfFile, update: IncrementalUpdate, plan: SignatureFieldPlan): PdfRef {
  const { appearance } = plan;
  const rect = appearance?.rect ?? NOWHERE;
  const page = getPage(file, rect.page);
  const optional: Record<string, PdfObject> =
    appearance === null ? {} : { AP: dict({ N: drawSignature(update, appearance, plan.signedAt, page.rotation) }) };
  const signature = update.add(signatureDictionary(plan));
  const widget = update.add(
    dict({
      Type: name('Annot'),
      Subtype: name('Widget'),
      FT: name('Sig'),
      T: textString(plan.fieldName),
      V: signature,
      F: WIDGET_FLAGS,
      Rect: rectArray(rect),
      P: page.ref,
      ...optional,
    }),
  );
  addAnnotations(file, update, page, [widget]);
  addToForm(file, update, [widget]);
  return signature;
}

/** Answers the reference of the signature dictionary, whose placeholders the signer fills. */
export function addSignatureField(file: PdfFile, update: IncrementalUpdate, plan: SignatureFieldPlan): PdfRef {
  const empty = findEmptyField(file, plan.fieldName);
  return empty === null || empty.ref === null
    ? makeField(file, update, plan)
    : fillField(file, update, empty.ref, plan);
}
