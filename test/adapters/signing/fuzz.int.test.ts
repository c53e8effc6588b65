// A slice of the seeded fuzzing of bench/signing: damaged files of five kinds through reader, placement and writer.

import { beforeAll, describe, expect, it } from 'vitest';
import { mutate, tryInput } from '../../../bench/signing/fuzz.ts';
import {
  foreignPdf,
  handMadePdf,
  makeSigners,
  objectStreamPdf,
  ONE_PAGE,
  renderSample,
  signWhole,
} from '../pdf/samples.ts';
import type { Signers } from '../pdf/samples.ts';

const INPUTS = 1_500;
const LIMIT_MS = 2_000;

let signers: Signers;
let seeds: readonly Uint8Array[];
let signed: Uint8Array;
beforeAll(async () => {
  signers = await makeSigners();
  signed = await signWhole((await renderSample()).bytes, signers);
  const small = await signWhole(handMadePdf({ objects: ONE_PAGE }), signers);
  seeds = [signed, small, await foreignPdf(true), await foreignPdf(false), objectStreamPdf()];
});

describe('damaged files', () => {
  it('are read or refused within two seconds, and what is prepared begins with them', () => {
    const counts = { read: 0, refused: 0 };
    let slowest = 0;
    for (let number = 0; number < INPUTS; number += 1) {
      const outcome = tryInput(mutate(seeds, number), signers.leader);
      counts[outcome.kind] += 1;
      slowest = Math.max(slowest, outcome.millis);
    }
    expect(slowest).toBeLessThan(LIMIT_MS);
    // Both happen, or the generator changes too little or too much to test anything.
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(INPUTS / 20);
  });
});
