// 100,000 damaged PDFs and CMS through the validator: no crash, no input over two seconds, and no changed signed byte called
// valid. `TRAM_FUZZ_INPUTS` changes the number, `TRAM_FUZZ_FIRST` where the numbers begin.

import { SOUND_FILES } from '../../test/adapters/validation/sound-files.ts';
import { mutate, tryInput } from './fuzz.ts';

const INPUTS = Number(process.env['TRAM_FUZZ_INPUTS'] ?? 100_000);
const FIRST = Number(process.env['TRAM_FUZZ_FIRST'] ?? 0);
const LIMIT_MS = 2_000;

const seeds = SOUND_FILES.filter(({ verdict }) => verdict === 'valid').map(({ make }) => make());
const counts = { valid: 0, reservations: 0, undetermined: 0, invalid: 0, crashed: 0, slow: 0, deceived: 0 };
let slowest = 0;
const start = performance.now();
for (let number = FIRST; number < FIRST + INPUTS; number += 1) {
  const { seed, bytes } = mutate(seeds, number);
  try {
    const { verdict, millis, isFalselyValid } = await tryInput(seed, bytes);
    counts[verdict] += 1;
    slowest = Math.max(slowest, millis);
    if (millis > LIMIT_MS) counts.slow += 1;
    if (isFalselyValid) {
      counts.deceived += 1;
      console.log(`input ${number} is called valid`);
    }
  } catch (error) {
    counts.crashed += 1;
    console.log(`input ${number} throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
const seconds = Math.round((performance.now() - start) / 1000);
console.table([{ inputs: INPUTS, ...counts, 'slowest ms': Math.round(slowest), seconds }]);
if (counts.crashed + counts.slow + counts.deceived > 0) process.exitCode = 1;
