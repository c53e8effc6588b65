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
  type ActivationRequest,
  listAvailableTypes,
  listWorkInstances,
  releaseActivated,
  type WorkInstance,
} from '../store/external-jobs.ts';
import { hasJobLimit, lockAllowance, spendAllowance } from '../store/job-limits.ts';
import { listTasksOfElements, type TaskFacts } from '../store/task-facts.ts';
import type { WorkMetrics } from '../ports.ts';
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
  readonly metrics?: WorkMetrics;
}

export interface Activation {
  activateJobs(caller: Caller, request: ActivateRequest): Promise<readonly ActivatedJob[]>;
  /** The worker hung up before it got them. */
  releaseJobs(jobs: readonly ActivatedJob[]): Promise<void>;
  findAvailableTypes(types: readonly string[]): Promise<readonly string[]>;
  /** After a job has left its worker's hands: with a limit on its type, another one may have its turn now. */
  freed(type: string): void;
}

/** Workers that ask in one statement; more wait for the next one. */
const MAX_TOGETHER = 200;

interface Waiting {
  readonly caller: Caller;
  readonly request: ActivateRequest;
  readonly resolve: (jobs: readonly ActivatedJob[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Workers that ask for the same type at the same moment share one statement: a hundred of them would otherwise read
 * past each other's locked rows. A batch leaves as soon as the one before it is back; a lone worker waits for nobody.
 */
export function createActivation(deps: ActivationDeps): Activation {
  const groups = new Map<string, Waiting[]>();
  const limited = new Set<string>();

  async function run(name: string, waiting: Waiting[]): Promise<void> {
    while (waiting.length > 0) {
      const together = waiting.splice(0, MAX_TOGETHER);
      await activateTogether(deps, limited, together).then(
        (jobs) => together.forEach(({ resolve }, index) => resolve(jobs[index] ?? [])),
        (error: unknown) => together.forEach(({ reject }) => reject(error)),
      );
    }
    groups.delete(name);
  }

  return {
    activateJobs(caller, request) {
      if (caller.reserved.isJobType(request.type)) {
        throw new AppError('forbidden', 'WORK_RESERVED', `The server itself does the work of type '${request.type}'`);
      }
      return new Promise((resolve, reject) => {
        const name = JSON.stringify([request.type, caller.tenantId]);
        const waiting = groups.get(name);
        const entry = { caller, request, resolve, reject };
        if (waiting !== undefined) {
          waiting.push(entry);
          return;
        }
        const first = [entry];
        groups.set(name, first);
        // Whoever asks in the same turn of the loop comes along.
        queueMicrotask(() => void run(name, first));
      });
    },
    releaseJobs: (jobs) => releaseJobs(deps, jobs),
    findAvailableTypes: (types) => listAvailableTypes(deps.statements, types, deps.clock.now()),
    freed(type) {
      if (limited.has(type)) deps.announce?.({ jobTypes: [type], endedInstances: [] });
    },
  };
}

/** The jobs of each of them, in their order. */
async function activateTogether(
  deps: ActivationDeps,
  limited: Set<string>,
  together: readonly Waiting[],
): Promise<readonly (readonly ActivatedJob[])[]> {
  const [first] = together;
  if (first === undefined) return [];
  const { type } = first.request;
  const now = deps.clock.now();
  const asked = {
    type,
    now,
    tenantId: first.caller.tenantId,
    asks: together.map(({ request: { worker, timeoutMs, limit } }) => {
      return { worker, deadlineAt: plusMillis(now, timeoutMs), limit };
    }),
  };
  let rows = limited.has(type) ? [] : await activateAvailable(deps.statements, { ...asked, allowed: null });
  if (limited.has(type) || (rows.length === 0 && (await hasJobLimit(deps.statements, type)))) {
    const within = await activateWithinLimits(deps, asked);
    rows = within.rows;
    if (within.hasLimit) limited.add(type);
    else limited.delete(type);
  }
  if (rows.length > 0) deps.metrics?.activated(type, rows.length);
  const jobs = await describeAll(deps, rows, together);
  return together.map((_, index) => jobs.filter(({ ask }) => ask === index));
}

/** Without limits it gives what there is: they may have been taken away a moment ago. */
const activateWithinLimits = (
  deps: ActivationDeps,
  asked: Omit<ActivationRequest, 'allowed'>,
): Promise<{ readonly rows: readonly ActivatedRow[]; readonly hasLimit: boolean }> =>
  deps.transactions.run(async (tx) => {
    const allowed = await lockAllowance(tx, asked.type, asked.now);
    if (allowed === 0) return { rows: [], hasLimit: true };
    const rows = await activateAvailable(tx, { ...asked, allowed });
    await spendAllowance(tx, asked.type, rows.length);
    return { rows, hasLimit: allowed !== null };
  });

async function describeAll(
  deps: ActivationDeps,
  rows: readonly ActivatedRow[],
  together: readonly Waiting[],
): Promise<readonly ActivatedJob[]> {
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
    const request = together[row.ask]?.request;
    if (instance === undefined || request === undefined) continue;
    const model = await deps.definitions.getModel(deps.statements, instance.definitionKey);
    const isAdHoc = model.elements[row.elementId]?.kind === 'adHocSubProcess';
    described.push({ row, instance, request, ...describe(instance.state, row, isAdHoc) });
  }
  const asked = described.filter(({ kind }) => kind === 'TASK_LISTENER').map(({ row }) => row.elementInstanceKey);
  const tasks = asked.length === 0 ? new Map() : await listTasksOfElements(deps.statements, asked);
  return described.map(({ row, request, instance: { state, ...instance }, kind, listenerMoment }) => ({
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
  readonly request: ActivateRequest;
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

async function releaseJobs(deps: ActivationDeps, jobs: readonly ActivatedJob[]): Promise<void> {
  const byDeadline = new Map<Instant, Key[]>();
  for (const { key, deadlineAt } of jobs) byDeadline.set(deadlineAt, [...(byDeadline.get(deadlineAt) ?? []), key]);
  for (const [deadlineAt, keys] of byDeadline) await releaseActivated(deps.statements, keys, deadlineAt);
  deps.announce?.({ jobTypes: [...new Set(jobs.map((job) => job.type))], endedInstances: [] });
}
