// The one statement that reads what a batch of steps needs: the instances, the tasks and jobs that the commands name, and
// the latest versions of the processes that are to be started. Without locks: the write proves that nothing changed.

import type { InstanceState } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Statements } from '../../shared/transactions.ts';
import type { Instant } from '../../shared/time.ts';
import type { InstanceRow } from './instances.ts';
import type { JobKind } from './jobs.ts';
import type { TaskAccess } from './tasks.ts';

export interface StepKeys {
  readonly instances: readonly Key[];
  readonly tasks: readonly Key[];
  readonly jobs: readonly Key[];
  readonly processes: readonly string[];
}

export interface TaskTarget extends TaskAccess {
  readonly key: Key;
  /** Its form reference: the screen that it belongs to. */
  readonly label: string | null;
  readonly instanceKey: Key;
  readonly status: string;
}

export interface JobTarget {
  readonly key: Key;
  /** Its type. */
  readonly label: string | null;
  readonly instanceKey: Key;
  readonly kind: JobKind;
  readonly status: string;
  /** Due, not resting after a failure, and in no living lease. */
  readonly isDue: boolean;
  readonly leaseToken: string | null;
}

export interface StepTargets {
  readonly instances: ReadonlyMap<Key, InstanceRow>;
  readonly tasks: ReadonlyMap<Key, TaskTarget>;
  readonly jobs: ReadonlyMap<Key, JobTarget>;
  readonly latest: ReadonlyMap<string, Key>;
}

/** One shape for all kinds of row; what a kind does not have is null. */
interface Row {
  readonly what: 'instance' | 'task' | 'job' | 'process';
  readonly key: Key;
  readonly instanceKey: Key;
  readonly status: string;
  readonly tenantId: string;
  readonly processId: string;
  readonly definitionKey: Key;
  readonly businessKey: string | null;
  readonly state: InstanceState;
  readonly step: number;
  readonly eventCount: number;
  readonly startCorrelation: string | null;
  readonly assignee: string | null;
  readonly candidateGroups: readonly string[];
  readonly candidateUsers: readonly string[];
  readonly kind: JobKind;
  readonly isDue: boolean;
  readonly leaseToken: string | null;
  readonly label: string | null;
}

const READ = `with tasks as materialized (select * from user_tasks where key = any ($2::bigint[])),
  due as materialized (select * from jobs where key = any ($3::bigint[]))
  select 'instance' as what, key, null::bigint as "instanceKey", status, tenant_id as "tenantId",
    process_id as "processId", definition_key as "definitionKey", business_key as "businessKey", state, step,
    event_count as "eventCount", start_correlation as "startCorrelation", null as assignee,
    null::text[] as "candidateGroups", null::text[] as "candidateUsers", null as kind, null::boolean as "isDue",
    null::uuid as "leaseToken", null as label
  from process_instances where key = any ($1::bigint[]
    || array(select instance_key from tasks) || array(select instance_key from due))
  union all
  select 'task', key, instance_key, status, tenant_id, null, null, null, null, null, null, null, assignee,
    candidate_groups, candidate_users, null, null, null, form_reference from tasks
  union all
  select 'job', key, instance_key, status, null, null, null, null, null, null, null, null, null, null, null, kind,
    (due_at is null or due_at <= $5) and not_before <= clock_timestamp()
      and (leased_until is null or leased_until < clock_timestamp()), lease_token, type from due
  union all
  select 'process', d.key, null, null, null, d.process_id, null, null, null, null, null, null, null, null, null, null,
    null, null, null
  from unnest($4::text[]) as p (id), lateral (select key, process_id from process_definitions
    where process_id = p.id and deleted_at is null order by version desc limit 1) as d`;

export async function readTargets(on: Statements, keys: StepKeys, now: Instant): Promise<StepTargets> {
  const { rows } = await on.query<Row>(READ, [keys.instances, keys.tasks, keys.jobs, keys.processes, now], 'step_read');
  const instances = new Map<Key, InstanceRow>();
  const tasks = new Map<Key, TaskTarget>();
  const jobs = new Map<Key, JobTarget>();
  const latest = new Map<string, Key>();
  for (const row of rows) {
    if (row.what === 'instance') instances.set(row.key, { ...row, status: row.state.status });
    else if (row.what === 'task') tasks.set(row.key, row);
    else if (row.what === 'job') jobs.set(row.key, row);
    else latest.set(row.processId, row.key);
  }
  return { instances, tasks, jobs, latest };
}
