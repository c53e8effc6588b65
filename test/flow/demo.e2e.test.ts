// `npm run demo` as a person runs it, against a server of its own; and the files it leaves, opened by other people's
// tools: pdfsig finds both signatures valid, the recipient got the same bytes, the archive package checks out.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkArchivePackage } from '../../server/adapters/archive/check.ts';
import { PILOT_CLOCK, startServer, type TestServer } from '../support/server.ts';
import { describeWithTool } from '../support/tools.ts';

const DEMO = ['--import', 'tsx', 'scripts/demo/main.ts'];

describeWithTool('pdfsig', 'npm run demo', (pdfsig) => {
  let server: TestServer;
  let output: string;
  beforeAll(async () => {
    server = await startServer({ args: ['--clock', PILOT_CLOCK] });
    output = mkdtempSync(join(tmpdir(), 'tram-demo-'));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(output, { recursive: true, force: true });
  });

  const demo = (...args: string[]) =>
    spawnSync(process.execPath, [...DEMO, ...args], { encoding: 'utf8', timeout: 110_000 });
  const read = (name: string): Buffer => readFileSync(join(output, name));

  it('ends well and leaves the files that it names', { timeout: 120_000 }, () => {
    const result = demo('--base-url', server.baseUrl, '--out', output);
    expect(result.stderr).toBe('');
    expect(result.status).toBe(0);
    expect(result.stdout).toContain('01 → 03 → 04 → 05 → 06');
    for (const name of readdirSync(output)) expect(result.stdout).toContain(name);
  });

  it('leaves a PDF in which pdfsig finds both signatures valid, and the last one over the whole file', () => {
    const report = execFileSync(pdfsig, ['-nocert', join(output, '5-sealed.pdf')], { encoding: 'utf8' });
    expect(report.match(/Signature is Valid/g)).toHaveLength(2);
    expect(report).toMatch(/Signature #2[\s\S]*Total document signed/);
    expect(report).toContain('ETSI.CAdES.detached');
  });

  it('gives each version as a continuation of the one before, and the recipients the sealed one', () => {
    const [signed, numbered, sealed] = ['3-signed.pdf', '4-numbered.pdf', '5-sealed.pdf'].map(read);
    expect(numbered?.subarray(0, signed?.length).equals(signed ?? Buffer.of())).toBe(true);
    expect(sealed?.subarray(0, numbered?.length).equals(numbered ?? Buffer.of())).toBe(true);
    // The recipient has added the proof of time; what was signed stands before it, byte for byte.
    const received = read('nhan-so-tttt.pdf');
    expect(received.subarray(0, sealed?.length).equals(sealed ?? Buffer.of())).toBe(true);
  });

  it('leaves archive packages whose hashes agree', () => {
    for (const name of ['ho-so-ubnd-tinh.zip', 'ho-so-so-tttt.zip']) {
      expect(checkArchivePackage(read(name))).toMatchObject({ ok: true });
    }
  });

  it('fails with an exit code and says why when the outcome is not what it says', () => {
    const result = demo('--base-url', 'not-a-url');
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('usage');
  });
});
