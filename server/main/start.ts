// Entry point of every role: all, api, worker, migrate. Reads the environment once, builds the objects, serves, and
// takes everything down in order on SIGINT and SIGTERM. What an operator can repair is one line and an exit code.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../api/app.ts';
import { startBatchRunner } from '../workers/batch-runner.ts';
import { startJobWorker } from '../workers/job-worker.ts';
import { startProjector } from '../workers/projector.ts';
import { startReconciler } from '../workers/reconciler.ts';
import { startSignatureUpgrader } from '../workers/signature-upgrader.ts';
import { printBanner } from './banner.ts';
import { boot, type Platform } from './boot.ts';
import { type Config, helpText, loadConfig } from './config.ts';
import { loadSampleProvince } from './seed/load-sample-province.ts';
import { loadSigningSettings } from './signing-settings.ts';
import { StartupError, toListenError } from './startup-error.ts';
import { type Services, wire } from './wiring.ts';
import { deployWorkflows } from './workflows.ts';

const UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024;
const JOB_CONCURRENCY = 8;
const BATCH_EVERY_MS = 500;
const RECONCILE_EVERY_MS = 1_000;
const UPGRADE_EVERY_MS = 2_000;
const UPGRADE_CONCURRENCY = 4;
const PROJECT_EVERY_MS = 500;

type Stop = () => Promise<void>;

async function start(): Promise<void> {
  const config = loadConfig(process.argv.slice(2), process.env);
  if (config.isHelpWanted) {
    process.stdout.write(`${helpText()}\n`);
    return;
  }
  const signals = listenForSignals();
  const platform = await boot(config);
  const stops: Stop[] = [];
  let running: Promise<void> = Promise.resolve();
  const stop = stopOnce(stops, platform, () => running);
  signals.onSignal(() => void stop().then(() => process.exit(0)));
  if (signals.hasCome()) return;
  try {
    running = run(config, platform, stops, signals.hasCome);
    await running;
  } catch (error) {
    await stop();
    throw error;
  }
  if (config.role === 'migrate') await stop();
}

/** The same Ctrl-C may come twice: from the terminal, and passed on by npm. A later one is an impatient person. */
const SAME_SIGNAL_MS = 2_000;

/** Before anything is opened: a signal that comes while the database starts is kept and obeyed right after. */
function listenForSignals(): { onSignal(react: () => void): void; hasCome(): boolean } {
  let reaction: (() => void) | null = null;
  let firstAt: number | null = null;
  const receive = (): void => {
    if (firstAt !== null) {
      // The embedded database is left behind in good order; the next start takes it over.
      if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(130);
      return;
    }
    firstAt = performance.now();
    reaction?.();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, receive);
  return {
    onSignal(react) {
      reaction = react;
      if (firstAt !== null) react();
    },
    hasCome: () => firstAt !== null,
  };
}

/** Opens one thing after the other and goes no further once the program is to end. */
async function run(config: Config, platform: Platform, stops: Stop[], isEnding: () => boolean): Promise<void> {
  const services = wire(platform, loadSigningSettings(process.env), config.eventHistory);
  const root = findRoot();
  if (config.role === 'all' || config.role === 'migrate') await prepareData(config, platform, services, root);
  if (isEnding()) return;
  if (config.role === 'all' || config.role === 'worker') await startWorkers(platform, services, stops);
  if (isEnding()) return;
  if (config.role === 'all' || config.role === 'api') {
    const url = await startApi(config, platform, { services, root, stops });
    printBanner(config, { url, now: platform.clock.now() });
  }
  if (config.role === 'worker') process.stdout.write('  Trạm (worker) đã sẵn sàng / is ready\n');
}

async function prepareData(config: Config, platform: Platform, services: Services, root: string): Promise<void> {
  const deployed = await deployWorkflows(platform.transactions, services.runtime, join(root, 'workflows'));
  for (const item of deployed.filter((process) => process.isNew)) {
    platform.logger.info({ processId: item.processId, version: item.version }, 'Process deployed');
  }
  if (!config.isSampleDataWanted) return;
  const deps = { hasher: services.hasher, authority: services.files.authority };
  const { loaded } = await loadSampleProvince(platform.transactions, deps, platform.clock.now());
  if (loaded) platform.logger.info('Sample province loaded');
}

async function startWorkers(platform: Platform, services: Services, stops: Stop[]): Promise<void> {
  const log = (message: string, details: Readonly<Record<string, unknown>>): void => {
    const { error, ...rest } = details;
    platform.logger.warn({ ...rest, err: error }, message);
  };
  const { runtime, flow } = services;
  stops.push(
    await startJobWorker({
      carrier: platform.carrier,
      runtime,
      handlers: flow.jobHandlers,
      concurrency: JOB_CONCURRENCY,
      log,
    }),
    startSignatureUpgrader({
      upgradeNext: () => flow.upgradeNext(),
      concurrency: UPGRADE_CONCURRENCY,
      intervalMs: UPGRADE_EVERY_MS,
      log,
    }),
    startBatchRunner({ runtime, intervalMs: BATCH_EVERY_MS, log }),
    startReconciler({ runtime, jobTypes: Object.keys(flow.jobHandlers), intervalMs: RECONCILE_EVERY_MS, log }),
    startProjector({ runtime, intervalMs: PROJECT_EVERY_MS, log }),
  );
}

interface ApiParts {
  readonly services: Services;
  readonly root: string;
  readonly stops: Stop[];
}

async function startApi(config: Config, platform: Platform, { services, root, stops }: ApiParts): Promise<string> {
  const webRoot = join(root, 'dist', 'designer');
  const app = await buildApp({
    ...services,
    transactions: platform.transactions,
    clock: platform.clock,
    logger: platform.logger,
    settings: {
      version: await readVersion(root),
      role: config.role,
      isTestMode: config.isTestMode,
      webRoot: existsSync(join(webRoot, 'index.html')) ? webRoot : null,
      isSecure: config.isProduction,
      uploadLimitBytes: UPLOAD_LIMIT_BYTES,
      loginsPerMinute: config.isTestMode || !config.isProduction ? 1_000 : 20,
    },
  });
  stops.push(() => app.close());
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    throw toListenError(error, config.host, config.port);
  }
  const address = app.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : config.port;
  return `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`;
}

/**
 * Waits for a start that is still under way: a worker that was opened on a database that is closed would ask it again
 * and again. Why a start failed is told by the one who started.
 */
function stopOnce(stops: Stop[], platform: Platform, running: () => Promise<void>): Stop {
  let stopping: Promise<void> | null = null;
  return () =>
    (stopping ??= (async () => {
      await Promise.allSettled([running()]);
      for (const stop of [...stops].reverse()) await stop();
      await platform.close();
    })());
}

/** The folder with package.json: above `server/main` in the sources, above `dist/server/main` when compiled. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

async function readVersion(root: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  return 'unknown';
}

start().catch((error: unknown) => {
  if (error instanceof StartupError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(error instanceof StartupError ? error.exitCode : 1);
});
