// Every signed field of a PDF, taken apart but not judged: what it covers, its CMS, the timestamps that it carries. The
// reader judges these records, the long-term extension collects evidence for them; both see the same thing.

import { parsePdfDate } from '../pdf/appearance.ts';
import { findCoverage } from '../pdf/byte-range.ts';
import type { Coverage } from '../pdf/byte-range.ts';
import type { PdfFile } from '../pdf/core/file.ts';
import { decodeText, isDict, isName, isRef, isString } from '../pdf/core/objects.ts';
import type { PdfDict } from '../pdf/core/objects.ts';
import { formFieldsOf } from '../pdf/form-fields.ts';
import type { FormField } from '../pdf/form-fields.ts';
import { readSignedData } from './cms.ts';
import type { ReadSignedData } from './cms.ts';
import { DerFault } from './der.ts';
import { readTimestampToken } from './timestamp.ts';
import type { TimestampToken } from './timestamp.ts';

export type SignatureKind = 'signature' | 'document-timestamp';

export interface SignatureRecord {
  readonly field: FormField;
  /** null when the signature dictionary is of a kind that we do not read. */
  readonly kind: SignatureKind | null;
  readonly claimedAt: Date | null;
  /** null when the byte range is not that of a signature. */
  readonly coverage: Coverage | null;
  /** null when the CMS is malformed. */
  readonly signed: ReadSignedData | null;
  /** A document timestamp itself. */
  readonly ownToken: TimestampToken | null;
  /** Timestamps over the signature value; null for one that is malformed. */
  readonly tokens: readonly (TimestampToken | null)[];
}

/** DerFault means that foreign bytes are malformed; anything else is a bug and goes up. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerFault) return null;
    throw error;
  }
}

function kindOf(file: PdfFile, dictionary: PdfDict): SignatureKind | null {
  const subFilter = file.get(dictionary, 'SubFilter');
  if (isName(subFilter, 'ETSI.RFC3161')) return 'document-timestamp';
  const isKnown = isName(subFilter, 'ETSI.CAdES.detached') || isName(subFilter, 'adbe.pkcs7.detached');
  return isKnown ? 'signature' : null;
}

function claimedTimeOf(file: PdfFile, dictionary: PdfDict): Date | null {
  const value = file.get(dictionary, 'M');
  return isString(value) ? parsePdfDate(decodeText(value)) : null;
}

export const signedFieldsOf = (file: PdfFile): readonly FormField[] =>
  formFieldsOf(file).filter((field) => field.isSignature && field.value !== null);

/** Throws PdfFault when the objects of this field cannot be read. */
export function readRecord(file: PdfFile, field: FormField): SignatureRecord {
  const nothing = { field, coverage: null, signed: null, ownToken: null, tokens: [] };
  const value = file.resolve(field.value);
  if (!isDict(value)) return { ...nothing, kind: 'signature', claimedAt: null };
  const kind = kindOf(file, value);
  const claimedAt = claimedTimeOf(file, value);
  if (kind === null) return { ...nothing, kind, claimedAt };
  const coverage = findCoverage(file, isRef(field.value) ? field.value : field.ref, value);
  if (coverage === null) return { ...nothing, kind, claimedAt };
  if (kind === 'document-timestamp') {
    const ownToken = orNull(() => readTimestampToken(coverage.contents));
    return { field, kind, claimedAt, coverage, signed: ownToken?.signed ?? null, ownToken, tokens: [] };
  }
  const signed = orNull(() => readSignedData(coverage.contents));
  const tokens = (signed?.timestampTokens ?? []).map((bytes) => orNull(() => readTimestampToken(bytes)));
  return { field, kind, claimedAt, coverage, signed, ownToken: null, tokens };
}
