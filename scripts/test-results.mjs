// Counts the outcome of a test run from the JSON reports of vitest and the list of suites that were not run.
// Invariant: a run that did not end well never adds up to "0 failed", even when a suite crashed before its first test.

import { existsSync, readFileSync } from 'node:fs';

export const NOTHING = Object.freeze({ passed: 0, failed: 0, skipped: 0 });

export const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** Counts one run. `exitCode` is the word of vitest itself: it also knows errors outside of any test. */
export function countRun(reportPath, exitCode) {
  const counted = existsSync(reportPath)
    ? JSON.parse(readFileSync(reportPath, 'utf8')).testResults.map(countSuite).reduce(add, NOTHING)
    : NOTHING;
  const isUnexplained = exitCode !== 0 && counted.failed === 0;
  return isUnexplained ? add(counted, { ...NOTHING, failed: 1 }) : counted;
}

/** A suite that failed without a failed test crashed while it was loaded or set up: that is one failure. */
function countSuite({ status, assertionResults }) {
  const count = (wanted) => assertionResults.filter((test) => wanted.includes(test.status)).length;
  const failed = count(['failed']);
  return {
    passed: count(['passed']),
    failed: failed === 0 && status === 'failed' ? 1 : failed,
    skipped: count(['pending', 'skipped', 'todo', 'disabled']),
  };
}

/** The distinct lines that suites without their tool have written (test/support/tools.ts). */
export function readNotRun(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))].sort();
}

/** The last line of `npm test`; other programs read it. */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
