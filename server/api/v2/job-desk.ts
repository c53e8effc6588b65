// Where workers wait for jobs. A poll that finds nothing stays here until work of its type is announced or its time is
// up; no poll asks the database by itself. One look every half second for all of them finds what no announcement tells:
// jobs whose deadline or back-off has passed, and news of another process that was lost on its way. A worker that hangs up leaves
// the queue, and what was taken for it in that moment is given back.

import type { ActivatedJob, Caller, Commands } from '../../runtime/index.ts';
import { Problem } from './problem.ts';

export interface Poll {
  readonly caller: Caller;
  readonly request: Parameters<Commands['activateJobs']>[1];
  readonly waitMs: number;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
}

export interface JobDesk {
  take(poll: Poll): Promise<readonly ActivatedJob[]>;
  /** Everybody goes home with nothing. */
  close(): void;
  readonly waiting: () => number;
}

const LOOK_EVERY_MS = 500;
const MAX_WAITING = 20_000;

interface Waiter {
  readonly poll: Poll;
  answer(jobs: readonly ActivatedJob[]): void;
  fail(error: unknown): void;
}

export function createJobDesk(commands: Commands): JobDesk {
  const queues = createQueues();
  const serve = createServing(commands, queues);
  const looking = createLooking(commands, queues, serve);
  let isClosed = false;
  const stopListening = commands.onNews(({ jobTypes }) => {
    for (const type of jobTypes) void serve(type);
  });
  return {
    waiting: () => queues.count(),
    async take(poll) {
      const { type } = poll.request;
      if (poll.waitMs > 0 && queues.count() >= MAX_WAITING) {
        throw new Problem('RESOURCE_EXHAUSTED', `${queues.count()} workers are waiting already`);
      }
      // Those who came first are served first.
      const jobs = queues.has(type) && poll.waitMs > 0 ? [] : await activate(commands, poll);
      if (jobs.length > 0 || poll.waitMs <= 0 || poll.signal.aborted || isClosed) return jobs;
      const answer = wait(queues, poll);
      looking.schedule();
      // Work that came between the first look and the place in the queue.
      if (queues.of(type).length === 1) void serve(type);
      return answer;
    },
    close() {
      isClosed = true;
      stopListening();
      looking.stop();
      for (const waiter of queues.all()) waiter.answer([]);
    },
  };
}

async function activate(commands: Commands, { caller, request, signal }: Poll): Promise<readonly ActivatedJob[]> {
  const jobs = await commands.activateJobs(caller, request);
  if (!signal.aborted || jobs.length === 0) return jobs;
  await commands.releaseJobs(jobs);
  return [];
}

/** Who waits, by type and in order of arrival. */
function createQueues() {
  const queues = new Map<string, Set<Waiter>>();
  let count = 0;
  return {
    count: () => count,
    types: () => [...queues.keys()],
    has: (type: string) => queues.has(type),
    of: (type: string): readonly Waiter[] => [...(queues.get(type) ?? [])],
    all: (): readonly Waiter[] => [...queues.values()].flatMap((queue) => [...queue]),
    isIn: (waiter: Waiter): boolean => queues.get(waiter.poll.request.type)?.has(waiter) === true,
    add(waiter: Waiter): void {
      const { type } = waiter.poll.request;
      const queue = queues.get(type) ?? new Set();
      queue.add(waiter);
      queues.set(type, queue);
      count += 1;
    },
    leave(waiter: Waiter): void {
      const { type } = waiter.poll.request;
      const queue = queues.get(type);
      if (queue?.delete(waiter) !== true) return;
      count -= 1;
      if (queue.size === 0) queues.delete(type);
    },
  };
}
type Queues = ReturnType<typeof createQueues>;

function wait(queues: Queues, poll: Poll): Promise<readonly ActivatedJob[]> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      poll.signal.removeEventListener('abort', goHome);
      queues.leave(waiter);
    };
    const waiter: Waiter = {
      poll,
      answer(jobs) {
        end();
        resolve(jobs);
      },
      fail(error) {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    };
    const goHome = (): void => waiter.answer([]);
    const timer = setTimeout(goHome, poll.waitMs);
    poll.signal.addEventListener('abort', goHome, { once: true });
    queues.add(waiter);
  });
}

type Serve = (type: string) => Promise<void>;

/** One at a time for each type; news that comes meanwhile leads to one more round. */
function createServing(commands: Commands, queues: Queues): Serve {
  const serving = new Map<string, { isDirty: boolean }>();
  return async function serve(type) {
    const running = serving.get(type);
    if (running !== undefined) {
      running.isDirty = true;
      return;
    }
    if (!queues.has(type)) return;
    const state = { isDirty: true };
    serving.set(type, state);
    try {
      while (state.isDirty) {
        state.isDirty = false;
        await serveOnce(commands, queues, type);
      }
    } finally {
      serving.delete(type);
    }
  };
}

/** Asked for together, because those of one tenant share a statement; the rest waits for the next look. */
const SERVED_TOGETHER = 50;

/** In order of arrival. When one tenant has no work left, its other pollers are passed over. */
async function serveOnce(commands: Commands, queues: Queues, type: string): Promise<void> {
  const exhausted = new Set<string | null>();
  const waiters = [...queues.of(type)];
  while (waiters.length > 0) {
    const next = waiters
      .splice(0, SERVED_TOGETHER)
      .filter((waiter) => !exhausted.has(waiter.poll.caller.tenantId) && queues.isIn(waiter));
    await Promise.all(
      next.map(async (waiter) => {
        if (!(await serveWaiter(commands, queues, waiter))) exhausted.add(waiter.poll.caller.tenantId);
      }),
    );
  }
}

/** False when there was nothing for it. */
async function serveWaiter(commands: Commands, queues: Queues, waiter: Waiter): Promise<boolean> {
  try {
    const jobs = await activate(commands, waiter.poll);
    if (jobs.length === 0) return false;
    if (queues.isIn(waiter)) waiter.answer(jobs);
    // It went home in the meantime: its time was up while the database worked for it.
    else await commands.releaseJobs(jobs);
  } catch (error) {
    waiter.fail(error);
  }
  return true;
}

/** One question to the database for all that wait. */
function createLooking(commands: Commands, queues: Queues, serve: Serve): { schedule(): void; stop(): void } {
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  const schedule = (): void => {
    if (timer !== null || queues.count() === 0 || isStopped) return;
    timer = setTimeout(look, LOOK_EVERY_MS);
    timer.unref();
  };
  const look = (): void => {
    commands
      .findAvailableTypes(queues.types())
      .then((types) => Promise.all(types.map(serve)))
      // The database is away for a moment: the next look tries again, and each poll ends in its time.
      .catch(() => undefined)
      .finally(() => {
        timer = null;
        schedule();
      });
  };
  return {
    schedule,
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
