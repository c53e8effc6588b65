// A slice of the damage that bench/verify/fuzz.bench.ts does 100,000 times.

import { describe, expect, it } from 'vitest';
import { mutate, tryInput } from '../../../bench/verify/fuzz.ts';
import { SOUND_FILES } from './sound-files.ts';

const INPUTS = 500;

describe('damaged signed files', () => {
  it('are judged without a crash, and none with a changed signed byte is valid', async () => {
    const seeds = SOUND_FILES.filter(({ verdict }) => verdict === 'valid').map(({ make }) => make());
    const deceived: number[] = [];
    for (let number = 0; number < INPUTS; number += 1) {
      const { seed, bytes } = mutate(seeds, number);
      if ((await tryInput(seed, bytes)).isFalselyValid) deceived.push(number);
    }
    expect(deceived).toEqual([]);
  });
});
