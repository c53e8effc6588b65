// A missing tool is reported and never passes in silence. Checked on a vitest run of its own, because what a run says
// about skipped suites is what counts.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireTool } from './tools.ts';

const ROOT = process.cwd();
const MISSING = 'no-such-tool-anywhere';
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tram-tools-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function runSuite(tool: string, env: Record<string, string>) {
  writeFileSync(
    join(dir, 'suite.test.ts'),
    `import { expect, it } from ${JSON.stringify(join(ROOT, 'node_modules/vitest/dist/index.js'))};
     import { describeWithTool } from ${JSON.stringify(join(ROOT, 'test/support/tools.ts'))};
     describeWithTool('${tool}', 'the suite', (path) => {
       it('gets the path', () => { expect(path).toContain('${tool}'); });
     });`,
  );
  const notRunFile = join(dir, 'not-run.txt');
  writeFileSync(notRunFile, '');
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', dir, '--reporter=json'],
    { encoding: 'utf8', env: { ...process.env, CI: '', TRAM_NOT_RUN_FILE: notRunFile, ...env } },
  );
  const report = JSON.parse(stdout) as { numPassedTests: number; numFailedTests: number };
  return {
    status,
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    notRun: readFileSync(notRunFile, 'utf8'),
  };
}

describe('tools that npm cannot bring', () => {
  it('are found on the path, or not at all', () => {
    expect(requireTool('node')).toContain('node');
    expect(requireTool(MISSING)).toBeNull();
  });

  it('let their suite run when they are there', () => {
    expect(runSuite('node', {})).toEqual({ status: 0, passed: 1, failed: 0, notRun: '' });
  });

  it('leave a line that says why the suite was not run and how to get the tool', () => {
    expect(runSuite(MISSING, {})).toEqual({
      status: 0,
      passed: 0,
      failed: 0,
      notRun: `the suite: not run, because ${MISSING} is missing; get it by npm run test:setup\n`,
    });
  });

  it('fail the run in CI', () => {
    expect(runSuite(MISSING, { CI: 'true' })).toMatchObject({ status: 1, passed: 0, failed: 1 });
  });
});
