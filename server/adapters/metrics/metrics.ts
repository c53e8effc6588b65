// What the server counts about itself, in the text format of Prometheus. The only file that knows prom-client. Names of job
// types and workers come from outside, so that their number is bounded: what comes late is counted together.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { WorkMetrics, WorkSnapshot } from '../../runtime/ports.ts';

export interface Metrics extends WorkMetrics {
  observeRequest(
    request: { readonly method: string; readonly route: string; readonly status: number },
    seconds: number,
  ): void;
  /** Workers that wait in this process. */
  setWaiting(count: () => number): void;
  readonly contentType: string;
  /** Everything, with what only the database knows. */
  read(snapshot: readonly WorkSnapshot[]): Promise<string>;
}

const MAX_TYPES = 500;
const OTHER = '(other)';
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const known = createNames();
  const registers = [registry];
  const activated = new Counter({
    name: 'tram_jobs_activated_total',
    help: 'Jobs given to external workers',
    labelNames: ['type'],
    registers,
  });
  const ended = new Counter({
    name: 'tram_jobs_ended_total',
    help: 'What workers have said of jobs: completed, failed, error; ours and external ones',
    labelNames: ['type', 'outcome'],
    registers,
  });
  const open = new Gauge({
    name: 'tram_jobs',
    help: 'Open jobs: available, held by a worker, resting until a time, stopped without retries',
    labelNames: ['type', 'state'],
    registers,
  });
  const waiting = new Gauge({ name: 'tram_workers_waiting', help: 'Long polls that wait in this process', registers });
  const requests = new Histogram({
    name: 'tram_http_request_duration_seconds',
    help: 'Requests by route; long polls wait on purpose',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  let countWaiting = (): number => 0;
  return {
    activated: (type, count) => activated.inc({ type: known(type) }, count),
    ended: (type, outcome) => ended.inc({ type: known(type), outcome }),
    observeRequest: ({ method, route, status }, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    setWaiting(count) {
      countWaiting = count;
    },
    contentType: registry.contentType,
    read(snapshot) {
      open.reset();
      for (const { type, ...counts } of snapshot) {
        for (const [state, count] of Object.entries(counts)) open.inc({ type: known(type), state }, count);
      }
      waiting.set(countWaiting());
      return registry.metrics();
    },
  };
}

/** The first names are kept for good; a label per name that anybody invents would fill the memory of all who scrape. */
function createNames(): (name: string) => string {
  const names = new Set<string>();
  return (name) => {
    if (names.has(name)) return name;
    if (names.size >= MAX_TYPES) return OTHER;
    names.add(name);
    return name;
  };
}
