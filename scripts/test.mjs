// `npm test [-- [--no-check] [--tier=unit,int,e2e] path …]`: the checks, then the tests of each tier, cheapest first.
// With a path only the test files whose path contains it are run, without the checks. Says at the end what could not
// be run and how to get it; with CI=true that is a failure. The very last line is always "N passed, N failed".

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './check.mjs';
import { findDuplicateTestNames } from './test-names.mjs';
import { NOTHING, add, countRun, lastLine, readNotRun } from './test-results.mjs';

const VITEST = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules/vitest/vitest.mjs');
const ROOT = process.cwd();
const IS_CI = process.env.CI === 'true';

// Servers and browsers of two end-to-end files at once would starve each other on two cores.
const TIERS = [
  { name: 'unit', args: [] },
  { name: 'int', args: [] },
  { name: 'e2e', args: ['--no-file-parallelism'] },
];

const failures = (count) => ({ ...NOTHING, failed: count });
const title = (text) => console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 100 - text.length))}`);

function parseArguments(args) {
  const names = TIERS.map((tier) => tier.name);
  const chosen = args
    .filter((arg) => arg.startsWith('--tier='))
    .flatMap((arg) => arg.slice('--tier='.length).split(','));
  const unknown = [
    ...args.filter((arg) => arg.startsWith('-') && arg !== '--no-check' && !arg.startsWith('--tier=')),
    ...chosen.filter((name) => !names.includes(name)),
  ];
  const patterns = args.filter((arg) => !arg.startsWith('-')).map((arg) => arg.replace(/^\.\//, ''));
  const isPartial = patterns.length > 0 || chosen.length > 0;
  return {
    unknown,
    patterns,
    tiers: TIERS.filter((tier) => chosen.length === 0 || chosen.includes(tier.name)),
    mustCheck: !isPartial && !args.includes('--no-check'),
  };
}

function listTestFiles() {
  if (!existsSync(join(ROOT, 'test'))) return [];
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts') && !path.includes('/node_modules/'))
    .sort();
}

/** Faults that make the run itself untrustworthy, so that nothing is run before they are repaired. */
function findFaults(files) {
  const tierless = files
    .filter((file) => !TIERS.some((tier) => file.endsWith(`.${tier.name}.test.ts`)))
    .map((file) => `${file}: call it .unit.test.ts, .int.test.ts or .e2e.test.ts, otherwise no tier runs it.`);
  const duplicates = files
    .flatMap((file) => findDuplicateTestNames(join(ROOT, file)).map((duplicate) => ({ file, ...duplicate })))
    .map(({ file, name, lines }) => `${file}: “${name}” names the tests on lines ${lines.join(' and ')}.`);
  return [...tierless, ...duplicates];
}

/** Runs one tier and returns its counts. */
function runTier(tier, files, workDir) {
  const report = join(workDir, `${tier.name}.json`);
  const args = ['run', ...tier.args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...files];
  const env = { ...process.env, TRAM_NOT_RUN_FILE: join(workDir, 'not-run.txt') };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [VITEST, ...args], { cwd: ROOT, env, stdio: 'inherit' });
    child.on('error', (error) => {
      console.error(`Could not start vitest: ${error.message}. Run \`npm ci\`.`);
      resolve(failures(1));
    });
    child.on('close', (code) => resolve(countRun(report, code)));
  });
}

async function runTiers(tiers, files, workDir) {
  let counts = NOTHING;
  for (const tier of tiers) {
    const own = files.filter((file) => file.endsWith(`.${tier.name}.test.ts`));
    if (own.length === 0) continue;
    title(`${tier.name} (${own.length} files)`);
    counts = add(counts, await runTier(tier, own, workDir));
  }
  return counts;
}

/** Prints what was not run; returns how many failures that means. */
function reportNotRun(lines) {
  if (lines.length === 0) return 0;
  title('not run');
  for (const line of lines) console.log(line);
  if (IS_CI) console.log('With CI=true everything must run, so each of these counts as a failure.');
  return IS_CI ? lines.length : 0;
}

async function run(options, workDir) {
  if (options.unknown.length > 0) {
    console.error(`Unknown: ${options.unknown.join(' ')}. Use --no-check, --tier=unit,int,e2e or parts of paths.`);
    return failures(1);
  }
  const { patterns } = options;
  const files = listTestFiles().filter((file) => patterns.length === 0 || patterns.some((part) => file.includes(part)));
  if (files.length === 0 && patterns.length > 0) {
    console.error(`No test file has a path that contains ${patterns.map((part) => `“${part}”`).join(' or ')}.`);
    return failures(1);
  }
  const faults = findFaults(files);
  if (faults.length > 0) {
    title('test files that cannot be trusted');
    for (const fault of faults) console.log(fault);
    return failures(faults.length);
  }
  let failedChecks = [];
  if (options.mustCheck) {
    title('checks');
    failedChecks = await runChecks();
  }
  const counts = await runTiers(options.tiers, files, workDir);
  if (failedChecks.length > 0) console.log(`\nFailed checks, see above: ${failedChecks.join(', ')}.`);
  const notRun = reportNotRun(readNotRun(join(workDir, 'not-run.txt')));
  return add(counts, failures(failedChecks.length + notRun));
}

async function main() {
  const workDir = mkdtempSync(join(tmpdir(), 'tram-run-'));
  let counts = failures(1);
  try {
    counts = await run(parseArguments(process.argv.slice(2)), workDir);
  } catch (error) {
    console.error(error); // a bug of this script; it counts as the one failure above
  } finally {
    rmSync(workDir, { recursive: true, force: true });
    process.exitCode = counts.failed === 0 ? 0 : 1;
    console.log(`\n${lastLine(counts)}`);
  }
}

await main();
