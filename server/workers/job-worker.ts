// Takes wake-ups from the carrier and lets the runtime work on the job. Holds no state and decides nothing: whether
// there is work, and for whom, PostgreSQL knows.

import type { Carrier, JobHandlers, Runtime } from '../runtime/index.ts';

export interface JobWorkerDeps {
  readonly carrier: Carrier;
  readonly runtime: Runtime;
  readonly handlers: JobHandlers;
  readonly concurrency: number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Returns a function that stops taking new work and waits for the running jobs. */
export function startJobWorker(deps: JobWorkerDeps): Promise<() => Promise<void>> {
  const { runtime, handlers, log } = deps;
  return deps.carrier.consume(async ({ jobKey }) => {
    try {
      await runtime.runJob(jobKey, { handlers, log });
    } catch (error) {
      // The job stays open in the database and is offered again by the reconciler.
      log('job could not be worked on', { jobKey, error });
    }
  }, deps.concurrency);
}
