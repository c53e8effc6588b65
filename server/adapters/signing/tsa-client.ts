// Asks a time-stamping authority over HTTP (RFC 3161, 3.4) and believes nothing that it says before it is checked: the
// status, the nonce of this very request, the digest, the signature and, when roots are given, who signed.

import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/app-error.ts';
import type { TimestampSource } from '../../modules/signing/ports.ts';
import { isSameBytes, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { DerFault, integer, integerHexOf, readDer } from './der.ts';
import { fetchGuarded } from './guarded-http.ts';
import type { HttpGuard } from './guarded-http.ts';
import type { HashName } from './schemes.ts';
import {
  encodeTimestampRequest,
  findTokenPath,
  isSelfConsistent,
  isTimestampAuthority,
  readTimestampResponse,
  readTimestampToken,
} from './timestamp.ts';
import type { TimestampToken } from './timestamp.ts';

export interface TsaOptions {
  readonly url: string;
  readonly guard: HttpGuard;
  /** DER of the roots to which the authority must chain; empty: the chain is judged later, by the verifier. */
  readonly trust: readonly Uint8Array[];
}

const NONCE_BYTES = 16;

const invalid = (message: string, cause?: unknown): AppError =>
  new AppError('rule', 'SIGNING_TSA_INVALID', message, { cause });

async function ask(options: TsaOptions, request: Uint8Array): Promise<Uint8Array> {
  try {
    const contentType = 'application/timestamp-query';
    return await fetchGuarded(options.guard, { url: options.url, body: request, contentType });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'SIGNING_URL_UNREACHABLE') throw error;
    throw new AppError('transient', 'SIGNING_TSA_UNREACHABLE', 'The time-stamping authority does not answer', {
      cause: error,
    });
  }
}

function readToken(answer: Uint8Array): TimestampToken {
  const response = readTimestampResponse(answer);
  if (response.status > 1 || response.token === null) {
    throw new AppError('rule', 'SIGNING_TSA_REFUSED', 'The time-stamping authority refused the request', {
      details: { status: response.status },
    });
  }
  return readTimestampToken(response.token);
}

interface Asked {
  readonly digest: Uint8Array;
  readonly hash: HashName;
  readonly nonceHex: string;
}

function checkAnswer(token: TimestampToken, asked: Asked, anchors: readonly Certificate[]): void {
  const { signer } = token.signed;
  if (token.nonceHex !== asked.nonceHex) throw invalid('The timestamp is the answer to another request');
  if (token.hash !== asked.hash || !isSameBytes(token.imprint, asked.digest)) {
    throw invalid('The timestamp is about another document');
  }
  if (!isSelfConsistent(token)) throw invalid('The signature of the timestamp does not hold');
  if (signer === null || !isTimestampAuthority(signer)) throw invalid('The signer is no time-stamping authority');
  if (signer.notBefore > token.genTime || token.genTime > signer.notAfter) {
    throw invalid('The certificate of the time-stamping authority was not valid at the time that it names');
  }
  if (anchors.length > 0 && findTokenPath(token, anchors) === null) {
    throw invalid('The time-stamping authority is not trusted');
  }
}

async function timestamp(options: TsaOptions, digest: Uint8Array, hash: HashName): Promise<Uint8Array> {
  const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
  const nonceHex = integerHexOf(readDer(integer(nonce)));
  const answer = await ask(options, encodeTimestampRequest({ digest, hash, nonce }));
  try {
    const token = readToken(answer);
    checkAnswer(token, { digest, hash, nonceHex }, options.trust.map(readCertificate));
    return token.bytes;
  } catch (error) {
    if (error instanceof DerFault) throw invalid('The answer is no timestamp response', error);
    throw error;
  }
}

/** Throws AppError SIGNING_TSA_UNREACHABLE (transient), SIGNING_TSA_REFUSED, SIGNING_TSA_INVALID, SIGNING_URL_FORBIDDEN. */
export const createTimestampSource = (options: TsaOptions): TimestampSource => ({
  timestamp: (digest, hash) => timestamp(options, digest, hash),
});
