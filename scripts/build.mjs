// `npm run build`: compiles the server (TypeScript 7) to dist/ and builds the web app (Vite) to dist/designer. Each part
// is built only when the content of its sources has changed since its last good build, so `npm start` can always ask.
// Both run in child processes: built in-process, Vite leaves the server with a gigabyte of memory.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.stamp');

/** At the depth of dist/, so that source maps stay right after the move. */
const WORK_PREFIX = '.dist-';

const PARTS = [
  {
    name: 'server',
    sources: ['server', 'migrations', 'tsconfig.json', 'tsconfig.build.json'],
    tool: 'node_modules/@typescript/native/bin/tsc',
    output: 'dist/server',
    build: buildServer,
  },
  {
    name: 'designer',
    // The contract is compiled into the web app as well.
    sources: ['designer', 'server/api/contract'],
    tool: 'node_modules/vite/bin/vite.js',
    output: 'dist/designer',
    build: buildDesigner,
  },
];

/** Builds what is out of date. Throws with a message for a person when a part cannot be built. */
export async function buildIfNeeded({ log = () => {} } = {}) {
  const stamp = readStamp();
  for (const part of PARTS) {
    const hash = hashSources(part.sources);
    // A web app that does not exist yet is no fault of the server.
    if (hash === null) continue;
    const hasOutput = existsSync(join(ROOT, part.output));
    if (hasOutput && stamp[part.name] === hash) continue;
    if (!existsSync(join(ROOT, part.tool))) {
      // An installation without development packages runs what was built before.
      if (hasOutput) continue;
      throw new Error(
        `Thiếu công cụ để dựng ${part.name}; hãy chạy npm ci. / The tool that builds ${part.name} is missing; run npm ci.`,
      );
    }
    log(`Đang dựng / building ${part.name} …`);
    await part.build(join(ROOT, part.tool));
    writeStamp({ ...readStamp(), [part.name]: hash });
  }
}

/** Compiled beside dist/ and moved in when it is complete: a failed build, or a second one at once, breaks nothing. */
async function buildServer(tool) {
  const workDir = join(ROOT, `${WORK_PREFIX}${process.pid}`);
  try {
    await runTool(tool, ['-p', 'tsconfig.build.json', '--outDir', workDir], ROOT, 'server');
    mkdirSync(DIST, { recursive: true });
    for (const folder of ['server', 'migrations']) {
      // Files that code reads beside itself (fonts, JSON, SQL) keep their place.
      const isNoSource = (path) => !/\.(ts|md)$/.test(path);
      cpSync(join(ROOT, folder), join(workDir, folder), { recursive: true, filter: isNoSource });
      const old = join(workDir, `old-${folder}`);
      if (existsSync(join(DIST, folder))) renameSync(join(DIST, folder), old);
      renameSync(join(workDir, folder), join(DIST, folder));
    }
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

async function buildDesigner(tool) {
  const output = join(DIST, 'designer');
  await runTool(
    tool,
    ['build', '--outDir', output, '--emptyOutDir', '--logLevel', 'warn'],
    join(ROOT, 'designer'),
    'designer',
  );
}

function runTool(tool, args, cwd, name) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tool, ...args], {
      cwd,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Không dựng được ${name}. / Could not build ${name}:\n${firstLines(output)}`));
    });
  });
}

/** Enough to see what is wrong; the rest is told by `npm run check`. */
const firstLines = (output) => output.trim().split('\n').slice(0, 20).join('\n');

/**
 * SHA-256 over paths and contents; null when the first source does not exist or holds nothing. Content and not time:
 * a fresh clone, a copied directory or a switched branch has new times for old content.
 */
function hashSources(sources) {
  const [main] = sources;
  if (!existsSync(join(ROOT, main)) || readdirSync(join(ROOT, main)).length === 0) return null;
  const hash = createHash('sha256');
  for (const path of sources.flatMap((source) => listFiles(join(ROOT, source)))) {
    hash.update(relative(ROOT, path)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => listFiles(join(path, entry.name)));
}

function readStamp() {
  if (!existsSync(STAMP)) return {};
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {}; // A half-written stamp means: build again.
  }
}

function writeStamp(stamp) {
  mkdirSync(DIST, { recursive: true });
  writeFileSync(STAMP, `${JSON.stringify(stamp, null, 2)}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await buildIfNeeded({ log: console.log });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
