// The loopback transport behaves as a network would: bytes are copied, receipts are checked, faults keep their kind.

import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { requestOf, serveDelivery } from '../../../server/adapters/exchange/delivery.ts';
import { createLoopbackTransport } from '../../../server/adapters/exchange/loopback-transport.ts';
import type { Envelope, ExchangeEndpoint, Receipt } from '../../../server/modules/exchange/ports.ts';
import { AppError } from '../../../server/shared/app-error.ts';
import { instant } from './edxml/sample-messages.ts';

const RECEIVED_AT = instant('2019-05-06T08:20:15.000Z');

const envelope = (): Envelope => ({
  messageId: '0190b2a4-7e3c-7b1e-9d3a-1c2d3e4f5a6b',
  fromCode: '000.00.00.H15',
  toCode: '000.00.13.H15',
  messageType: 'edoc',
  bytes: Buffer.from('<edXML/>'),
});

const acceptance = (got: Envelope): Receipt => ({
  accepted: true,
  messageId: got.messageId,
  sha256: createHash('sha256').update(got.bytes).digest('hex'),
  receivedAt: RECEIVED_AT,
});

const endpointOf = (receive: (got: Envelope) => Receipt): ExchangeEndpoint => ({
  receive: async (got) => await Promise.resolve(receive(got)),
});
const sendTo = async (receive: (got: Envelope) => Receipt, sent = envelope()): Promise<Receipt> =>
  await createLoopbackTransport(() => endpointOf(receive)).send(sent);
const failureOf = async (receive: (got: Envelope) => Receipt): Promise<unknown> =>
  await sendTo(receive).then(
    () => expect.unreachable('the message was sent'),
    (error: unknown) => error,
  );
const throwing = (error: unknown) => (): Receipt => {
  throw error;
};

describe('loopback transport', () => {
  it('hands over what was sent and returns the receipt', async () => {
    const seen: Envelope[] = [];
    const receipt = await sendTo((got) => {
      seen.push(got);
      return acceptance(got);
    });
    expect(seen).toEqual([{ ...envelope(), bytes: new Uint8Array(envelope().bytes) }]);
    expect(receipt).toEqual(acceptance(envelope()));
  });

  it('gives the receiver its own copy of the bytes', async () => {
    const sent = envelope();
    await sendTo((got) => {
      const receipt = acceptance(got);
      got.bytes.fill(0);
      return receipt;
    }, sent);
    expect(Buffer.from(sent.bytes).toString()).toBe('<edXML/>');
  });

  it('returns a refusal as it is', async () => {
    const refusal: Receipt = {
      accepted: false,
      messageId: envelope().messageId,
      code: 'EXCHANGE_INVALID_ADDRESSEE',
      reason: 'no such agency here',
    };
    expect(await sendTo(() => refusal)).toEqual(refusal);
  });

  it('asks for the endpoint anew at each send', async () => {
    let asked = 0;
    const transport = createLoopbackTransport(() => {
      asked += 1;
      return endpointOf(acceptance);
    });
    await transport.send(envelope());
    await transport.send(envelope());
    expect(asked).toBe(2);
  });

  it.each<[string, (receipt: Receipt) => unknown]>([
    ['another hash', (receipt) => ({ ...receipt, sha256: 'a'.repeat(64) })],
    ['no hash', (receipt) => ({ ...receipt, sha256: undefined })],
    ['another message id', (receipt) => ({ ...receipt, messageId: 'other' })],
    ['no time', (receipt) => ({ ...receipt, receivedAt: undefined })],
    ['no decision', (receipt) => ({ ...receipt, accepted: undefined })],
    ['no content', () => null],
  ])('takes a receipt with %s as an error that another try will not repair', async (_, spoil) => {
    // the cast stands for a receiver of another make that does not keep to the type
    const failure = await failureOf((got) => spoil(acceptance(got)) as Receipt);
    expect(failure).toMatchObject({ kind: 'bug', code: 'EXCHANGE_RECEIPT_MISMATCH' });
  });

  it('turns a transient failure of the receiver into a transient error of the sender', async () => {
    const cause = new AppError('transient', 'DATABASE_BUSY', 'deadlock');
    expect(await failureOf(throwing(cause))).toMatchObject({
      kind: 'transient',
      code: 'EXCHANGE_DELIVERY_FAILED',
      details: { messageId: envelope().messageId, receiverCode: 'DATABASE_BUSY' },
      cause,
    });
  });

  it.each<[string, unknown, string]>([
    ['a failure that it does not know', new Error('connection terminated'), 'EXCHANGE_RECEIVER_FAILED'],
    ['too many requests', new AppError('rate-limited', 'RATE_LIMITED', 'wait'), 'RATE_LIMITED'],
    ['a bug of the receiver', new AppError('bug', 'EXCHANGE_BROKEN', 'impossible'), 'EXCHANGE_BROKEN'],
  ])('asks for another try after %s and keeps the cause', async (_, cause, receiverCode) => {
    expect(await failureOf(throwing(cause))).toMatchObject({ kind: 'transient', details: { receiverCode }, cause });
  });

  it.each(['invalid-input', 'not-found', 'forbidden', 'rejection', 'rule', 'too-large'] as const)(
    'turns an error of kind %s into a refusal, which is not tried again',
    async (kind) => {
      const receipt = await sendTo(throwing(new AppError(kind, 'EXCHANGE_DUPLICATE_CONFLICT', 'other bytes before')));
      expect(receipt).toEqual({
        accepted: false,
        messageId: envelope().messageId,
        code: 'EXCHANGE_DUPLICATE_CONFLICT',
        reason: 'other bytes before',
      });
    },
  );
});

describe('receiving side of a delivery', () => {
  const serve = async (request: ReturnType<typeof requestOf>): Promise<unknown> => {
    let wasCalled = false;
    const { answer } = await serveDelivery(
      endpointOf((got) => {
        wasCalled = true;
        return acceptance(got);
      }),
      request,
    );
    return { wasCalled, answer: JSON.parse(answer) };
  };

  it('refuses bytes that changed on the way before the endpoint sees them', async () => {
    const request = { ...requestOf(envelope()), body: Buffer.from('<edXml/>') };
    expect(await serve(request)).toMatchObject({
      wasCalled: false,
      answer: { retry: true, code: 'EXCHANGE_ENVELOPE_DAMAGED' },
    });
  });

  it.each(['x-message-id', 'x-from-code', 'x-to-code', 'x-message-type', 'x-content-sha256'])(
    'refuses a request without %s',
    async (name) => {
      const request = requestOf(envelope());
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([header]) => header !== name));
      expect(await serve({ ...request, headers })).toMatchObject({ wasCalled: false, answer: { retry: true } });
    },
  );
});
