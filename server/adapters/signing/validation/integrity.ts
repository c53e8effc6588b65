// Integrity of one signature: what it covers, whether digest and value hold, and what happened to the file afterwards. No
// trust, no clock, no network: the same bytes always give the same answer.

import { isRef } from '../../pdf/core/objects.ts';
import { openPdf } from '../../pdf/core/file.ts';
import type { PdfFile } from '../../pdf/core/file.ts';
import { PdfFault } from '../../pdf/core/pdf-fault.ts';
import type { Coverage } from '../../pdf/byte-range.ts';
import { compareRevision, NO_DIFFERENCE } from '../../pdf/validation/difference.ts';
import type { Difference } from '../../pdf/validation/difference.ts';
import { NO_PERMISSIONS, permissionsOf } from '../../pdf/validation/permissions.ts';
import type { Permissions } from '../../pdf/validation/permissions.ts';
import { isString } from '../../pdf/core/objects.ts';
import { publicKeyOf, readCertificate } from '../certificate.ts';
import type { Certificate } from '../certificate.ts';
import { DerFault } from '../der.ts';
import { checkCrypto, checkValue, isSha1OfDocument } from './cms-check.ts';
import { hashBytes, isValueOf, rawSignatureOf } from './algorithms.ts';
import type { ReasonCode } from './reasons.ts';
import { CmsFault, readSignedData } from './signed-data.ts';
import type { CmsProblem, SignedData } from './signed-data.ts';
import type { FoundSignature } from './signature-fields.ts';
import { judgeToken, readToken } from './timestamps.ts';
import type { Token } from './timestamps.ts';

export interface IntegrityFinding {
  readonly found: FoundSignature;
  readonly reasons: readonly { readonly code: ReasonCode; readonly detail: string }[];
  readonly signer: Certificate | null;
  readonly certificates: readonly Certificate[];
  /** Timestamps over the signature value that hold; a document timestamp's own token. */
  readonly tokens: readonly Token[];
  /** Names for the algorithm policy, and as people read them. */
  readonly algorithms: readonly string[];
  readonly description: string | null;
  readonly permissions: Permissions;
  readonly difference: Difference | null;
}

const CMS_CODES: Readonly<Record<CmsProblem, ReasonCode>> = {
  MALFORMED: 'CMS_MALFORMED',
  NO_SIGNED_ATTRIBUTES: 'CMS_NO_SIGNED_ATTRIBUTES',
  SIGNERS: 'CMS_SIGNERS',
  CONTENT_UNEXPECTED: 'CMS_CONTENT_UNEXPECTED',
  PADDING: 'CMS_PADDING',
};

/** Digests of the signed bytes are asked for by several signatures and by the report: each is computed once. */
export class Digests {
  readonly #known = new Map<string, Uint8Array | null>();

  of(hash: string, { before, after, end }: Coverage): Uint8Array | null {
    const key = `${hash} ${before.length} ${after.length} ${end}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const digest = hashBytes(hash, [before, after]);
    this.#known.set(key, digest);
    return digest;
  }
}

interface CmsFinding {
  readonly reasons: readonly ReasonCode[];
  readonly detail: string;
  readonly signed: SignedData | null;
  readonly signer: Certificate | null;
  readonly tokens: readonly Token[];
  readonly algorithms: readonly string[];
  readonly description: string | null;
}

const NO_CMS: CmsFinding = {
  reasons: [],
  detail: '',
  signed: null,
  signer: null,
  tokens: [],
  algorithms: [],
  description: null,
};

export class IntegrityCheck {
  readonly #file: PdfFile;
  readonly #stored: readonly Certificate[];
  readonly #digests = new Digests();

  /** `stored`: certificates of the document's validation store. */
  constructor(file: PdfFile, stored: readonly Certificate[]) {
    this.#file = file;
    this.#stored = stored;
  }

  check(found: FoundSignature): IntegrityFinding {
    const { dict, coverage } = found;
    const permissions = dict === null ? NO_PERMISSIONS : permissionsOf(this.#file, dict);
    const cms = coverage === null ? null : this.#checkContents(found, coverage);
    const reasons: { code: ReasonCode; detail: string }[] = [];
    if (coverage === null) reasons.push({ code: emptyOrRange(found), detail: '' });
    if (cms !== null) reasons.push(...cms.reasons.map((code) => ({ code, detail: cms.detail })));
    const later = coverage === null ? null : this.#checkLater(found, coverage, permissions);
    if (later !== null) reasons.push(...later.reasons);
    return {
      found,
      reasons,
      signer: cms?.signer ?? null,
      certificates: cms?.signed?.certificates ?? [],
      tokens: cms?.tokens ?? [],
      algorithms: cms?.algorithms ?? [],
      description: cms?.description ?? null,
      permissions,
      difference: later?.difference ?? null,
    };
  }

  #checkContents(found: FoundSignature, coverage: Coverage): CmsFinding {
    try {
      return this.#checkKind(found, coverage);
    } catch (error) {
      if (error instanceof CmsFault) return { ...NO_CMS, reasons: [CMS_CODES[error.problem]], detail: error.message };
      if (error instanceof DerFault) return { ...NO_CMS, reasons: ['CMS_MALFORMED'], detail: error.message };
      throw error;
    }
  }

  #checkKind(found: FoundSignature, coverage: Coverage): CmsFinding {
    switch (found.subFilter) {
      case null:
        return { ...NO_CMS, reasons: ['SUBFILTER_MISSING'] };
      case 'ETSI.RFC3161':
        return this.#checkDocumentTimestamp(coverage);
      case 'adbe.x509.rsa_sha1':
        return this.#checkRawRsa(found, coverage);
      case 'ETSI.CAdES.detached':
      case 'adbe.pkcs7.detached':
      case 'adbe.pkcs7.sha1':
        return this.#checkCms(found, coverage);
      default:
        return { ...NO_CMS, reasons: ['SUBFILTER_UNKNOWN'], detail: found.subFilter };
    }
  }

  #checkCms({ subFilter }: FoundSignature, coverage: Coverage): CmsFinding {
    const signed = readSignedData(coverage.contents, this.#stored);
    const isSha1 = subFilter === 'adbe.pkcs7.sha1';
    const { content } = signed;
    if ((content !== null) !== isSha1) return { ...NO_CMS, reasons: ['CMS_CONTENT_UNEXPECTED'], signed };
    const digestOf = (hash: string): Uint8Array | null =>
      content === null ? this.#digests.of(hash, coverage) : hashBytes(hash, [content]);
    const crypto = checkCrypto(signed, digestOf, subFilter === 'ETSI.CAdES.detached');
    const reasons = [...crypto.reasons];
    if (isSha1 && !isSha1OfDocument(signed, [coverage.before, coverage.after])) reasons.push('DIGEST_DIFFERS');
    const tokens: Token[] = [];
    for (const bytes of signed.timestampTokens) {
      const token = readToken(bytes, [...signed.certificates, ...this.#stored]);
      const judged = token === null ? 'wrong' : judgeToken(token, [signed.signature]);
      if (token !== null && judged === 'sound') tokens.push(token);
      else reasons.push(judged === 'unverified' ? 'TIMESTAMP_UNVERIFIED' : 'TIMESTAMP_WRONG');
    }
    return {
      reasons: [...new Set(reasons)],
      detail: '',
      signed,
      signer: signed.signer,
      tokens,
      algorithms: isSha1 ? [...crypto.algorithms, 'SHA-1'] : crypto.algorithms,
      description: crypto.description,
    };
  }

  #checkDocumentTimestamp({ contents, before, after }: Coverage): CmsFinding {
    const token = readToken(contents, this.#stored);
    if (token === null) {
      // Says more precisely what is wrong, for the report.
      readSignedData(contents, this.#stored);
      return { ...NO_CMS, reasons: ['CMS_CONTENT_UNEXPECTED'] };
    }
    const judged = judgeToken(token, [before, after]);
    const isSound = judged === 'sound';
    const { signed, hash } = token;
    const { algorithm } = checkValue(signed);
    return {
      reasons: isSound ? [] : [judged === 'unverified' ? 'SIGNER_CERTIFICATE_MISSING' : 'DIGEST_DIFFERS'],
      detail: '',
      signed,
      signer: signed.signer,
      tokens: isSound ? [token] : [],
      algorithms: [hash, signed.digestHash, algorithm?.hash].filter((name) => typeof name === 'string'),
      description: hash === undefined ? null : `RFC 3161 ${hash}`,
    };
  }

  /** The oldest kind: a bare RSA value, and the certificate beside it in the dictionary. */
  #checkRawRsa({ dict }: FoundSignature, coverage: Coverage): CmsFinding {
    const entry = dict === null ? null : this.#file.get(dict, 'Cert');
    const first = isString(entry)
      ? entry
      : dict === null
        ? null
        : this.#file.resolve(this.#file.getItems(dict, 'Cert')[0]);
    if (!isString(first)) return { ...NO_CMS, reasons: ['SIGNER_CERTIFICATE_MISSING'] };
    const signer = readCertificate(first.bytes);
    const value = rawSignatureOf(coverage.contents);
    const whole = new Uint8Array(Buffer.concat([coverage.before, coverage.after]));
    const hash = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'].find((candidate) =>
      isValueOf({ family: 'RSA', hash: candidate, saltBytes: 0 }, publicKeyOf(signer), whole, value),
    );
    if (hash === undefined) return { ...NO_CMS, reasons: ['SIGNATURE_VALUE_WRONG'], signer };
    return { ...NO_CMS, reasons: ['CERTIFICATE_NOT_BOUND'], signer, algorithms: [hash], description: `RSA ${hash}` };
  }

  #checkLater(
    found: FoundSignature,
    coverage: Coverage,
    permissions: Permissions,
  ): { readonly reasons: readonly { code: ReasonCode; detail: string }[]; readonly difference: Difference } {
    if (coverage.coversWholeFile) return { reasons: [], difference: NO_DIFFERENCE };
    if (!isInRevision(this.#file, found, coverage)) {
      const difference = compareRevision(this.#file, coverage.end, permissions);
      return { reasons: [{ code: 'SIGNATURE_NOT_IN_REVISION', detail: '' }], difference };
    }
    const difference = compareRevision(this.#file, coverage.end, permissions);
    if (difference.verdict === 'forbidden') {
      const worst = difference.changes.filter(({ level }) => level === difference.level).slice(0, 5);
      const detail = worst.map(({ code, where }) => `${code} ${where}`).join(', ');
      return { reasons: [{ code: 'CHANGED_AFTER_SIGNING', detail }], difference };
    }
    if (difference.verdict === 'reservations')
      return { reasons: [{ code: 'CHANGES_NEED_LOOK', detail: '' }], difference };
    const isFilled = difference.level === 'form-filling' || difference.level === 'annotation';
    return { reasons: isFilled ? [{ code: 'FORM_FILLED', detail: '' }] : [], difference };
  }
}

function emptyOrRange({ contents, dict }: FoundSignature): ReasonCode {
  const isEmpty = dict === null || contents === null || contents.every((byte) => byte === 0);
  return isEmpty ? 'SIGNATURE_EMPTY' : 'BYTE_RANGE_INVALID';
}

/** The signed revision has this very signature, in this very object. */
function isInRevision(file: PdfFile, { holder }: FoundSignature, { end }: Coverage): boolean {
  if (!isRef(holder)) return false;
  try {
    const before = openPdf(file.bytes.subarray(0, end)).xref.entries.get(holder.number);
    const now = file.xref.entries.get(holder.number);
    return before?.kind === 'offset' && now?.kind === 'offset' && before.offset === now.offset;
  } catch (error) {
    // The comparison of revisions says what is wrong with it.
    if (error instanceof PdfFault) return true;
    throw error;
  }
}
