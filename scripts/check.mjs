// `npm run check`: everything about the code that can be said without running it (types, lint, import rules, format).
// Two programs run at once, because a developer's machine has other work as well; output is grouped by program and
// only shown when it failed. Budget: under 60 s for the whole repository.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const CACHE = join(ROOT, 'node_modules/.cache');
const AT_ONCE = 2;

const IS_CI = process.env.CI === 'true';

// Cached results of type-aware lint rules can be stale when only another file changed, so CI looks at everything.
const lintCache = (name) =>
  IS_CI ? [] : ['--cache', '--cache-strategy', 'content', '--cache-location', `${CACHE}/eslint/${name}`];
const typesCache = IS_CI ? [] : ['--incremental', '--tsBuildInfoFile', `${CACHE}/vue-tsc.tsbuildinfo`];
const formatCache = ['--cache', '--cache-location', `${CACHE}/prettier/cache.json`];
const ESLINT = 'eslint/bin/eslint.js';
const DESIGNER = ['designer', 'test/designer'];
const codeFolders = ['server', 'migrations', 'designer/src', 'test', 'bench', 'scripts'];

/** Slow ones first, so that the last program to finish is a short one. `bin` is a path below node_modules. */
const CHECKS = [
  {
    // The web app is a TypeScript program of its own, so it is linted in a process of its own.
    name: 'lint (server, tests)',
    bin: ESLINT,
    args: [
      '.',
      ...DESIGNER.flatMap((path) => ['--ignore-pattern', path]),
      '--max-warnings',
      '0',
      ...lintCache('server'),
    ],
  },
  { name: 'lint (designer)', bin: ESLINT, args: [...DESIGNER, '--max-warnings', '0', ...lintCache('designer')] },
  {
    name: 'types (designer)',
    bin: 'vue-tsc/bin/vue-tsc.js',
    args: ['--noEmit', '-p', 'designer/tsconfig.json', ...typesCache],
  },
  { name: 'format', bin: 'prettier/bin/prettier.cjs', args: ['--check', '.', '--log-level', 'warn', ...formatCache] },
  { name: 'types (server, tests)', bin: '@typescript/native/bin/tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'import rules',
    bin: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...codeFolders],
  },
];

/** Runs one program and collects what it says. */
function runCheck({ name, bin, args }) {
  const startedAt = performance.now();
  const present = args.filter((arg) => !codeFolders.includes(arg) || existsSync(join(ROOT, arg)));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', bin), ...present], { cwd: ROOT });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const finish = (isOk, extra = '') => {
      const seconds = (performance.now() - startedAt) / 1000;
      resolve({ name, isOk, seconds, output: Buffer.concat(output).toString('utf8').trimEnd() + extra });
    };
    child.on('error', (error) => finish(false, `\nCould not start ${bin}: ${error.message}. Run \`npm ci\`.`));
    child.on('close', (code) => finish(code === 0));
  });
}

function printCheck({ name, isOk, seconds, output }) {
  console.log(`${isOk ? '✓' : '✗'} ${name.padEnd(22)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!isOk && output !== '') console.log(output.replace(/^/gm, '  '));
}

/** Runs all checks, at most two at once, and prints each as it ends. Returns the names of those that failed. */
export async function runChecks() {
  mkdirSync(CACHE, { recursive: true });
  const waiting = [...CHECKS];
  const failed = [];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = await runCheck(check);
      printCheck(result);
      if (!result.isOk) failed.push(result.name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failed;
}

async function main() {
  const startedAt = performance.now();
  const failed = await runChecks();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (failed.length === 0) {
    console.log(`All checks passed in ${seconds} s.`);
    return;
  }
  const hint = failed.includes('format') ? ' `npm run format` repairs the format.' : '';
  console.log(`Failed after ${seconds} s: ${failed.join(', ')}.${hint}`);
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
