// `npm run test:dmn -- DIR [--only TEXT] [--json FILE] [--verbose]`: runs every test file below DIR (the public DMN
// conformance kit, or our own cases) and prints passed and failed per folder. Exit status 1 when anything failed.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findSuites } from './find-suites.ts';
import { type CaseOutcome, runCases } from './run-cases.ts';

interface FileOutcome {
  readonly file: string;
  readonly folder: string;
  readonly outcomes: readonly CaseOutcome[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, json: { type: 'string' }, verbose: { type: 'boolean' } },
});
const root = resolve(positionals[0] ?? 'test/engine/decisions/cases');
const only = values.only ?? '';

const { suites, unreadable } = findSuites(root);
const results: FileOutcome[] = [
  ...unreadable.map(({ file, reason }) => ({
    file,
    folder: file.replace(/[^/]*$/, ''),
    outcomes: [{ id: '*', isPassed: false, reason }],
  })),
  ...suites
    .filter(({ file }) => file.includes(only))
    .map(({ file, folder, cases, models }) => ({ file, folder, outcomes: runCases(cases, models) })),
];

const folders = new Map<string, { passed: number; failed: number }>();
for (const { folder, file, outcomes } of results) {
  const count = folders.get(folder) ?? { passed: 0, failed: 0 };
  folders.set(folder, count);
  for (const { id, isPassed, reason } of outcomes) {
    if (isPassed) count.passed += 1;
    else count.failed += 1;
    if (!isPassed) console.log(`FAILED ${file} ${id}: ${values.verbose ? reason : (reason.split('\n')[0] ?? '')}`);
  }
}
for (const [folder, { passed, failed }] of [...folders].sort()) {
  console.log(`${String(passed).padStart(5)} passed ${String(failed).padStart(5)} failed  ${folder}`);
}
const passed = [...folders.values()].reduce((sum, count) => sum + count.passed, 0);
const failed = [...folders.values()].reduce((sum, count) => sum + count.failed, 0);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ passed, failed, files: results }, null, 2)}\n`);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
