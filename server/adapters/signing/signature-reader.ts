// Reads every signature of a PDF and says for each, without mercy: is it intact, is it trusted, what does it cover.
// Verification runs over the bytes as received. Not judged here: revocation, timestamps, algorithm policy; a finding
// never claims what was not checked. Reason codes are those of domain.md 8.2.

import { createHash } from 'node:crypto';
import { AppError } from '../../shared/app-error.ts';
import { instantOf } from '../../shared/time.ts';
import type { SignatureFinding, SignatureReader } from '../../modules/signing/ports.ts';
import { parsePdfDate } from '../pdf/appearance.ts';
import { findCoverage } from '../pdf/byte-range.ts';
import type { Coverage } from '../pdf/byte-range.ts';
import { openPdf } from '../pdf/core/file.ts';
import type { PdfFile } from '../pdf/core/file.ts';
import { decodeText, isDict, isName, isRef, isString } from '../pdf/core/objects.ts';
import type { PdfDict } from '../pdf/core/objects.ts';
import { PdfFault } from '../pdf/core/pdf-fault.ts';
import { formFieldsOf } from '../pdf/form-fields.ts';
import type { FormField } from '../pdf/form-fields.ts';
import { areLaterChangesAllowed } from '../pdf/later-changes.ts';
import { isSameBytes, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { readSignedData } from './cms.ts';
import type { ReadSignedData } from './cms.ts';
import { DerFault } from './der.ts';
import { OID } from './oids.ts';
import { checkSignatureValue, hashNameOf } from './signature-value.ts';
import { judgeTrust } from './trust.ts';

const BROKEN = 'SAI_TOAN_VEN';
const CANNOT_TELL = 'KHONG_KT_DUOC';
const MAX_SIGNATURES = 100;

interface Judgement {
  readonly signer: Certificate | null;
  readonly coversWholeFile: boolean;
  readonly integrityReasons: readonly string[];
  readonly trustReasons: readonly string[];
}

const failed = (reason: string, coversWholeFile = false): Judgement => ({
  signer: null,
  coversWholeFile,
  integrityReasons: [reason],
  trustReasons: [],
});

/** DerFault means that foreign bytes are malformed; anything else is a bug and goes up. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerFault) return null;
    throw error;
  }
}

function integrityOf(signed: ReadSignedData, coverage: Coverage): string | null {
  const hash = hashNameOf(signed.digestAlgorithm);
  if (hash === undefined) return CANNOT_TELL;
  const digest = createHash(hash).update(coverage.before).update(coverage.after).digest();
  if (!isSameBytes(digest, signed.messageDigest) || signed.contentType !== OID.data) return BROKEN;
  const value = checkSignatureValue(signed);
  if (value === 'unsupported') return CANNOT_TELL;
  return value === 'matches' && signed.isBoundToSigner ? null : BROKEN;
}

/** The revision that was signed must be a whole PDF of its own, and only allowed things may follow it. */
function areLaterBytesAllowed(file: PdfFile, coverage: Coverage): boolean {
  if (coverage.coversWholeFile) return true;
  try {
    return areLaterChangesAllowed(openPdf(file.bytes.subarray(0, coverage.end)), file);
  } catch (error) {
    if (error instanceof PdfFault) return false;
    throw error;
  }
}

function claimedTimeOf(file: PdfFile, dictionary: PdfDict): Date | null {
  const value = file.get(dictionary, 'M');
  return isString(value) ? parsePdfDate(decodeText(value)) : null;
}

class Reading {
  readonly #file: PdfFile;
  readonly #anchors: readonly Certificate[];

  constructor(file: PdfFile, anchors: readonly Certificate[]) {
    this.#file = file;
    this.#anchors = anchors;
  }

  finding(field: FormField): SignatureFinding {
    const value = this.#file.resolve(field.value);
    const claimedAt = isDict(value) ? claimedTimeOf(this.#file, value) : null;
    const judgement = isDict(value) ? this.#judge(field, value, claimedAt) : failed(BROKEN);
    const { signer, coversWholeFile, integrityReasons, trustReasons } = judgement;
    return {
      fieldName: field.fullName,
      signerName: signer?.commonName ?? '',
      serialNumber: signer?.serialHex ?? '',
      claimedAt: claimedAt === null ? null : instantOf(claimedAt),
      isIntact: integrityReasons.length === 0,
      isTrusted: signer !== null && integrityReasons.length === 0 && trustReasons.length === 0,
      coversWholeFile,
      reasons: [...integrityReasons, ...trustReasons],
    };
  }

  #judge(field: FormField, dictionary: PdfDict, claimedAt: Date | null): Judgement {
    const subFilter = this.#file.get(dictionary, 'SubFilter');
    const isKnown = isName(subFilter, 'ETSI.CAdES.detached') || isName(subFilter, 'adbe.pkcs7.detached');
    if (!isKnown) return failed(CANNOT_TELL);
    const holder = isRef(field.value) ? field.value : field.ref;
    const coverage = findCoverage(this.#file, holder, dictionary);
    if (coverage === null) return failed(BROKEN);
    const signed = orNull(() => readSignedData(coverage.contents));
    if (signed === null || signed.signer === null) return failed(BROKEN, coverage.coversWholeFile);
    const integrity = integrityOf(signed, coverage) ?? (areLaterBytesAllowed(this.#file, coverage) ? null : BROKEN);
    return {
      signer: signed.signer,
      coversWholeFile: coverage.coversWholeFile,
      integrityReasons: integrity === null ? [] : [integrity],
      trustReasons: this.#trustReasons(signed.signer, signed.certificates, claimedAt),
    };
  }

  #trustReasons(signer: Certificate, others: readonly Certificate[], claimedAt: Date | null): readonly string[] {
    if (claimedAt === null) return [CANNOT_TELL];
    const problem = judgeTrust(signer, others, this.#anchors, claimedAt);
    return problem === null ? [] : [problem];
  }
}

function openForReading(pdf: Uint8Array): { readonly file: PdfFile; readonly fields: readonly FormField[] } {
  try {
    const file = openPdf(pdf);
    return { file, fields: formFieldsOf(file).filter((field) => field.isSignature && field.value !== null) };
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
    throw new AppError('rule', 'SIGNING_PDF_UNREADABLE', error.message, {
      details: { reason: error.reason },
      cause: error,
    });
  }
}

/** Two fields that claim one and the same gap: one of them is a copy, and nobody can tell which. */
function sharedValues(fields: readonly FormField[]): ReadonlySet<number> {
  const numbers = fields
    .map((field) => (isRef(field.value) ? field.value.number : null))
    .filter((number) => number !== null);
  return new Set(numbers.filter((number, index) => numbers.indexOf(number) !== index));
}

function read(pdf: Uint8Array, trust: readonly Uint8Array[]): readonly SignatureFinding[] {
  const { file, fields } = openForReading(pdf);
  if (fields.length > MAX_SIGNATURES) {
    throw new AppError('rule', 'SIGNING_PDF_UNREADABLE', 'The file has too many signatures', {
      details: { reason: 'too-complex' },
    });
  }
  const reading = new Reading(file, trust.map(readCertificate));
  const shared = sharedValues(fields);
  return fields.map((field) => {
    const finding = safeFinding(reading, field);
    const isShared = isRef(field.value) && shared.has(field.value.number);
    return isShared ? { ...finding, isIntact: false, isTrusted: false, reasons: [BROKEN] } : finding;
  });
}

/** A signature object that cannot be parsed is a broken signature, not a failure of the reader. */
function safeFinding(reading: Reading, field: FormField): SignatureFinding {
  try {
    return reading.finding(field);
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
    return {
      fieldName: field.fullName,
      signerName: '',
      serialNumber: '',
      claimedAt: null,
      isIntact: false,
      isTrusted: false,
      coversWholeFile: false,
      reasons: [BROKEN],
    };
  }
}

/** `read` throws AppError SIGNING_PDF_UNREADABLE when the file itself cannot be read. */
export const createSignatureReader = (): SignatureReader => ({ read });
