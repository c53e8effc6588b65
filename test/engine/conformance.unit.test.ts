// The visible conformance cases against the pure core. The cases lie beside the repository; without them there is
// nothing to run. CONFORMANCE_DIR names another place.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { NeedsServer } from './conformance-case.ts';
import { runCase } from './conformance.ts';

const PLACES = [process.env['CONFORMANCE_DIR'], '../shared/conformance', '../../shared/conformance'];
const folder = PLACES.find((place) => place !== undefined && existsSync(place));
const names = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.skipIf(names.length === 0)('conformance case', () => {
  it.for(names)('%s', async (name, context) => {
    try {
      await runCase(join(folder ?? '', name));
    } catch (error) {
      if (!(error instanceof NeedsServer)) throw error;
      context.skip(error.message);
    }
  });
});
