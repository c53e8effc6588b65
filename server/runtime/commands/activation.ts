// Gives jobs to an external worker, with everything that it needs to do them: variables as its element sees them,
// headers, and for a listener the task or the moment that it is asked about.

import type { InstanceState, ListenerMoment, Variables } from '../../engine/index.ts';
import { visibleVariables } from '../../engine/index.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import { type Instant, millisOf, plusMillis } from '../../shared/time.ts';
import type { Statements } from '../../shared/transactions.ts';
import {
  activateAvailable,
  type ActivatedRow,
  listAvailableTypes,
  listWorkInstances,
  releaseActivated,
  type WorkInstance,
} from '../store/external-jobs.ts';
import { listTasksOfElements, type TaskFacts } from '../store/task-facts.ts';
import type { Caller, CommandDeps } from './caller.ts';

export interface ActivateRequest {
  readonly type: string;
  readonly worker: string;
  readonly timeoutMs: number;
  readonly limit: number;
  /** Only these names; empty gives all. */
  readonly fetchVariables: readonly string[];
}

export type ActivatedJobKind = 'BPMN_ELEMENT' | 'EXECUTION_LISTENER' | 'TASK_LISTENER' | 'AD_HOC_SUB_PROCESS';

export interface ActivatedJob extends ActivatedRow {
  readonly worker: string;
  readonly deadlineMs: number;
  readonly instance: Omit<WorkInstance, 'state'>;
  readonly variables: Variables;
  readonly kind: ActivatedJobKind;
  readonly listenerMoment: ListenerMoment | null;
  readonly task: TaskFacts | null;
}

export interface ActivationDeps extends CommandDeps {
  readonly statements: Statements;
}

export async function activateJobs(
  deps: ActivationDeps,
  caller: Caller,
  request: ActivateRequest,
): Promise<readonly ActivatedJob[]> {
  if (caller.reserved.isJobType(request.type)) {
    throw new AppError('forbidden', 'WORK_RESERVED', `The server itself does the work of type '${request.type}'`);
  }
  const now = deps.clock.now();
  const rows = await activateAvailable(deps.statements, {
    type: request.type,
    worker: request.worker,
    now,
    deadlineAt: plusMillis(now, request.timeoutMs),
    limit: request.limit,
    tenantId: caller.tenantId,
  });
  if (rows.length === 0) return [];
  const instances = new Map(
    (await listWorkInstances(deps.statements, [...new Set(rows.map((row) => row.instanceKey))])).map((instance) => [
      instance.key,
      instance,
    ]),
  );
  const described: Described[] = [];
  for (const row of rows) {
    const instance = instances.get(row.instanceKey);
    if (instance === undefined) continue;
    const model = await deps.definitions.getModel(deps.statements, instance.definitionKey);
    const isAdHoc = model.elements[row.elementId]?.kind === 'adHocSubProcess';
    described.push({ row, instance, ...describe(instance.state, row, isAdHoc) });
  }
  const asked = described.filter(({ kind }) => kind === 'TASK_LISTENER').map(({ row }) => row.elementInstanceKey);
  const tasks = asked.length === 0 ? new Map() : await listTasksOfElements(deps.statements, asked);
  return described.map(({ row, instance: { state, ...instance }, kind, listenerMoment }) => ({
    ...row,
    worker: request.worker,
    deadlineMs: millisOf(row.deadlineAt),
    instance,
    kind,
    listenerMoment,
    task: kind === 'TASK_LISTENER' ? (tasks.get(row.elementInstanceKey) ?? null) : null,
    variables: pick(visibleVariables(state, row.elementInstanceKey), request.fetchVariables),
  }));
}

interface Described {
  readonly row: ActivatedRow;
  readonly instance: WorkInstance;
  readonly kind: ActivatedJobKind;
  readonly listenerMoment: ListenerMoment | null;
}

function describe(
  state: InstanceState,
  row: ActivatedRow,
  isAdHoc: boolean,
): { readonly kind: ActivatedJobKind; readonly listenerMoment: ListenerMoment | null } {
  const waits = state.elements[row.elementInstanceKey]?.waits ?? [];
  for (const wait of waits) {
    if (wait.kind !== 'listener' || wait.jobKey !== row.key) continue;
    const isExecution = wait.on === 'start' || wait.on === 'end';
    return { kind: isExecution ? 'EXECUTION_LISTENER' : 'TASK_LISTENER', listenerMoment: wait.on };
  }
  return { kind: isAdHoc ? 'AD_HOC_SUB_PROCESS' : 'BPMN_ELEMENT', listenerMoment: null };
}

const pick = (variables: Variables, names: readonly string[]): Variables =>
  names.length === 0
    ? variables
    : Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));

/** The worker hung up before it got them. */
export async function releaseJobs(deps: ActivationDeps, jobs: readonly ActivatedJob[]): Promise<void> {
  const byDeadline = new Map<Instant, Key[]>();
  for (const { key, deadlineAt } of jobs) byDeadline.set(deadlineAt, [...(byDeadline.get(deadlineAt) ?? []), key]);
  for (const [deadlineAt, keys] of byDeadline) await releaseActivated(deps.statements, keys, deadlineAt);
  deps.announce?.({ jobTypes: [...new Set(jobs.map((job) => job.type))], endedInstances: [] });
}

export const findAvailableTypes = (deps: ActivationDeps, types: readonly string[]): Promise<readonly string[]> =>
  listAvailableTypes(deps.statements, types, deps.clock.now());
