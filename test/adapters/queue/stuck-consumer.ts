// A consumer process for the crash test: takes one offer, says so and never ends it.

import { createCarrier } from '../../../server/adapters/queue/carrier.ts';

const carrier = await createCarrier(JSON.parse(process.env['CARRIER_OPTIONS'] ?? '{}'));
await carrier.consume((offer) => {
  console.log(`taken ${offer.jobKey}`);
  return new Promise(() => undefined);
}, 1);
console.log('ready');
