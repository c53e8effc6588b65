// Both ends of one delivery, independent of what carries it: the sender's request and its reading of the answer,
// the receiver's handling of a request. The loopback transport joins them inside one process; an HTTPS transport
// will put the same request into headers and body and the same answer into a response. What must hold for every
// carrier: the receiver gets exactly the bytes that were hashed, and a document counts as sent only when a receipt
// names its id and its hash (non-repudiation of receipt).

import { createHash } from 'node:crypto';

import { AppError, type ErrorKind } from '../../shared/app-error.ts';
import { parseInstant } from '../../shared/time.ts';
import type { Envelope, ExchangeEndpoint, Receipt } from '../../modules/exchange/ports.ts';

export interface DeliveryRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** JSON text: a receipt, or "try again later". */
export type DeliveryAnswer = string;

export interface Served {
  readonly answer: DeliveryAnswer;
  /** The error behind an answer that asks for another try; stays on the receiving node, for its log. */
  readonly cause: unknown;
}

const HEADERS = {
  messageId: 'x-message-id',
  fromCode: 'x-from-code',
  toCode: 'x-to-code',
  messageType: 'x-message-type',
  sha256: 'x-content-sha256',
} as const;

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function requestOf(envelope: Envelope): DeliveryRequest {
  const headers = {
    [HEADERS.messageId]: envelope.messageId,
    [HEADERS.fromCode]: envelope.fromCode,
    [HEADERS.toCode]: envelope.toCode,
    [HEADERS.messageType]: envelope.messageType,
    [HEADERS.sha256]: sha256Of(envelope.bytes),
  };
  return { headers, body: envelope.bytes };
}

/** The receiving side. Never rejects: whatever goes wrong becomes an answer, as it would over a network. */
export async function serveDelivery(endpoint: ExchangeEndpoint, request: DeliveryRequest): Promise<Served> {
  const envelope = envelopeOf(request);
  if (envelope === null) return retryAnswer('EXCHANGE_ENVELOPE_DAMAGED', 'The request did not arrive as it was sent.');
  try {
    return { answer: JSON.stringify(await endpoint.receive(envelope)), cause: null };
  } catch (error) {
    return answerToError(envelope.messageId, error);
  }
}

function envelopeOf({ headers, body }: DeliveryRequest): Envelope | null {
  const messageId = headers[HEADERS.messageId];
  const fromCode = headers[HEADERS.fromCode];
  const toCode = headers[HEADERS.toCode];
  const messageType = headers[HEADERS.messageType];
  if (messageId === undefined || fromCode === undefined || toCode === undefined) return null;
  if (messageType !== 'edoc' && messageType !== 'status') return null;
  if (headers[HEADERS.sha256] !== sha256Of(body)) return null;
  return { messageId, fromCode, toCode, messageType, bytes: body };
}

/** What is transient, and what is not understood (a bug, a lost database), may end otherwise next time. */
const WORTH_ANOTHER_TRY: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['transient', 'rate-limited', 'bug']);

/** A rule or a rejection will not change by trying again: the sender gets a refusal. */
function answerToError(messageId: string, error: unknown): Served {
  if (!(error instanceof AppError)) return retryAnswer('EXCHANGE_RECEIVER_FAILED', 'The receiver failed.', error);
  if (WORTH_ANOTHER_TRY.has(error.kind)) return retryAnswer(error.code, error.message, error);
  const refusal: Receipt = { accepted: false, messageId, code: error.code, reason: error.message };
  return { answer: JSON.stringify(refusal), cause: error };
}

const retryAnswer = (code: string, reason: string, cause: unknown = null): Served => ({
  answer: JSON.stringify({ retry: true, code, reason }),
  cause,
});

/**
 * The sending side's reading of an answer. Throws a transient AppError when the other side asks for another try,
 * and a `bug` error (operator needed, no retry) when the answer is no receipt for what was sent.
 */
export function receiptOf(envelope: Envelope, request: DeliveryRequest, served: Served): Receipt {
  const answer = parseAnswer(envelope, served.answer);
  const code = textOf(answer, 'code');
  const reason = textOf(answer, 'reason');
  if (answer['retry'] === true) {
    throw new AppError('transient', 'EXCHANGE_DELIVERY_FAILED', `The receiver could not take the message: ${reason}`, {
      details: { messageId: envelope.messageId, toCode: envelope.toCode, receiverCode: code },
      cause: served.cause,
    });
  }
  if (answer['messageId'] !== envelope.messageId) throw mismatch(envelope, 'it names another message');
  if (answer['accepted'] === false) return { accepted: false, messageId: envelope.messageId, code, reason };
  if (answer['accepted'] !== true) throw mismatch(envelope, 'it neither accepts nor refuses');
  const sha256 = textOf(answer, 'sha256');
  if (sha256 !== request.headers[HEADERS.sha256]) throw mismatch(envelope, 'its SHA-256 is not that of the sent bytes');
  const receivedAt = parseInstant(textOf(answer, 'receivedAt'));
  if (receivedAt === null) throw mismatch(envelope, 'it has no time of receipt');
  return { accepted: true, messageId: envelope.messageId, sha256, receivedAt };
}

function parseAnswer(envelope: Envelope, answer: DeliveryAnswer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch (error) {
    if (error instanceof SyntaxError) throw mismatch(envelope, 'it is not JSON');
    throw error;
  }
  if (typeof value !== 'object' || value === null) throw mismatch(envelope, 'it is no object');
  return { ...value };
}

function textOf(answer: Readonly<Record<string, unknown>>, name: string): string {
  const value = answer[name];
  return typeof value === 'string' ? value : '';
}

const mismatch = (envelope: Envelope, what: string): AppError =>
  new AppError('bug', 'EXCHANGE_RECEIPT_MISMATCH', `Expected a receipt for what was sent, but ${what}`, {
    details: { messageId: envelope.messageId, toCode: envelope.toCode },
  });
