// The cheapest durable things that the same server can do, as the measure of everything else: one INSERT per commit by
// pgbench and by the driver, and the content of one step as one call of a server-side function.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from '../../server/adapters/postgres/pool.ts';
import { measureLoad, type Rate } from './measure.ts';

const INSERT = `insert into bench_commits (note) values ('one commit')`;

export async function prepareCeilings(pool: Pool): Promise<void> {
  await pool.query('create table bench_commits (id bigint generated always as identity, note text)');
  // The same rows as a step of the reference work: eight events, one task closed, one opened, the state replaced.
  await pool.query(`create function bench_step(p_instance bigint, p_old bigint, p_new bigint, p_state json, p_events json)
    returns void language plpgsql as $$
    begin
      update process_instances set state = p_state, step = step + 1, event_count = event_count + 8
        where key = p_instance;
      insert into engine_steps (instance_key, first_seq, last_seq, at, actor_id, events)
        select p_instance, first, first + 7, clock_timestamp(), 'an', p_events
        from (select 1000 + 8 * (p_new % 100000000)::integer as first) as place;
      update user_tasks set status = 'completed', ended_at = clock_timestamp(), completed_by = 'an' where key = p_old;
      insert into user_tasks (key, instance_key, element_instance_key, element_id, process_id, tenant_id, business_key,
          headers, status, assignee, candidate_groups, candidate_users, priority, created_at)
        values (p_new, p_instance, p_new, 'Second', 'reference', 'bench', 'bench', '{}', 'open', 'an', '{}', '{}', 50,
          clock_timestamp());
    end $$`);
}

/** Commits per second of one INSERT each; null without pgbench on the path. */
export function measurePgbench(url: string, clients: number, seconds: number): number | null {
  const script = join(tmpdir(), `tram-bench-${process.pid}.sql`);
  writeFileSync(script, `${INSERT};\n`);
  try {
    const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', script, url];
    const output = execFileSync('pgbench', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return Number(/tps = ([\d.]+)/.exec(output)?.[1] ?? Number.NaN);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export const measureInserts = (pool: Pool, atOnce: number, count: number): Promise<Rate> =>
  measureLoad(atOnce, count, () => pool.query({ name: 'bench_insert', text: INSERT }));

export interface FunctionStep {
  readonly instanceKey: string;
  readonly taskKey: string;
  readonly state: unknown;
  readonly events: unknown;
}

/** One caller, one call after the other. The new tasks get keys that no engine gives out. */
export function measureLoneFunction(pool: Pool, steps: readonly FunctionStep[], firstKey: number): Promise<Rate> {
  let place = 0;
  return measureLoad(1, steps.length, () => {
    const step = steps[place];
    place += 1;
    const { instanceKey, taskKey, state, events } = step ?? { instanceKey: '', taskKey: '', state: null, events: null };
    const values = [instanceKey, taskKey, firstKey + place, JSON.stringify(state), JSON.stringify(events)];
    return pool.query({ name: 'bench_step', text: 'select bench_step($1, $2, $3, $4, $5)', values });
  });
}
