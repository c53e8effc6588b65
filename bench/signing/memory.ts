// Child process of speed.bench.ts: loads a file and, in mode `sign`, signs it once; prints the peak of its memory in bytes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPdfSigner } from '../../server/adapters/pdf/signer.ts';
import { createCredentialOpener } from '../../server/adapters/signing/pkcs12.ts';
import { makePdf, SIGNED_AT } from './samples.ts';

const [directory = '.', pin = '', mode = 'load'] = process.argv.slice(2);
const credential = createCredentialOpener().open(new Uint8Array(readFileSync(join(directory, 'a.p12'))), pin);
const sign = (pdf: Uint8Array): Promise<Uint8Array> =>
  createPdfSigner().sign({
    pdf,
    credential,
    fieldName: 'Ky-1',
    appearance: null,
    signedAt: SIGNED_AT,
    reason: '',
    location: '',
  });
// Code and tables of the runtime are no part of the file: both modes sign a small one first.
await sign(await makePdf(1, 100));
const file = readFileSync(join(directory, 'a.pdf'));
const pdf = new Uint8Array(file.buffer, file.byteOffset, file.length);
if (mode === 'sign') await sign(pdf);
// Kilobytes on Linux and macOS alike, as libuv reports it.
console.log(process.resourceUsage().maxRSS * 1024);
