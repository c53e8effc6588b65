// Lifts signed files to the long-term levels of PAdES: B-LT adds the evidence about all certificates (/DSS), B-LTA seals
// file and evidence with a document timestamp, again and again before the last one ages. Each step is an increment that
// leaves every signature intact, and nothing is added unless the proof is complete.

import { AppError } from '../../shared/app-error.ts';
import type { Instant } from '../../shared/time.ts';
import type { SignatureExtender, SignatureLevel, TimestampSource } from '../../modules/signing/ports.ts';
import { IncrementalUpdate } from '../pdf/core/update.ts';
import { formFieldsOf } from '../pdf/form-fields.ts';
import { assertVerifies, fillGap, makeRoom, signedParts, withOpenFile } from '../pdf/increments.ts';
import { addValidationData, readValidationStore } from '../pdf/validation-store.ts';
import { gatherEvidence } from './evidence.ts';
import type { EvidenceSet, ToProve } from './evidence.ts';
import type { HttpGuard } from './guarded-http.ts';
import { digestOf } from './schemes.ts';
import { readRecord, signedFieldsOf } from './signature-records.ts';
import type { SignatureRecord } from './signature-records.ts';
import { readFindings } from './signature-reader.ts';
import type { TimestampToken } from './timestamp.ts';

export interface LongTermOptions {
  /** DER of the trusted roots of signers and time-stamping authorities. */
  readonly trust: readonly Uint8Array[];
  /** Revocation lists that are at hand beside the file. */
  readonly lists?: readonly Uint8Array[];
  /** Issuing authorities that are at hand beside the file. */
  readonly intermediates?: readonly Uint8Array[];
  /** null: only with the evidence that the file holds. */
  readonly guard: HttpGuard | null;
  readonly now: Instant;
}

/** A document timestamp of one RSA or EC authority with its chain takes 3 to 7 KB. */
const TIMESTAMP_RESERVE_BYTES = 12 * 1024;
const TIMESTAMP_FIELD = 'DauThoiGian';

function assertSound(pdf: Uint8Array): void {
  const findings = readFindings(pdf, []);
  if (!findings.some((finding) => finding.kind === 'signature')) {
    throw new AppError('rule', 'SIGNING_NOT_SIGNED', 'The file has no signature');
  }
  const broken = findings.find((finding) => !finding.isIntact);
  if (broken === undefined) return;
  throw new AppError('rule', 'SIGNING_SIGNATURE_BROKEN', 'A signature of the file is not intact', {
    details: { fieldName: broken.fieldName },
  });
}

/** When a signature provably existed: its own timestamp, or a document timestamp over it. */
export function provenTimeOf(record: SignatureRecord, records: readonly SignatureRecord[]): Date | null {
  const end = record.coverage?.end ?? Infinity;
  const own = record.tokens.filter((token) => token !== null);
  const later = records.flatMap(({ ownToken, coverage }) =>
    ownToken !== null && (coverage?.end ?? 0) > end ? [ownToken] : [],
  );
  const times = [...own, ...later].map(({ genTime }) => genTime.getTime());
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** A token is proven at its own time; one that is the newest proof of all is proven by evidence of now. */
function tokenSubject(token: TimestampToken): readonly ToProve[] {
  const { signer, certificates } = token.signed;
  return signer === null ? [] : [{ certificate: signer, others: certificates, at: token.genTime }];
}

function subjectsOf(records: readonly SignatureRecord[]): readonly ToProve[] {
  return records.flatMap((record) => {
    if (record.ownToken !== null) return tokenSubject(record.ownToken);
    const signer = record.signed?.signer ?? null;
    if (record.signed === null || signer === null) return [];
    const at = provenTimeOf(record, records);
    if (at === null) {
      throw new AppError('rule', 'SIGNING_TIMESTAMP_MISSING', 'The signature has no timestamp', {
        details: { fieldName: record.field.fullName },
      });
    }
    const tokens = record.tokens.filter((token) => token !== null);
    return [{ certificate: signer, others: record.signed.certificates, at }, ...tokens.flatMap(tokenSubject)];
  });
}

/** Evidence for every certificate of the file, complete. Throws AppError SIGNING_CERTIFICATE_*, SIGNING_REVOCATION_UNKNOWN. */
export function gatherFileEvidence(pdf: Uint8Array, options: Omit<LongTermOptions, 'now'>): Promise<EvidenceSet> {
  const { records, known } = withOpenFile(pdf, (file) => ({
    records: signedFieldsOf(file).map((field) => readRecord(file, field)),
    known: readValidationStore(file),
  }));
  const atHand = {
    ...known,
    certificates: [...known.certificates, ...(options.intermediates ?? [])],
    crls: [...known.crls, ...(options.lists ?? [])],
  };
  return gatherEvidence(subjectsOf(records), { trust: options.trust, known: atHand, guard: options.guard });
}

/** B-T → B-LT. Answers the input itself when it holds all evidence already. */
export async function extendToLt(pdf: Uint8Array, options: LongTermOptions): Promise<Uint8Array> {
  assertSound(pdf);
  const evidence = await gatherFileEvidence(pdf, options);
  const output = withOpenFile(pdf, (file) => {
    const update = new IncrementalUpdate(file);
    return addValidationData(file, update, evidence) ? update.write().bytes : pdf;
  });
  if (output !== pdf) assertVerifies({ input: pdf, output, fieldName: null });
  return output;
}

/** A number that no field of the file has. */
function freeFieldName(pdf: Uint8Array): string {
  return withOpenFile(pdf, (file) => {
    const names = new Set(formFieldsOf(file).map((field) => field.fullName));
    let number = 1;
    while (names.has(`${TIMESTAMP_FIELD}-${number}`)) number += 1;
    return `${TIMESTAMP_FIELD}-${number}`;
  });
}

/** A timestamp over the whole file as an increment; alone it lifts B-B signatures to B-T. */
export async function addDocumentTimestamp(
  pdf: Uint8Array,
  source: TimestampSource,
  now: Instant,
): Promise<Uint8Array> {
  const fieldName = freeFieldName(pdf);
  const plan = { fieldName, appearance: null, signedAt: now, reservedBytes: TIMESTAMP_RESERVE_BYTES, signature: null };
  const { bytes, byteRange } = withOpenFile(pdf, (file) => makeRoom(file, plan));
  const token = await source.timestamp(digestOf('SHA-256', ...signedParts(bytes, byteRange)), 'SHA-256');
  fillGap(bytes, byteRange, token);
  assertVerifies({ input: pdf, output: bytes, fieldName });
  return bytes;
}

/** B-T, B-LT or an older B-LTA → B-LTA with a fresh document timestamp over all evidence. */
export async function extendToLta(
  pdf: Uint8Array,
  source: TimestampSource,
  options: LongTermOptions,
): Promise<Uint8Array> {
  return addDocumentTimestamp(await extendToLt(pdf, options), source, options.now);
}

export type Level = SignatureLevel;

/** The level that every signature of the file reaches by its structure; says nothing about trust. */
export function levelOf(pdf: Uint8Array): Level {
  const { records, store } = withOpenFile(pdf, (file) => ({
    records: signedFieldsOf(file).map((field) => readRecord(file, field)),
    store: readValidationStore(file),
  }));
  const signatures = records.filter((record) => record.kind === 'signature');
  if (!signatures.every((record) => provenTimeOf(record, records) !== null)) return 'B-B';
  if (store.crls.length + store.ocsps.length === 0) return 'B-T';
  const lastEvidence = records.some(
    ({ ownToken, coverage }) => ownToken !== null && coverage?.coversWholeFile === true,
  );
  return lastEvidence ? 'B-LTA' : 'B-LT';
}

export const createSignatureExtender = (guard: HttpGuard): SignatureExtender => ({
  levelOf,
  extend(pdf, to, { trust, source, now }) {
    const { roots, intermediates, lists } = trust;
    const options = { trust: roots, intermediates, lists, guard, now };
    if (to === 'B-T') return addDocumentTimestamp(pdf, source, now);
    return to === 'B-LT' ? extendToLt(pdf, options) : extendToLta(pdf, source, options);
  },
});
