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

/** `what` and the columns of Row; a branch names those that it has. */
const row = (what: Row['what'], has: Readonly<Record<string, string>>): string =>
  `select '${what}' as what, ${Object.entries(COLUMNS)
    .map(([name, type]) => `${has[name] ?? `null::${type}`} as "${name}"`)
    .join(', ')}`;

const COLUMNS = {
  key: 'bigint',
  instanceKey: 'bigint',
  status: 'text',
  tenantId: 'text',
  processId: 'text',
  definitionKey: 'bigint',
  businessKey: 'text',
  state: 'json',
  step: 'integer',
  eventCount: 'integer',
  startCorrelation: 'text',
  assignee: 'text',
  candidateGroups: 'text[]',
  candidateUsers: 'text[]',
  kind: 'text',
  isDue: 'boolean',
  leaseToken: 'uuid',
  label: 'text',
} as const;

const TASKS = row('task', {
  key: 'key',
  instanceKey: 'instance_key',
  status: 'status',
  tenantId: 'tenant_id',
  assignee: 'assignee',
  candidateGroups: 'candidate_groups',
  candidateUsers: 'candidate_users',
  label: 'form_reference',
});
const JOBS = (now: string): string =>
  row('job', {
    key: 'key',
    instanceKey: 'instance_key',
    status: 'status',
    kind: 'kind',
    isDue: `(due_at is null or due_at <= ${now}) and not_before <= clock_timestamp()
      and (leased_until is null or leased_until < clock_timestamp())`,
    leaseToken: 'lease_token',
    label: 'type',
  });
const INSTANCES = row('instance', {
  key: 'key',
  status: 'status',
  tenantId: 'tenant_id',
  processId: 'process_id',
  definitionKey: 'definition_key',
  businessKey: 'business_key',
  state: 'state',
  step: 'step',
  eventCount: 'event_count',
  startCorrelation: 'start_correlation',
});
const LATEST = row('process', { key: 'd.key', processId: 'd.process_id' });

/** Only the kinds that are asked for take part, for the same reason as in the write (steps.ts). */
function composeRead(keys: StepKeys, now: Instant): { sql: string; values: unknown[]; name: string } {
  const values: unknown[] = [];
  const ctes: string[] = [];
  const branches: string[] = [];
  const instanceKeys: string[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  let name = 'step_read';
  if (keys.tasks.length > 0) {
    name += '_t';
    ctes.push(`tasks as materialized (${TASKS} from user_tasks where key = any (${parameter(keys.tasks)}::bigint[]))`);
    branches.push('select * from tasks');
    instanceKeys.push('array(select "instanceKey" from tasks)');
  }
  if (keys.jobs.length > 0) {
    name += '_j';
    const wanted = parameter(keys.jobs);
    const jobs = JOBS(`${parameter(now)}::timestamptz`);
    ctes.push(`due as materialized (${jobs} from jobs where key = any (${wanted}::bigint[]))`);
    branches.push('select * from due');
    instanceKeys.push('array(select "instanceKey" from due)');
  }
  if (keys.instances.length > 0) {
    name += '_i';
    instanceKeys.push(`${parameter(keys.instances)}::bigint[]`);
  }
  if (instanceKeys.length > 0) {
    branches.push(`${INSTANCES} from process_instances where key = any (${instanceKeys.join(' || ')})`);
  }
  if (keys.processes.length > 0) {
    name += '_p';
    branches.push(`${LATEST} from unnest(${parameter(keys.processes)}::text[]) as p (id), lateral (select key, process_id
      from process_definitions where process_id = p.id and deleted_at is null order by version desc limit 1) as d`);
  }
  const head = ctes.length === 0 ? '' : `with ${ctes.join(', ')}\n`;
  return { sql: head + branches.join('\nunion all\n'), values, name };
}

export async function readTargets(on: Statements, keys: StepKeys, now: Instant): Promise<StepTargets> {
  const { sql, values, name } = composeRead(keys, now);
  const { rows } = await on.query<Row>(sql, values, name);
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
