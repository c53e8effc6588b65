// Ending the program: in order also when the signal comes twice, as it does when npm passes on the Ctrl-C that the
// terminal has sent already.

import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfNeeded } from '../../scripts/build.mjs';
import { findEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';

describe('a start that is ended', () => {
  let dataDir: string;
  beforeAll(async () => {
    await buildIfNeeded();
    dataDir = mkdtempSync(join(tmpdir(), 'tram-start-'));
    chmodSync(dataDir, 0o755);
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const launch = () => {
    const args = ['dist/server/main/start.js', '--port', '0', '--data-dir', dataDir, '--sample-data=false'];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LOG_LEVEL: 'warn' },
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const ready = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('sẵn sàng')) resolve();
      });
    });
    return { child, exited, ready };
  };

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s sent twice takes its database down with it', async (signal) => {
    const { child, exited, ready } = launch();
    await ready;
    child.kill(signal);
    child.kill(signal);
    expect(await exited).toBe(0);
    expect(await findEmbeddedPostgres(join(dataDir, 'postgres'))).toBeNull();
  });

  it('by a signal that comes while it still starts takes its database down with it', async () => {
    const { child, exited } = launch();
    while ((await findEmbeddedPostgres(join(dataDir, 'postgres'))) === null) {
      if (child.exitCode !== null) break;
    }
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(await findEmbeddedPostgres(join(dataDir, 'postgres'))).toBeNull();
  });
});
