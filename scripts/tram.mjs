#!/usr/bin/env node
// `tram sign`, `tram verify`, `tram test-ca`: the command line of server/cli; `tram token` needs the database of a server
// and is therefore in server/main. A checkout runs its sources through tsx, so
// that it never runs an old build; an installation without development packages runs what was built.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

async function load(name) {
  const source = join(ROOT, `server/${name}.ts`);
  const built = join(ROOT, `dist/server/${name}.js`);
  const hasTsx = existsSync(join(ROOT, 'node_modules/tsx'));
  if (hasTsx && existsSync(source)) {
    const { register } = await import('tsx/esm/api');
    register();
    return import(pathToFileURL(source).href);
  }
  if (existsSync(built)) return import(pathToFileURL(built).href);
  return null;
}

const untilStopped = () =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });

const isToken = process.argv[2] === 'token';
const cli = await load(isToken ? 'main/token' : 'cli/main');
if (cli === null) {
  console.error('CLI_NOT_BUILT: Chưa dựng chương trình; hãy chạy npm run build.');
  process.exitCode = 1;
} else {
  const [run, argv] = isToken ? [cli.runToken, process.argv.slice(3)] : [cli.runCli, process.argv.slice(2)];
  process.exitCode = await run(argv, {
    env: process.env,
    now: () => new Date(),
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
    untilStopped,
  });
}
