// How long judging takes, measured against hashing the same bytes in the same run: three signatures and the differences on a
// file of 20 MB, a small file in a warm thread, and 200 files at once beside a server that must go on answering.

import { createHash } from 'node:crypto';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPdfSigner } from '../../server/adapters/pdf/signer.ts';
import { createValidationPool } from '../../server/adapters/signing/validation/pool.ts';
import { validateFile } from '../../server/adapters/signing/validation/validate-file.ts';
import { makeKey, makePdf, SIGNED_AT } from '../signing/samples.ts';

const OPTIONS = { mode: 'integrity', trust: [], guard: null, at: null, now: new Date() } as const;
const HASH_BUDGET = 10;
const SMALL_BUDGET_MS = 10;
const P99_BUDGET = 2;
const ROUNDS = 7;
const PARALLEL = 200;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const p99 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;

async function sign(pdf: Uint8Array, names: readonly string[]): Promise<Uint8Array> {
  const { credential } = await makeKey();
  let signed = pdf;
  for (const fieldName of names) {
    const common = { credential, appearance: null, signedAt: SIGNED_AT, reason: '', location: '' };
    signed = await createPdfSigner().sign({ ...common, pdf: signed, fieldName });
  }
  return signed;
}

async function timeOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const large = await sign(await makePdf(400, 52_000), ['Ky-1', 'Ky-2', 'Ky-3']);
const hashing: number[] = [];
const judging: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  hashing.push(await timeOf(() => [1, 2, 3].map(() => createHash('sha256').update(large).digest())));
  judging.push(await timeOf(() => validateFile(large, OPTIONS)));
}
const ratio = median(judging) / median(hashing);

const small = await sign(await makePdf(1, 2_000), ['Ky-1']);
const pool = createValidationPool();
for (let round = 0; round < 30; round += 1) await pool.validate(small, OPTIONS);
const warm: number[] = [];
for (let round = 0; round < 50; round += 1) warm.push(await timeOf(() => pool.validate(small, OPTIONS)));

const server = createServer((_, response) => response.end('ok'));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
// A listening TCP server has an address with a port.
const { port } = server.address() as AddressInfo;
const ask = (): Promise<number> =>
  timeOf(
    () => new Promise((resolve) => get({ host: '127.0.0.1', port }, (answer) => answer.resume().on('end', resolve))),
  );
async function askFor(isOver: () => boolean, atLeast: number): Promise<number[]> {
  const times: number[] = [];
  while (!isOver() || times.length < atLeast) times.push(await ask());
  return times;
}
await askFor(() => true, 300);
const idle = await askFor(() => true, 2_000);
let open = PARALLEL;
const files = Array.from({ length: PARALLEL }, () => pool.validate(small, OPTIONS).then(() => (open -= 1)));
const busy = await askFor(() => open === 0, 500);
await Promise.all(files);
await pool.close();
server.close();

console.table({
  'three signatures, 20 MB': {
    megabytes: Math.round(large.length / 1e6),
    'hash ×3 ms': Math.round(median(hashing)),
    'judge ms': Math.round(median(judging)),
    ratio: ratio.toFixed(1),
  },
  'small file, warm thread': { kilobytes: Math.round(small.length / 1e3), 'judge ms': median(warm).toFixed(1) },
  '200 at once': {
    'p99 idle ms': p99(idle).toFixed(2),
    'p99 busy ms': p99(busy).toFixed(2),
    ratio: (p99(busy) / p99(idle)).toFixed(1),
  },
});
if (ratio > HASH_BUDGET || median(warm) > SMALL_BUDGET_MS || p99(busy) > P99_BUDGET * p99(idle)) process.exitCode = 1;
