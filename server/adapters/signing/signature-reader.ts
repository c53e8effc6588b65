// Reads every signature of a PDF and says for each, without mercy: is it intact, is it trusted, what does it cover, when
// was it made. Verification runs over the bytes as received. Not judged here: revocation (that needs time and network,
// see long-term-check.ts) and algorithm policy; a finding never claims what was not checked. Reason codes are those of
// domain.md 8.2, and two of our own for timestamps.

import { AppError } from '../../shared/app-error.ts';
import { instantOf } from '../../shared/time.ts';
import type { SignatureFinding, SignatureReader, SignatureScheme } from '../../modules/signing/ports.ts';
import type { Coverage } from '../pdf/byte-range.ts';
import { isFollowedByEvidenceOnly } from '../pdf/evidence-tail.ts';
import { openPdf, PdfFile } from '../pdf/core/file.ts';
import { isDict, isRef } from '../pdf/core/objects.ts';
import { PdfFault } from '../pdf/core/pdf-fault.ts';
import type { FormField } from '../pdf/form-fields.ts';
import { compareRevision } from '../pdf/validation/difference.ts';
import { permissionsOf } from '../pdf/validation/permissions.ts';
import { tailProblem } from '../pdf/validation/tail.ts';
import { readValidationStore } from '../pdf/validation-store.ts';
import { isSameBytes, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import type { ReadSignedData } from './cms.ts';
import { DerFault } from './der.ts';
import { OID } from './oids.ts';
import { digestOf, findHash } from './schemes.ts';
import type { HashName } from './schemes.ts';
import { readRecord, signedFieldsOf } from './signature-records.ts';
import type { SignatureRecord } from './signature-records.ts';
import { checkSignatureValue, schemeOfSigned } from './signature-value.ts';
import { findTokenPath, isTokenIntact } from './timestamp.ts';
import type { TimestampProblem, TimestampToken } from './timestamp.ts';
import { judgeTrust } from './trust.ts';
import type { TrustProblem } from './trust.ts';

const BROKEN = 'SAI_TOAN_VEN';
const CANNOT_TELL = 'KHONG_KT_DUOC';
const MAX_SIGNATURES = 100;

interface Judgement {
  readonly integrityReasons: readonly string[];
  readonly trustReasons: readonly string[];
  readonly timestampedAt: Date | null;
}

const failed = (reason: string): Judgement => ({ integrityReasons: [reason], trustReasons: [], timestampedAt: null });

/** A digest that the signer has just computed, so that verifying its result need not hash a large file again. */
export interface KnownDigest {
  readonly byteRange: readonly [start: number, gapStart: number, gapEnd: number, length: number];
  readonly hash: HashName;
  readonly value: Uint8Array;
}

/** True when the reader, on its own, has found exactly the range over which the digest was computed. */
function isAbout({ byteRange, hash }: KnownDigest, { before, after, end }: Coverage, wanted: HashName): boolean {
  const [start, gapStart, gapEnd, length] = byteRange;
  const isSameRange = before.length === gapStart && after.length === length && end === gapEnd + length;
  return start === 0 && isSameRange && hash === wanted;
}

function integrityOf(signed: ReadSignedData, coverage: Coverage, known: KnownDigest | undefined): string | null {
  const hash = findHash(signed.digestAlgorithm);
  if (hash === undefined) return CANNOT_TELL;
  const digest =
    known !== undefined && isAbout(known, coverage, hash)
      ? known.value
      : digestOf(hash, coverage.before, coverage.after);
  if (!isSameBytes(digest, signed.messageDigest) || signed.contentType !== OID.data) return BROKEN;
  const value = checkSignatureValue(signed);
  if (value === 'unsupported') return CANNOT_TELL;
  return value === 'matches' && signed.isBoundToSigner ? null : BROKEN;
}

/** The revision that was signed must be a whole PDF of its own, and only what its signer allows may follow it. */
function areLaterBytesAllowed(file: PdfFile, field: FormField, coverage: Coverage): boolean {
  if (coverage.coversWholeFile) return true;
  const dictionary = file.resolve(field.value);
  if (!isDict(dictionary)) return false;
  const { verdict } = compareRevision(file, coverage.end, permissionsOf(file, dictionary));
  return verdict === 'allowed' && tailProblem(file, coverage.end) === null;
}

interface TimeJudgement {
  readonly at: Date | null;
  readonly problem: TimestampProblem | null;
}

class Reading {
  readonly #file: PdfFile;
  readonly #anchors: readonly Certificate[];
  /** Certificates of the document's validation store: helpers for paths, never anchors. */
  readonly #stored: readonly Certificate[];

  readonly #known: KnownDigest | undefined;

  constructor(file: PdfFile, anchors: readonly Certificate[], known?: KnownDigest) {
    this.#known = known;
    this.#file = file;
    this.#anchors = anchors;
    this.#stored = anchors.length === 0 ? [] : storedCertificates(file);
  }

  finding(field: FormField): SignatureFinding {
    const record = readRecord(this.#file, field);
    const { integrityReasons, trustReasons, timestampedAt } = this.#judge(record);
    const signer = record.signed?.signer ?? null;
    const isIntact = integrityReasons.length === 0;
    return {
      fieldName: field.fullName,
      signerName: signer?.commonName ?? '',
      serialNumber: signer?.serialHex ?? '',
      claimedAt: record.claimedAt === null ? null : instantOf(record.claimedAt),
      isIntact,
      isTrusted: signer !== null && isIntact && trustReasons.length === 0,
      coversWholeFile: record.coverage?.coversWholeFile ?? false,
      isFollowedByEvidenceOnly: isIntact && this.#isTailEvidence(record.coverage),
      reasons: [...integrityReasons, ...trustReasons],
      kind: record.kind ?? 'signature',
      timestampedAt: timestampedAt === null ? null : instantOf(timestampedAt),
      scheme: record.signed === null ? null : schemeFound(record.signed),
    };
  }

  #isTailEvidence(coverage: Coverage | null): boolean {
    return coverage !== null && !coverage.coversWholeFile && isFollowedByEvidenceOnly(this.#file, coverage.end);
  }

  #judge(record: SignatureRecord): Judgement {
    const { kind, coverage, signed } = record;
    if (kind === null) return failed(CANNOT_TELL);
    if (coverage === null || signed === null || signed.signer === null) return failed(BROKEN);
    const isTimestamp = kind === 'document-timestamp';
    const own = isTimestamp ? documentTimestampProblem(record, coverage) : integrityOf(signed, coverage, this.#known);
    const integrity = own ?? (areLaterBytesAllowed(this.#file, record.field, coverage) ? null : BROKEN);
    if (integrity !== null) return failed(integrity);
    return isTimestamp ? this.#judgeDocumentTimestamp(record) : this.#judgeSigner(record, signed, signed.signer);
  }

  #judgeDocumentTimestamp({ ownToken }: SignatureRecord): Judgement {
    if (ownToken === null) return failed(BROKEN);
    const isTrusted = findTokenPath(ownToken, this.#anchors, this.#stored) !== null;
    const trustReasons: TimestampProblem[] = isTrusted ? [] : ['DAU_THOI_GIAN_KHONG_TIN_CAY'];
    return { integrityReasons: [], trustReasons, timestampedAt: isTrusted ? ownToken.genTime : null };
  }

  #judgeSigner(record: SignatureRecord, signed: ReadSignedData, signer: Certificate): Judgement {
    const time = this.#judgeTime(record.tokens, signed.signature);
    const at = time.at ?? record.claimedAt;
    const trust: TrustProblem | typeof CANNOT_TELL | null =
      at === null ? CANNOT_TELL : judgeTrust(signer, [...signed.certificates, ...this.#stored], this.#anchors, at);
    const trustReasons = [trust, time.problem].filter((reason) => reason !== null);
    return { integrityReasons: [], trustReasons, timestampedAt: time.at };
  }

  /** Every token that is there must hold: a wrong one is a lie or damage, and nobody can tell which. */
  #judgeTime(tokens: readonly (TimestampToken | null)[], signature: Uint8Array): TimeJudgement {
    const times: Date[] = [];
    for (const token of tokens) {
      if (token === null || !isTokenIntact(token, signature)) return { at: null, problem: 'DAU_THOI_GIAN_SAI' };
      if (findTokenPath(token, this.#anchors, this.#stored) === null) {
        return { at: null, problem: 'DAU_THOI_GIAN_KHONG_TIN_CAY' };
      }
      times.push(token.genTime);
    }
    const [earliest] = times.sort((left, right) => left.getTime() - right.getTime());
    return { at: earliest ?? null, problem: null };
  }
}

function documentTimestampProblem({ ownToken }: SignatureRecord, coverage: Coverage): string | null {
  return ownToken !== null && isTokenIntact(ownToken, coverage.before, coverage.after) ? null : BROKEN;
}

function schemeFound(signed: ReadSignedData): SignatureScheme | null {
  try {
    const scheme = schemeOfSigned(signed);
    return scheme === null ? null : { algorithm: scheme.algorithm, hash: scheme.hash };
  } catch (error) {
    if (error instanceof DerFault) return null;
    throw error;
  }
}

function storedCertificates(file: PdfFile): readonly Certificate[] {
  return readValidationStore(file).certificates.flatMap((bytes) => {
    try {
      return [readCertificate(bytes)];
    } catch (error) {
      if (error instanceof DerFault) return [];
      throw error;
    }
  });
}

const unreadable = (error: PdfFault): AppError =>
  new AppError('rule', 'SIGNING_PDF_UNREADABLE', error.message, { details: { reason: error.reason }, cause: error });

/** PdfFault is about the file that came in; the caller learns it as a rule violation. */
function orUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
    throw unreadable(error);
  }
}

/** Two fields that claim one and the same gap: one of them is a copy, and nobody can tell which. */
function sharedValues(fields: readonly FormField[]): ReadonlySet<number> {
  const numbers = fields
    .map((field) => (isRef(field.value) ? field.value.number : null))
    .filter((number) => number !== null);
  return new Set(numbers.filter((number, index) => numbers.indexOf(number) !== index));
}

/** `read` for a file that is open already, and with a digest that need not be computed again: what the signer has. */
export function readFindings(
  source: Uint8Array | PdfFile,
  trust: readonly Uint8Array[],
  known?: KnownDigest,
): readonly SignatureFinding[] {
  const file = source instanceof PdfFile ? source : orUnreadable(() => openPdf(source));
  const fields = orUnreadable(() => signedFieldsOf(file));
  if (fields.length > MAX_SIGNATURES) {
    throw new AppError('rule', 'SIGNING_PDF_UNREADABLE', 'The file has too many signatures', {
      details: { reason: 'too-complex' },
    });
  }
  const reading = new Reading(file, trust.map(readCertificate), known);
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
    if (!(error instanceof PdfFault) && !(error instanceof DerFault)) throw error;
    return {
      fieldName: field.fullName,
      signerName: '',
      serialNumber: '',
      claimedAt: null,
      isIntact: false,
      isTrusted: false,
      coversWholeFile: false,
      reasons: [BROKEN],
      kind: 'signature',
      timestampedAt: null,
      scheme: null,
    };
  }
}

/** `read` throws AppError SIGNING_PDF_UNREADABLE when the file itself cannot be read. */
export const createSignatureReader = (): SignatureReader => ({ read: (pdf, trust) => readFindings(pdf, trust) });
