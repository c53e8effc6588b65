// `npm run demo [-- --base-url URL] [--out DIR]`: drives the main job over the public HTTP API and leaves the signed PDFs, the
// exchange packets and the archive packages in .data/demo/ (or DIR) for a person to open. Starts its own server, inside the
// pilot window, when no URL is given. Exit code 1 when a step's outcome differs from what it says.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { CaseFileView } from '../../server/api/contract/index.ts';
import { type Cast, expectThat, type JourneyResult, runJourney } from './journey.ts';

const CLOCK = '2019-05-06T08:00:00+07:00';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const server = options.baseUrl === null ? await startServer() : null;
  try {
    const started = performance.now();
    const result = await runJourney({
      baseUrl: () => options.baseUrl ?? server?.baseUrl ?? '',
      runId: `demo-${randomUUID().slice(0, 8)}`,
      password: 'tram-2019',
      pin: '123456',
      onStep: (title) => process.stdout.write(`\n● ${title}\n`),
      say: (line) => process.stdout.write(`    ${line}\n`),
    });
    await saveEvidence(result, options.outputDir);
    process.stdout.write(`\n✓ Xong / done: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  } finally {
    await server?.stop();
  }
}

interface Options {
  readonly baseUrl: string | null;
  readonly outputDir: string;
}

function readOptions(args: readonly string[]): Options {
  const usage = 'Dùng / usage: npm run demo [-- --base-url http://127.0.0.1:8080] [--out DIR]';
  const values = readFlags(args, usage);
  const baseUrl = values['base-url'] ?? null;
  if (baseUrl !== null && !URL.canParse(baseUrl)) throw new Error(usage);
  return { baseUrl: baseUrl?.replace(/\/$/, '') ?? null, outputDir: values.out ?? join('.data', 'demo') };
}

function readFlags(args: readonly string[], usage: string): { 'base-url'?: string; out?: string } {
  try {
    return parseArgs({ args: [...args], options: { 'base-url': { type: 'string' }, out: { type: 'string' } } }).values;
  } catch (cause) {
    throw new Error(usage, { cause });
  }
}

interface RunningServer {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** A server of our own on a free port, with its own data, so that a running `npm start` is not disturbed. */
async function startServer(): Promise<RunningServer> {
  process.stdout.write('Khởi động máy chủ / starting a server …\n');
  const args = ['scripts/start.mjs', '--port', '0', '--data-dir', join('.data', 'demo-server'), '--clock', CLOCK];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'warn' },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const baseUrl = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const match = /(http:\/\/[\d.a-z]+:\d+)/.exec(output);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.once('exit', (code) => reject(new Error(`Máy chủ dừng / the server ended with code ${code}`)));
  });
  return {
    baseUrl,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function saveEvidence(result: JourneyResult, outputDir: string): Promise<void> {
  await rm(outputDir, { recursive: true, force: true });
  await mkdir(outputDir, { recursive: true });
  const saved: string[] = [];
  const save = async (name: string, bytes: Uint8Array): Promise<void> => {
    await writeFile(join(outputDir, name), bytes);
    saved.push(relative('.', join(outputDir, name)));
  };
  const { sender, document } = result;
  for (const version of document.versions) {
    const bytes = await sender.clerk.bytes(`/api/documents/${document.id}/file?version=${version.version}`);
    await save(`${version.version}-${version.kind}.pdf`, bytes);
  }
  for (const delivery of document.deliveries) {
    const bytes = await sender.clerk.bytes(`/api/documents/${document.id}/packages/${delivery.packageId}`);
    await save(`goi-tin-${delivery.recipientId}.edxml`, bytes);
  }
  for (const { cast, document: incoming } of result.receivers) {
    const bytes = await cast.clerk.bytes(`/api/documents/${incoming.id}/file`);
    await save(`nhan-${cast.agencyId}.pdf`, bytes);
    await save(`ho-so-${cast.agencyId}.zip`, await caseFilePackage(cast, incoming.caseFileId));
  }
  await save(`ho-so-${sender.agencyId}.zip`, await caseFilePackage(sender, document.caseFileId));
  process.stdout.write(`\n● Tệp để mở xem / files to open\n${saved.map((name) => `    ${name}\n`).join('')}`);
}

async function caseFilePackage({ clerk }: Cast, id: string | null): Promise<Uint8Array> {
  const { items } = await clerk.get<{ items: CaseFileView[] }>('/api/case-files');
  expectThat(
    items.some((file) => file.id === id),
    'the case file of the document is listed',
  );
  return clerk.bytes(`/api/case-files/${id ?? ''}/package`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n✗ ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
