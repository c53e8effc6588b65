// Our own cases in the format of the public conformance kit: one test per file, so that a failure names its folder. The
// public kit itself is run with `npm run test:dmn -- DIR`.

import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSuites } from '../../support/dmn-tck/find-suites.ts';
import { runCases } from '../../support/dmn-tck/run-cases.ts';

const { suites, unreadable } = findSuites(resolve(import.meta.dirname, 'cases'));

describe('decision cases', () => {
  it('every case file can be read', () => {
    expect(unreadable).toEqual([]);
    expect(suites.length).toBeGreaterThan(20);
  });

  it.each(suites.map((suite) => [suite.file, suite] as const))('%s gives the expected results', (_file, suite) => {
    const failed = runCases(suite.cases, suite.models).filter(({ isPassed }) => !isPassed);
    expect(failed).toEqual([]);
  });
});
