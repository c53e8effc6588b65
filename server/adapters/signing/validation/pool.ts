// Runs validations in threads with limits on time and memory. What a file does to its reader stays in its thread: a loop is
// killed, a bomb runs out of its own memory, and the server goes on answering. Files wait in line, and the line is bounded.

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../shared/app-error.ts';
import type { ReasonCode } from './reasons.ts';
import type { Validation } from './report.ts';
import { refusalReport } from './validate-file.ts';
import type { ValidationOptions } from './validate-file.ts';

export interface PoolLimits {
  readonly threads: number;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly maxBytes: number;
  readonly maxWaiting: number;
}

export const POOL_LIMITS: PoolLimits = {
  // One core stays with whoever waits for an answer.
  threads: Math.max(1, availableParallelism() - 1),
  timeoutMs: 20_000,
  memoryMb: 512,
  maxBytes: 100 * 1024 * 1024,
  maxWaiting: 200,
};

export interface ValidationPool {
  /** Never throws for what a file holds. Throws AppError VALIDATION_BUSY (transient) when too many are waiting. */
  validate(pdf: Uint8Array, options: ValidationOptions): Promise<Validation>;
  close(): Promise<void>;
}

interface Job {
  readonly pdf: Uint8Array;
  readonly options: ValidationOptions;
  readonly resolve: (validation: Validation) => void;
  readonly reject: (error: Error) => void;
}

const NO_EVIDENCE = { certificates: [], crls: [], ocsps: [], tokens: [] };

/** Sources run through tsx, which a thread does not inherit; the built program runs as it is. */
const isSource = import.meta.url.endsWith('.ts');

function createThread(limits: PoolLimits): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };
  if (!isSource) return new Worker(new URL('./worker.js', import.meta.url), { resourceLimits });
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const entry = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  const start = `import(${loader}).then(({ register }) => { register(); return import(${entry}); })`;
  return new Worker(start, { eval: true, resourceLimits });
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

interface Answer {
  readonly id: number;
  readonly validation?: Validation;
  readonly error?: string;
}

class Thread {
  readonly #limits: PoolLimits;
  #worker: Worker | null = null;
  #id = 0;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  #start(): Worker {
    const worker = createThread(this.#limits);
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  /** Settles the job; resolves when the thread can take the next one. */
  run({ pdf, options, resolve, reject }: Job): Promise<void> {
    const worker = this.#worker ?? this.#start();
    this.#id += 1;
    const id = this.#id;
    return new Promise((done) => {
      const finish = (settle: () => void, isLost: boolean): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        worker.unref();
        if (isLost) {
          this.#worker = null;
          // Its last words are of no interest; without a listener they would end the process.
          worker.on('error', () => undefined);
          void worker.terminate();
        }
        settle();
        done();
      };
      const refuse = (code: ReasonCode): void =>
        finish(() => resolve({ report: refusalReport(pdf, code, options), evidence: NO_EVIDENCE }), true);
      const fail = (message: string): void =>
        finish(() => reject(new AppError('bug', 'VALIDATION_FAILED', message)), true);
      const onError = (error: Error): void => (isOutOfMemory(error) ? refuse('FILE_TOO_COMPLEX') : fail(error.message));
      const onExit = (code: number): void => fail(`The thread ended with status ${code}`);
      const onMessage = (answer: Answer): void => {
        if (answer.id !== id) return;
        const { validation, error } = answer;
        if (validation !== undefined) finish(() => resolve(validation), false);
        else fail(error ?? 'The thread gave no answer');
      };
      const timer = setTimeout(() => refuse('FILE_TIMEOUT'), this.#limits.timeoutMs);
      worker.ref();
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage({ id, pdf, options });
    });
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

export function createValidationPool(limits: PoolLimits = POOL_LIMITS): ValidationPool {
  const idle = Array.from({ length: limits.threads }, () => new Thread(limits));
  const all = [...idle];
  const waiting: Job[] = [];
  const next = (): void => {
    const thread = waiting.length === 0 ? undefined : idle.pop();
    const job = thread === undefined ? undefined : waiting.shift();
    if (thread === undefined || job === undefined) return;
    void thread.run(job).then(() => {
      idle.push(thread);
      next();
    });
  };
  return {
    validate(pdf, options) {
      if (pdf.length > limits.maxBytes) {
        return Promise.resolve({ report: refusalReport(pdf, 'FILE_TOO_LARGE', options), evidence: NO_EVIDENCE });
      }
      if (waiting.length >= limits.maxWaiting) {
        return Promise.reject(new AppError('transient', 'VALIDATION_BUSY', 'Too many files wait for validation'));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ pdf, options, resolve, reject });
        next();
      });
    },
    async close() {
      await Promise.all(all.map((thread) => thread.stop()));
    },
  };
}
