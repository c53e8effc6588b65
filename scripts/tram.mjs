#!/usr/bin/env node
// `tram sign`, `tram verify`, `tram test-ca`: the command line of server/cli. A checkout runs its sources through tsx, so
// that it never runs an old build; an installation without development packages runs what was built.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCE = join(ROOT, 'server/cli/main.ts');
const BUILT = join(ROOT, 'dist/server/cli/main.js');

async function loadCli() {
  const hasTsx = existsSync(join(ROOT, 'node_modules/tsx'));
  if (hasTsx && existsSync(SOURCE)) {
    const { register } = await import('tsx/esm/api');
    register();
    return import(pathToFileURL(SOURCE).href);
  }
  if (existsSync(BUILT)) return import(pathToFileURL(BUILT).href);
  return null;
}

const untilStopped = () =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });

const cli = await loadCli();
if (cli === null) {
  console.error('CLI_NOT_BUILT: Chưa dựng chương trình; hãy chạy npm run build.');
  process.exitCode = 1;
} else {
  process.exitCode = await cli.runCli(process.argv.slice(2), {
    env: process.env,
    now: () => new Date(),
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
    untilStopped,
  });
}
