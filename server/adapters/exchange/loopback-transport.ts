// Carries messages between agencies of the same node along the path that a remote node will use: request, copied
// bytes, hash check on arrival, answer as text, receipt check. Nothing but bytes and text passes through, so that
// sender and receiver cannot come to share an object. The caller must not hold a transaction open: the receiving
// side writes in its own.

import type { Envelope, ExchangeEndpoint, ExchangeTransport } from '../../modules/exchange/ports.ts';
import { receiptOf, requestOf, serveDelivery } from './delivery.ts';

/** The endpoint is asked for at each send: sender and receiver are built from one another at start. */
export const createLoopbackTransport = (resolveEndpoint: () => ExchangeEndpoint): ExchangeTransport => ({
  async send(envelope: Envelope) {
    const request = requestOf(envelope);
    const arrived = { headers: { ...request.headers }, body: new Uint8Array(request.body) };
    return receiptOf(envelope, request, await serveDelivery(resolveEndpoint(), arrived));
  },
});
