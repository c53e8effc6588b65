// Load and figures: a fixed number of callers, each with one thing under way, and what can be said about their answers.

export interface Rate {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export async function measureLoad(atOnce: number, count: number, work: () => Promise<unknown>): Promise<Rate> {
  const latencies: number[] = [];
  let left = count;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, count) }, async () => {
      while (left > 0) {
        left -= 1;
        const from = performance.now();
        await work();
        latencies.push(performance.now() - from);
      }
    }),
  );
  return rateOf(latencies, performance.now() - started);
}

export function rateOf(latencies: readonly number[], ms: number): Rate {
  const sorted = [...latencies].sort((a, b) => a - b);
  return {
    perSecond: (latencies.length / ms) * 1000,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

export const median = (values: readonly number[]): number =>
  percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
