// `npm run bench [-- part-of-a-name …]`: runs the programs bench/*.bench.ts one after the other, because two at once would
// measure each other. Each prints its own table and ends with code 0 when its budget is met.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, 'bench');
const BYTES_PER_GIB = 2 ** 30;

function listBenchmarks(parts) {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.bench.ts') && (parts.length === 0 || parts.some((part) => path.includes(part))))
    .sort();
}

function runBenchmark(path) {
  return new Promise((resolve) => {
    // The heap of an installation (Dockerfile).
    const args = ['--max-semi-space-size=64', '--import', 'tsx', join(FOLDER, path)];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
    child.on('error', (error) => {
      console.error(`Could not start ${path}: ${error.message}. Run \`npm ci\`.`);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

const parts = process.argv.slice(2);
const benchmarks = listBenchmarks(parts);
if (benchmarks.length === 0) {
  console.log(
    parts.length === 0 ? 'There is no benchmark in bench/ yet.' : `No benchmark matches ${parts.join(', ')}.`,
  );
  process.exit(parts.length === 0 ? 0 : 1);
}
// Numbers without the machine say nothing.
const [cpu] = cpus();
console.log(
  `${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / BYTES_PER_GIB)} GiB, Node ${process.version}`,
);
const failed = [];
for (const path of benchmarks) {
  console.log(`\n── ${path}`);
  if (!(await runBenchmark(path))) failed.push(path);
}
if (failed.length > 0) {
  console.log(`\nFailed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
