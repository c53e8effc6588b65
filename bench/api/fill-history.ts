// A year of one province in the read model: many processes of unequal weight, forty agencies, most instances ended.
// Indexes are dropped before and built after, which is how a large table is loaded.

import type { Pool } from '../../server/adapters/postgres/pool.ts';

const FIRST_KEY = 2_251_799_813_685_249;
const KEYS_PER_INSTANCE = 10;

export const keyOfInstance = (index: number): string => String(FIRST_KEY + index * KEYS_PER_INSTANCE);

/** `k` key, `d` definition (the first has half of all), `t` tenant, `s` state, `b` and `e` begin and end. */
const SEED = `with seed as (
  select n, ${FIRST_KEY} + n * ${KEYS_PER_INSTANCE} as k,
    case when n % 2 = 0 then 1 when n % 1000 = 1 then 10 else 2 + n % 8 end as d,
    'so-' || (n::bigint * 2654435761 % 4294967296) / 65536 % 40 as t,
    case when n % 5 = 0 then 'ACTIVE' when n % 200 = 1 then 'TERMINATED' else 'COMPLETED' end as s,
    timestamptz '2026-01-01' + n * (interval '365 days' / $1::integer) as b
  from generate_series(0, $1::integer - 1) as n)`;
const ENDED = `case when s = 'ACTIVE' then null else b + interval '2 days' end`;
const OWNER = `k, k, d, 'process-' || d, t`;

const STATEMENTS: readonly string[] = [
  `${SEED} insert into history_instances select k, d, 'process-' || d, 1, t, 'business-' || n,
     case when n % 100 = 0 then array['tag-' || n / 100 % 500] else '{}' end,
     case when n % 20 = 3 then k - 3 * ${KEYS_PER_INSTANCE} end, null, k, s, b, ${ENDED}, null,
     case when n % 100 = 0 then 1 else 0 end from seed`,
  `${SEED} insert into history_elements
     select k + i, k, k, d, 'process-' || d, t,
       case i when 0 then 'process-' || d when 1 then 'Start' else 'Review' end,
       case i when 0 then 'Process' when 1 then 'Start' else 'Review' end,
       case i when 0 then 'PROCESS' when 1 then 'START_EVENT' else 'USER_TASK' end,
       case when i = 1 then 'COMPLETED' else s end, case when i = 0 then null else k end,
       case when i = 2 and n % 100 = 0 then k + 5 end, b, case when i = 1 then b else ${ENDED} end
     from seed, generate_series(0, 2) as i`,
  `${SEED} insert into history_tasks
     select k + 3, k, k, d, 'process-' || d, 1, t, k + 2, 'Review', 'Review', case s when 'ACTIVE' then 'CREATED' when 'COMPLETED' then s
       else 'CANCELED' end, case when n % 3 = 0 then null else 'user-' || n % 2000 end, array[t || ':clerk'], '{}', b,
       ${ENDED}, b + interval '5 days', null, 50, '{}', null, '{}' from seed`,
  `${SEED} insert into history_jobs
     select k + 4, ${OWNER}, k + 2, 'Notify', case when n % 10 = 0 then 'notify' else 'send' end, 'BPMN_ELEMENT',
       'UNSPECIFIED', case when n % 500 = 0 then 'FAILED' when s = 'ACTIVE' then 'CREATED' else 'COMPLETED' end, 3,
       false, null, null, '{}', b, b, ${ENDED} from seed`,
  `${SEED} insert into history_incidents
     select k + 5, ${OWNER}, k + 2, 'Review', 'JOB_NO_RETRIES', 'error ' || n / 100 % 50, n / 100 % 50, k + 4,
       case when s = 'ACTIVE' then 'ACTIVE' else 'RESOLVED' end, b, null from seed where n % 100 = 0`,
  `${SEED} insert into history_variables
     select k, name, (k + i), k, k, t, case i when 6 then '"CV-' || n || '"' else '"' || md5(n::text) || '"' end
     from seed, (values (6, 'code'), (7, 'subject')) as v (i, name)`,
  `insert into process_definitions (key, process_id, version, name, resource_name, xml, content_hash, model, deployed_at)
     select d, 'process-' || d, 1, 'Process ' || d, 'p.bpmn', '', '', '{}', now()
     from generate_series(1, 10) as d where $1::integer > 0`,
];

export async function fillHistory(pool: Pool, instances: number): Promise<void> {
  const { rows } = await pool.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where schemaname = 'public' and tablename like 'history\\_%' and indexname not like '%pkey'`,
  );
  for (const { name } of rows) await pool.query(`drop index ${name}`);
  await pool.query(`set maintenance_work_mem = '1GB'`);
  for (const statement of STATEMENTS) await pool.query(statement, [instances]);
  for (const { definition } of rows) await pool.query(definition);
  await pool.query('vacuum analyze');
}
