// Proves what other programs rely on in `npm test`: the last line, the exit code, and that neither a crashed suite nor a
// missing tool nor an ambiguous test name passes unseen. Each case runs scripts/test.mjs in a repository of its own.

import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plantSkeleton, type SkeletonFiles } from './skeleton.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const RUNNER = join(REPOSITORY, 'scripts/test.mjs');
const CONFIG = `export default { test: { include: ['test/**/*.test.ts'] } };\n`;
const HEAD = `import { appendFileSync } from 'node:fs';\nimport { expect, it } from 'vitest';\n`;
const PASSES = `${HEAD}it('adds', () => expect(1 + 1).toBe(2));\nit('subtracts', () => expect(2 - 1).toBe(1));\n`;
const FAILS = `${HEAD}it('adds wrongly', () => expect(1 + 1).toBe(3));\n`;
const SKIPS = `${HEAD}it.skip('waits', () => expect(1).toBe(1));\n`;
const CRASHES = `${HEAD}throw new Error('no database');\nit('is never reached', () => expect(1).toBe(1));\n`;
const LACKS_TOOL = `${HEAD}appendFileSync(process.env['TRAM_NOT_RUN_FILE'] ?? '', 'pdf suite: no qpdf\\npdf suite: no qpdf\\n');\nit.skip('opens', () => expect(1).toBe(1));\n`;

interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly lastLine: string | undefined;
}

function runTests(
  files: SkeletonFiles,
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Outcome {
  const skeleton = plantSkeleton({ 'vitest.config.mjs': CONFIG, ...files });
  try {
    symlinkSync(join(REPOSITORY, 'node_modules'), join(skeleton.root, 'node_modules'), 'dir');
    // The run inside must not believe that it is a worker of the run outside.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|CI$|NODE_ENV$|TRAM_|FORCE_COLOR$)/.test(name),
    );
    const env = { ...Object.fromEntries(inherited), NO_COLOR: '1', ...environment };
    const { status, stdout, stderr } = spawnSync(process.execPath, [RUNNER, '--no-check', ...args], {
      cwd: skeleton.root,
      env,
      encoding: 'utf8',
    });
    return { exitCode: status, output: stdout + stderr, lastLine: stdout.trimEnd().split('\n').at(-1) };
  } finally {
    skeleton.remove();
  }
}

describe('npm test', () => {
  it('adds up the tests of all tiers', () => {
    const outcome = runTests({
      'test/a.unit.test.ts': PASSES,
      'test/b.int.test.ts': PASSES,
      'test/c.e2e.test.ts': PASSES,
    });
    expect(outcome).toMatchObject({ exitCode: 0, lastLine: '6 passed, 0 failed' });
  });

  it('counts failed and skipped tests', () => {
    const outcome = runTests({
      'test/a.unit.test.ts': PASSES,
      'test/b.unit.test.ts': FAILS,
      'test/c.int.test.ts': SKIPS,
    });
    expect(outcome).toMatchObject({ exitCode: 1, lastLine: '2 passed, 1 failed, 1 skipped' });
  });

  it('counts a suite that crashes before its first test as a failure', () => {
    const outcome = runTests({ 'test/a.unit.test.ts': PASSES, 'test/b.unit.test.ts': CRASHES });
    expect(outcome).toMatchObject({ exitCode: 1, lastLine: '2 passed, 1 failed' });
  });

  it('counts a run whose set-up crashes as a failure', () => {
    const outcome = runTests({ 'vitest.config.mjs': `throw new Error('broken');\n`, 'test/a.unit.test.ts': PASSES });
    expect(outcome).toMatchObject({ exitCode: 1, lastLine: '0 passed, 1 failed' });
  });

  it('runs only the files whose path contains the given part', () => {
    const outcome = runTests({ 'test/a/x.unit.test.ts': PASSES, 'test/b/y.unit.test.ts': FAILS }, ['test/a']);
    expect(outcome).toMatchObject({ exitCode: 0, lastLine: '2 passed, 0 failed' });
  });

  it('fails when no file matches the given part', () => {
    const outcome = runTests({ 'test/a.unit.test.ts': PASSES }, ['nowhere']);
    expect(outcome).toMatchObject({ exitCode: 1, lastLine: '0 passed, 1 failed' });
  });

  it('refuses to run while one name stands for two tests of a file', () => {
    const twice = `${PASSES}it('adds', () => expect(2 + 2).toBe(4));\n`;
    const outcome = runTests({ 'test/a.unit.test.ts': twice });
    expect(outcome).toMatchObject({ exitCode: 1, lastLine: '0 passed, 1 failed' });
    expect(outcome.output).toContain('test/a.unit.test.ts: “adds” names the tests on lines 3 and 5.');
  });

  it('accepts the same name in two files', () => {
    const outcome = runTests({ 'test/a.unit.test.ts': PASSES, 'test/b.unit.test.ts': PASSES });
    expect(outcome).toMatchObject({ exitCode: 0, lastLine: '4 passed, 0 failed' });
  });

  it('refuses a test file that belongs to no tier', () => {
    const outcome = runTests({ 'test/a.test.ts': PASSES });
    expect(outcome).toMatchObject({ exitCode: 1, lastLine: '0 passed, 1 failed' });
  });

  it('lists once what was not run and passes on a developer machine', () => {
    const outcome = runTests({ 'test/a.int.test.ts': LACKS_TOOL });
    expect(outcome).toMatchObject({ exitCode: 0, lastLine: '0 passed, 0 failed, 1 skipped' });
    expect(outcome.output.match(/pdf suite: no qpdf/g)).toHaveLength(1);
  });

  it('fails in continuous integration when something was not run', () => {
    const outcome = runTests({ 'test/a.int.test.ts': LACKS_TOOL }, [], { CI: 'true' });
    expect(outcome).toMatchObject({ exitCode: 1, lastLine: '0 passed, 1 failed, 1 skipped' });
  });
});
