// 50,000 damaged PDFs through reader, placement and writer: no crash, no input over two seconds, the input always an
// unchanged prefix of what is prepared, and no damaged signed byte called intact. `TRAM_FUZZ_INPUTS` changes the number.

import { createHash } from 'node:crypto';
import { createPdfSigner } from '../../server/adapters/pdf/signer.ts';
import { mutate, tryInput } from './fuzz.ts';
import { makeKey, makePdf, SIGNED_AT } from './samples.ts';

const INPUTS = Number(process.env['TRAM_FUZZ_INPUTS'] ?? 50_000);
const LIMIT_MS = 2_000;

const key = await makeKey();
const table = await makePdf(3, 600);
const signed = await createPdfSigner().sign({
  pdf: table,
  credential: key.credential,
  fieldName: 'Ky-1',
  appearance: null,
  signedAt: SIGNED_AT,
  reason: '',
  location: '',
});
const seeds = [table, signed];
const counts = { read: 0, refused: 0, slow: 0, falselyIntact: 0 };
let slowest = 0;
const start = performance.now();
for (let number = 0; number < INPUTS; number += 1) {
  const bytes = mutate(seeds, number);
  const outcome = tryInput(bytes, key.credential);
  counts[outcome.kind] += 1;
  slowest = Math.max(slowest, outcome.millis);
  if (outcome.millis > LIMIT_MS) counts.slow += 1;
  const isWhole = outcome.findings.some((finding) => finding.isIntact && finding.coversWholeFile);
  // Only the untouched file may be intact as a whole; padding zeros in /Contents and white space at the end are its own.
  if (isWhole && !isSameButPadding(bytes)) {
    counts.falselyIntact += 1;
    console.log(`input ${number} is called intact: ${createHash('sha256').update(bytes).digest('hex')}`);
  }
}

function isSameButPadding(bytes: Uint8Array): boolean {
  const gapStart = Buffer.from(signed).indexOf('/Contents <');
  const gapEnd = Buffer.from(signed).indexOf('>', gapStart);
  const isSame = (from: number, to: number): boolean =>
    Buffer.compare(bytes.subarray(from, to), signed.subarray(from, to)) === 0;
  const rest = Buffer.from(bytes.subarray(signed.length)).toString('latin1');
  return isSame(0, gapStart) && isSame(gapEnd, signed.length) && rest.trim() === '';
}

const seconds = (performance.now() - start) / 1000;
console.table([{ inputs: INPUTS, ...counts, 'slowest ms': Math.round(slowest), seconds: Math.round(seconds) }]);
if (counts.slow > 0 || counts.falselyIntact > 0) process.exitCode = 1;
