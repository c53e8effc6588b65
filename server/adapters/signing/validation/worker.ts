// One validation thread: takes a file and options, answers a report. It holds no state but a cache of fetched evidence, so
// that killing it loses nothing; the pool does that when a file takes too long or too much memory.

import { parentPort } from 'node:worker_threads';
import { createFetchCache } from '../fetch-cache.ts';
import { validateFile } from './validate-file.ts';
import type { ValidationOptions } from './validate-file.ts';

export interface WorkerJob {
  readonly id: number;
  readonly pdf: Uint8Array;
  readonly options: ValidationOptions;
}

const cache = createFetchCache();

parentPort?.on('message', ({ id, pdf, options }: WorkerJob) => {
  validateFile(pdf, { ...options, cache }).then(
    (validation) => parentPort?.postMessage({ id, validation }),
    (error: unknown) => parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
