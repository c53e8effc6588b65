// Adds one signature to an increment: the field merged with its widget, the /Sig dictionary with room for the CMS,
// the page's /Annots and the AcroForm. Field names are unique in the file, because a second field of the same name
// takes over the value of the first and so destroys that signature.

import { AppError } from '../../shared/app-error.ts';
import type { SignPdfInput } from '../../modules/signing/ports.ts';
import { addAnnotations, getPage } from './annotations.ts';
import { drawSignature, pdfDate, rectArray } from './appearance.ts';
import { catalogOf } from './core/file.ts';
import type { PdfFile } from './core/file.ts';
import { array, dict, isDict, isInteger, isRef, name, rawText, textString, withEntries } from './core/objects.ts';
import type { PdfObject, PdfRef } from './core/objects.ts';
import type { IncrementalUpdate } from './core/update.ts';
import { formFieldsOf } from './form-fields.ts';

/** Ten digits for each of the three numbers that are filled in after writing. */
export const BYTE_RANGE_PLACEHOLDER = `[0 ${'9'.repeat(10)} ${'9'.repeat(10)} ${'9'.repeat(10)}]`;

/** The CMS of a chain of three RSA certificates takes about 5 KB; the rest is for a timestamp later. */
export const RESERVED_BYTES = 16 * 1024;

/** Print and locked: the widget is paper and cannot be moved. */
const WIDGET_FLAGS = 4 + 128;
/** Signatures exist, append only. */
const SIG_FLAGS = 3;

function assertFreshName(file: PdfFile, fieldName: string): void {
  const isUsable = fieldName !== '' && !fieldName.includes('.');
  const isTaken = formFieldsOf(file).some((field) => field.fullName === fieldName);
  if (isUsable && !isTaken) return;
  throw new AppError('rejection', 'SIGNING_FIELD_EXISTS', `The field name '${fieldName}' is taken or unusable`, {
    details: { fieldName },
  });
}

function signatureDictionary(input: SignPdfInput): PdfObject {
  const optional: Record<string, PdfObject> = {};
  if (input.reason !== '') optional['Reason'] = textString(input.reason);
  if (input.location !== '') optional['Location'] = textString(input.location);
  return dict({
    Type: name('Sig'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name('ETSI.CAdES.detached'),
    ByteRange: rawText(BYTE_RANGE_PLACEHOLDER),
    Contents: rawText(`<${'0'.repeat(2 * RESERVED_BYTES)}>`),
    Name: textString(input.credential.subjectName),
    M: { kind: 'string', bytes: new Uint8Array(Buffer.from(pdfDate(input.signedAt), 'latin1')) },
    ...optional,
  });
}

/** Adds the field to the AcroForm, in the form in which the file holds it: direct, or as an object of its own. */
function addToForm(file: PdfFile, update: IncrementalUpdate, field: PdfRef): void {
  const catalog = catalogOf(file);
  const holder = catalog.dict.entries.get('AcroForm');
  const form = file.resolve(holder);
  if (!isDict(form)) {
    const fresh = update.add(dict({ Fields: array([field]), SigFlags: SIG_FLAGS }));
    update.set(catalog.ref, withEntries(catalog.dict, { AcroForm: fresh }));
    return;
  }
  const flags = file.get(form, 'SigFlags');
  const fields = array([...file.getItems(form, 'Fields'), field]);
  const changed = withEntries(form, { Fields: fields, SigFlags: (isInteger(flags) ? flags : 0) | SIG_FLAGS });
  if (isRef(holder)) update.set(holder, changed);
  else update.set(catalog.ref, withEntries(catalog.dict, { AcroForm: changed }));
}

/** Answers the reference of the signature dictionary, whose placeholders the signer fills. */
export function addSignatureField(file: PdfFile, update: IncrementalUpdate, input: SignPdfInput): PdfRef {
  assertFreshName(file, input.fieldName);
  const { rect } = input.appearance;
  const page = getPage(file, rect.page);
  const picture = drawSignature(update, input.appearance, input.signedAt, page.rotation);
  const signature = update.add(signatureDictionary(input));
  const widget = update.add(
    dict({
      Type: name('Annot'),
      Subtype: name('Widget'),
      FT: name('Sig'),
      T: textString(input.fieldName),
      V: signature,
      F: WIDGET_FLAGS,
      Rect: rectArray(rect),
      P: page.ref,
      AP: dict({ N: picture }),
    }),
  );
  addAnnotations(file, update, page, [widget]);
  addToForm(file, update, widget);
  return signature;
}
