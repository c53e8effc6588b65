// The signatures of a file, found where viewers find them (fields of the form), with their dictionaries and byte ranges.
// A field that claims to be signed and is not readable is reported, never skipped: skipping is how forgeries disappear.

import { parsePdfDate } from '../../pdf/appearance.ts';
import { findCoverage } from '../../pdf/byte-range.ts';
import type { Coverage } from '../../pdf/byte-range.ts';
import { catalogOf } from '../../pdf/core/file.ts';
import type { PdfFile } from '../../pdf/core/file.ts';
import { decodeText, isArray, isDict, isName, isRef, isString } from '../../pdf/core/objects.ts';
import type { PdfDict, PdfObject } from '../../pdf/core/objects.ts';
import { formFieldsOf } from '../../pdf/form-fields.ts';
import type { FormField } from '../../pdf/form-fields.ts';

export interface FoundSignature {
  readonly name: string;
  readonly field: FormField;
  /** The object that holds the dictionary: the field's value, or the field itself. */
  readonly holder: PdfObject;
  /** null: the value is no dictionary. */
  readonly dict: PdfDict | null;
  readonly subFilter: string | null;
  readonly isTimestamp: boolean;
  readonly claimedAt: Date | null;
  readonly contents: Uint8Array | null;
  readonly coverage: Coverage | null;
}

const isClaimed = (file: PdfFile, field: FormField): boolean => {
  if (field.value === null) return false;
  if (field.isSignature) return true;
  // A field of another type whose value is a signature dictionary is a disguise.
  const value = file.resolve(field.value);
  return isDict(value) && value.entries.has('ByteRange');
};

function claimedTimeOf(file: PdfFile, dictionary: PdfDict): Date | null {
  const value = file.get(dictionary, 'M');
  return isString(value) ? parsePdfDate(decodeText(value)) : null;
}

function readFound(file: PdfFile, field: FormField): FoundSignature {
  const holder = isRef(field.value) ? field.value : field.ref;
  const dict = file.resolve(field.value);
  const nothing = { name: field.fullName, field, holder, claimedAt: null, contents: null, coverage: null };
  if (!isDict(dict)) return { ...nothing, dict: null, subFilter: null, isTimestamp: false };
  const subFilter = file.get(dict, 'SubFilter');
  const contents = dict.entries.get('Contents');
  return {
    name: field.fullName,
    field,
    holder,
    dict,
    subFilter: isName(subFilter) ? subFilter.value : null,
    isTimestamp: isName(subFilter, 'ETSI.RFC3161'),
    claimedAt: claimedTimeOf(file, dict),
    contents: isString(contents) ? contents.bytes : null,
    coverage: findCoverage(file, holder, dict),
  };
}

export const findSignatures = (file: PdfFile): readonly FoundSignature[] =>
  formFieldsOf(file)
    .filter((field) => isClaimed(file, field))
    .map((field) => readFound(file, field));

/** Numbers in the byte range as the file gives them, for the report. */
export function byteRangeOf(dict: PdfDict | null): readonly number[] | null {
  const value = dict?.entries.get('ByteRange');
  return isArray(value) ? value.items.filter((item) => typeof item === 'number').slice(0, 8) : null;
}

/** The certification that the catalog names is one of the signatures found, or hides from whoever looks at fields. */
export function hasHiddenCertification(file: PdfFile, found: readonly FoundSignature[]): boolean {
  const permissions = file.getDict(catalogOf(file).dict, 'Perms');
  const certification = permissions?.entries.get('DocMDP');
  if (certification === undefined || file.resolve(certification) === null) return false;
  return !found.some(
    ({ holder, dict }) =>
      (isRef(certification) && isRef(holder) && holder.number === certification.number) ||
      (dict !== null && file.resolve(certification) === dict),
  );
}
