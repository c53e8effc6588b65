// Processor time of this process and of a database server with all of its sessions. On a machine with neighbours the clock
// measures the neighbours too; processor time hardly does, so it is what two ways of writing are compared by.

import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessorTime {
  /** Microseconds since some moment; only differences mean anything. */
  readonly node: number;
  readonly postgres: number;
}

/** The kernel counts in hundredths of a second. */
const MICROSECONDS_PER_TICK = 10_000;

export function readProcessorTime(postmaster: number): ProcessorTime {
  const { user, system } = process.cpuUsage();
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = findStat(name);
    if (fields === null) continue;
    const [parent = 0, utime = 0, stime = 0, endedUtime = 0, endedStime = 0] = fields;
    if (parent === postmaster) ticks += utime + stime;
    // Sessions that have ended are counted by their parent.
    if (Number(name) === postmaster) ticks += utime + stime + endedUtime + endedStime;
  }
  return { node: user + system, postgres: ticks * MICROSECONDS_PER_TICK };
}

/** Parent, and the times of the process and of its ended children; null when it has just ended. */
function findStat(pid: string): readonly number[] | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null;
    throw error;
  }
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return [fields[1] ?? 0, ...fields.slice(11, 15)];
}
