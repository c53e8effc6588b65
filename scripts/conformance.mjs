// `npm run test:conformance [-- runner flags]`: starts a server of its own with a fresh data directory, runs the
// conformance cases against it and prints "N passed, N failed". The runner lives beside the repository; another place is
// named by CONFORMANCE_DIR. Exit code: 0 all passed, 1 some failed, 2 the runner is not there or the server did not start.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const RUNNER = join(resolve(ROOT, process.env.CONFORMANCE_DIR ?? '../shared/conformance'), 'run.mjs');
const START_LIMIT_MS = 180_000;

if (!existsSync(RUNNER)) {
  console.error(`The conformance runner is not at ${RUNNER}; name its folder in CONFORMANCE_DIR.`);
  process.exit(2);
}

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

async function waitUntilReady(url, server) {
  const end = Date.now() + START_LIMIT_MS;
  while (Date.now() < end && server.exitCode === null) {
    const isReady = await fetch(`${url}/v2/status`).then(
      (answer) => answer.status === 204,
      () => false,
    );
    if (isReady) return true;
    await new Promise((done) => setTimeout(done, 200));
  }
  return false;
}

const dataDir = mkdtempSync(join(tmpdir(), 'tram-conformance-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const flags = ['--test-mode', '--port', String(port), '--data-dir', dataDir, '--sample-data', 'false'];
const server = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), ...flags], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal' },
});
let code = 2;
try {
  if (await waitUntilReady(url, server)) {
    const runner = spawn(process.execPath, [RUNNER, ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: { ...process.env, BASE_URL: url },
    });
    code = await new Promise((done) => runner.once('exit', (exit) => done(exit ?? 1)));
  } else console.error('The server did not start.');
} finally {
  if (server.exitCode === null) {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(code);
