// Commands from outside (/v2), with the wall between tenants inside: each one says who asks. They come alone, so that
// most of them share a batch with whatever else waits at that moment.

import type { Key } from '../../shared/ids.ts';
import type { DecisionCatalog, StoredEvaluation } from '../decisions.ts';
import type { EvaluatedText, Variables } from '../../engine/index.ts';
import type { Statements } from '../../shared/transactions.ts';
import type { Operations } from '../operations.ts';
import type { News, WorkMetrics, WorkSnapshot } from '../ports.ts';
import { countWork } from '../store/external-jobs.ts';
import { type JobLimit, type JobLimitState } from '../store/job-limits.ts';
import { listLimits, removeLimit, setLimit } from './limits.ts';
import { findResourceContent } from '../store/resources.ts';
import { type ActivatedJob, type ActivateRequest, createActivation } from './activation.ts';
import { type BatchChange, controlBatch, createBatch, type NewBatch, runBatches } from './batches.ts';
import type { Caller, CommandDeps } from './caller.ts';
import { deleteInstance } from './deletion.ts';
import { deleteResource, deployFiles, type Deployment, type ResourceFile } from './deployments.ts';
import {
  type ConditionalStart,
  type ConditionRequest,
  evaluateConditions,
  evaluateDecision,
  evaluateExpression,
  type WantedDecision,
} from './evaluations.ts';
import { resolveIncident } from './incidents.ts';
import {
  activateAdHoc,
  type AdHocActivation,
  cancelProcess,
  operate,
  type OperateRequest,
  setVariables,
  type StartCommand,
  type StartedInstance,
  startProcess,
  type VariableChange,
} from './instances.ts';
import {
  completeJob,
  failJob,
  type JobChange,
  type JobError,
  type JobFailureReport,
  type JobResult,
  throwJobError,
  updateJob,
} from './jobs.ts';
import { broadcastSignal, correlate, type CorrelateCommand, publish, type PublishCommand } from './messages.ts';
import {
  assignTask,
  completeTask,
  type TaskAssignment,
  type TaskCompletionRequest,
  type TaskUpdate,
  updateTask,
} from './tasks.ts';
import { findOutcome, type Outcome } from './outcome.ts';

export type { ActivatedJob, ActivateRequest } from './activation.ts';
export type { Caller } from './caller.ts';
export type { Deployment, ResourceFile } from './deployments.ts';
export type { StartCommand } from './instances.ts';

export interface Commands {
  deploy(files: readonly ResourceFile[]): Promise<Deployment>;
  deleteResource(key: Key): Promise<void>;
  findResourceContent(key: Key): Promise<Uint8Array | null>;

  start(caller: Caller, command: StartCommand): Promise<StartedInstance>;
  /** Null while the instance runs. */
  findOutcome(key: Key): Promise<Outcome | null>;
  cancel(caller: Caller, key: Key): Promise<void>;
  /** Forgets an ended instance for good. */
  deleteInstance(caller: Caller, key: Key): Promise<void>;
  /** Modification, migration, suspension of an active instance. */
  operate(caller: Caller, key: Key, request: OperateRequest): Promise<void>;
  setVariables(caller: Caller, change: VariableChange): Promise<void>;
  activateAdHoc(caller: Caller, request: AdHocActivation): Promise<void>;
  resolveIncident(caller: Caller, key: Key): Promise<void>;

  activateJobs(caller: Caller, request: ActivateRequest): Promise<readonly ActivatedJob[]>;
  releaseJobs(jobs: readonly ActivatedJob[]): Promise<void>;
  findAvailableTypes(types: readonly string[]): Promise<readonly string[]>;
  completeJob(caller: Caller, result: JobResult): Promise<void>;
  failJob(caller: Caller, report: JobFailureReport): Promise<void>;
  throwJobError(caller: Caller, error: JobError): Promise<void>;
  updateJob(caller: Caller, change: JobChange): Promise<void>;
  countWork(): Promise<readonly WorkSnapshot[]>;
  listJobLimits(caller: Caller): Promise<readonly JobLimitState[]>;
  setJobLimit(caller: Caller, limit: JobLimit): Promise<void>;
  removeJobLimit(caller: Caller, type: string): Promise<void>;

  completeTask(caller: Caller, request: TaskCompletionRequest): Promise<void>;
  assignTask(caller: Caller, request: TaskAssignment): Promise<void>;
  updateTask(caller: Caller, request: TaskUpdate): Promise<void>;

  publish(command: PublishCommand): Promise<Key>;
  correlate(command: CorrelateCommand): Promise<{ readonly messageKey: Key; readonly instanceKey: Key }>;
  broadcastSignal(signal: Parameters<typeof broadcastSignal>[1]): Promise<Key>;

  createBatch(caller: Caller, batch: NewBatch): Promise<Key>;
  controlBatch(caller: Caller, key: Key, change: BatchChange): Promise<void>;
  /** One chunk of each batch that runs; how many items were worked on. */
  runBatches(): Promise<number>;

  /** A fresh key, for answers that name what is not kept. */
  nextKey(): Promise<Key>;
  evaluateExpression(text: string, variables: Variables): EvaluatedText;
  evaluateDecision(wanted: WantedDecision, variables: Variables): Promise<StoredEvaluation>;
  evaluateConditions(caller: Caller, request: ConditionRequest): Promise<readonly ConditionalStart[]>;

  /** Told after commits of this process, and of the others when there is a news channel; best effort. */
  onNews(listen: (news: News) => void): () => void;
}

export interface CommandsDeps extends CommandDeps {
  readonly statements: Statements;
  readonly operations: Operations;
  readonly decisions: DecisionCatalog;
  readonly catchUp: () => Promise<void>;
  readonly listeners: Set<(news: News) => void>;
  readonly metrics?: WorkMetrics;
}

export function createCommands(deps: CommandsDeps): Commands {
  const { statements, transactions } = deps;
  const activation = createActivation(deps);
  const ended = (type: string, outcome: Parameters<WorkMetrics['ended']>[1]): void => {
    deps.metrics?.ended(type, outcome);
    activation.freed(type);
  };
  return {
    deploy: (files) => transactions.run((tx) => deployFiles(tx, deps, files)),
    deleteResource: (key) => transactions.run((tx) => deleteResource(tx, deps, key)),
    findResourceContent: (key) => findResourceContent(statements, key),

    start: (caller, command) => startProcess(deps, caller, command),
    findOutcome: (key) => findOutcome(statements, key),
    cancel: (caller, key) => cancelProcess(deps, caller, key),
    deleteInstance: (caller, key) => deleteInstance(deps, caller, key),
    operate: (caller, key, request) => operate(deps, caller, key, request),
    setVariables: (caller, change) => setVariables(deps, caller, change),
    activateAdHoc: (caller, request) => activateAdHoc(deps, caller, request),
    resolveIncident: (caller, key) => resolveIncident(deps, caller, key),

    activateJobs: async (caller, request) => activation.activateJobs(caller, request),
    releaseJobs: activation.releaseJobs,
    findAvailableTypes: activation.findAvailableTypes,
    completeJob: async (caller, result) => ended(await completeJob(deps, caller, result), 'completed'),
    failJob: async (caller, report) => ended(await failJob(deps, caller, report), 'failed'),
    throwJobError: async (caller, error) => ended(await throwJobError(deps, caller, error), 'error'),
    updateJob: (caller, change) => updateJob(deps, caller, change),
    countWork: () => countWork(statements, deps.clock.now()),
    listJobLimits: (caller) => listLimits(deps, caller),
    setJobLimit: (caller, limit) => setLimit(deps, caller, limit),
    removeJobLimit: (caller, type) => removeLimit(deps, caller, type),

    completeTask: (caller, request) => completeTask(deps, caller, request),
    assignTask: (caller, request) => assignTask(deps, caller, request),
    updateTask: (caller, request) => updateTask(deps, caller, request),

    publish: (command) => publish(deps, command),
    correlate: (command) => correlate(deps, command),
    broadcastSignal: (signal) => broadcastSignal(deps, signal),

    createBatch: (caller, batch) => createBatch(deps, caller, batch),
    controlBatch: (caller, key, change) => controlBatch(deps, caller, key, change),
    runBatches: () => runBatches(deps),

    async nextKey() {
      await deps.keys.reserve(1);
      return deps.keys.next();
    },
    evaluateExpression: (text, variables) => evaluateExpression(deps, text, variables),
    evaluateDecision: (wanted, variables) => evaluateDecision(deps, wanted, variables),
    evaluateConditions: (caller, request) => evaluateConditions(deps, caller, request),

    onNews(listen) {
      deps.listeners.add(listen);
      return () => deps.listeners.delete(listen);
    },
  };
}
