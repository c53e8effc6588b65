// Public face of the runtime: runs the engine against the database and knows nothing about documents.
// `createRuntime` closes over the ports; every method that takes a Tx takes part in the caller's transaction.

import type { Decision, ExecutableProcess, Variables } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { Key } from '../shared/ids.ts';
import type { Statements, Transactions, Tx } from '../shared/transactions.ts';
import { createAnnouncer } from './announce.ts';
import { createDecisionCatalog, type DecisionCatalog } from './decisions.ts';
import { type ConditionalStart, startByCondition, type StartedByCondition } from './conditions.ts';
import type { FindCalendar } from './lookups.ts';
import { listNotices, markNoticeRead, type Notice } from './store/notices.ts';
import { createDefinitionCatalog, type DeployedProcess, type ProcessSource } from './definitions.ts';
import { executeStep, lockInstanceFor, startInstance, type StartRequest } from './execute.ts';
import type { CrashPoint } from './execute-deps.ts';
import type { HistorySettings } from './event-history.ts';
import { createHistory, type History } from './history/index.ts';
import { claimTask, completeOpenTask, getTaskFor, openTask, type OpenTask } from './inbox.ts';
import { type JobHandlers, type JobRunnerDeps, runJob } from './job-runner.ts';
import { publishMessage, type PublishRequest } from './messages.ts';
import { type Commands, createCommands } from './commands/index.ts';
import { createOperations, type Operations } from './operations.ts';
import { createSupervision, type Supervision } from './supervision.ts';
import type { KeySource, News, NewsChannel, WorkMetrics } from './ports.ts';
import { createStepBatcher } from './step-batcher.ts';
import { createStepCache } from './step-cache.ts';
import { completeJobAlone, completeTaskAlone, type JobCompletion, type TaskCompletion } from './step-commands.ts';
import type { StepRequest } from './step-queue.ts';
import { reconcileJobs, sweepExpired } from './reconcile.ts';
import { findAnswer, storeAnswer, type StoredAnswer } from './store/idempotency.ts';
import { type IncidentRow, listActiveIncidents } from './store/incidents.ts';
import { findInstance, type InstanceRow, listEvents, type StoredEvent } from './store/instances.ts';
import { countOpenJobs } from './store/jobs.ts';
import { inTransactions } from './store/steps.ts';
import { listOpenTasks, listOpenTasksOf, type TaskActor, type UserTask } from './store/tasks.ts';

export type { BusinessCalendar, Json, Variables } from '../engine/index.ts';
export type { ConditionalStart, StartedByCondition } from './conditions.ts';
export type { FindCalendar } from './lookups.ts';
export type { Notice } from './store/notices.ts';
export { ERROR_CODES } from './errors.ts';
export * from './history/index.ts';
export type { OpenTask } from './inbox.ts';
export {
  bpmnError,
  completed,
  giveUp,
  type Job,
  type JobHandler,
  type JobHandlers,
  type JobOutcome,
  retryLater,
} from './job-runner.ts';
export type { ActivatedJob, Caller, Commands, Deployment, ResourceFile } from './commands/index.ts';
export type { CrashPoint } from './execute-deps.ts';
export type { HistoryLevel, HistorySettings } from './event-history.ts';
export type { JobCompletion, TaskCompletion } from './step-commands.ts';
export type { StepRequest } from './step-queue.ts';
export type { PublishRequest } from './messages.ts';
export type { MigrationRequest, Operations } from './operations.ts';
export type { ChangeOutcome, ChangeRequest, InstanceChange, Supervision } from './supervision.ts';
export type { Carrier, KeySource, News, NewsChannel, Offer, WorkMetrics, WorkSnapshot } from './ports.ts';
export type { JobLimit, JobLimitState } from './store/job-limits.ts';
export type {
  BoundDecision,
  DecisionCatalog,
  DeployedDecisions,
  EvaluationInput,
  EvaluationOrigin,
  StoredEvaluation,
} from './decisions.ts';
export type { DeployedProcess, ProcessSource } from './definitions.ts';
export type { DecisionInstanceRow, DecisionRow, EvaluationRow, RequirementsRow } from './store/decisions.ts';
export type { IncidentRow } from './store/incidents.ts';
export type { StoredEvent } from './store/instances.ts';
export type { TaskActor, UserTask } from './store/tasks.ts';

export interface RuntimeDeps {
  readonly transactions: Transactions;
  /** Where batches of steps go: each statement a transaction of its own. Default: a transaction around each. */
  readonly statements?: Statements;
  readonly clock: Clock;
  readonly keys: KeySource;
  /** What is kept of the history and for how long; default: everything. */
  readonly eventHistory?: HistorySettings;
  /** For tests of crashes. */
  readonly atPoint?: (point: CrashPoint) => void;
  /** Business calendars of the installation; absent: it has none. */
  readonly findCalendar?: FindCalendar;
  readonly wake: (jobKeys: readonly Key[]) => void;
  /** To and from the other processes on this database; absent: who waits hears this process alone. */
  readonly news?: NewsChannel;
  readonly metrics?: WorkMetrics;
}

export interface Runtime {
  /** All files as one deployment, BPMN and DMN: everything or nothing. Answers the processes. */
  deploy(tx: Tx, files: readonly ProcessSource[]): Promise<readonly DeployedProcess[]>;
  startInstance(tx: Tx, request: Omit<StartRequest, 'parent'>): Promise<Key>;
  getInstance(tx: Tx, key: Key): Promise<InstanceRow>;
  /** What a deployed version was compiled to. */
  getModel(tx: Tx, definitionKey: Key): Promise<ExecutableProcess>;
  listHistory(tx: Tx, key: Key): Promise<readonly StoredEvent[]>;

  listTasks(tx: Tx, actor: TaskActor, limit: number): Promise<readonly UserTask[]>;
  listTasksOf(tx: Tx, actor: TaskActor, businessKey: string): Promise<readonly UserTask[]>;
  getTask(tx: Tx, actor: TaskActor, taskKey: Key): Promise<UserTask>;
  /** Locks the instance; TASK_NOT_FOUND, TASK_NOT_OPEN, TASK_NOT_YOURS. */
  openTask(tx: Tx, actor: TaskActor, taskKey: Key): Promise<OpenTask>;
  claimTask(tx: Tx, actor: TaskActor, open: OpenTask): Promise<void>;
  completeTask(tx: Tx, open: OpenTask, completion: { actorId: string; variables: Variables }): Promise<void>;

  /** Steps without a caller's transaction: what waits at the same moment shares one statement and one commit. */
  readonly alone: {
    /** What it led to; the key is that of the state. */
    start(request: Omit<StartRequest, 'parent'>): Promise<Decision>;
    startInstance(request: Omit<StartRequest, 'parent'>): Promise<Key>;
    completeTask(completion: TaskCompletion): Promise<Decision>;
    completeJob(completion: JobCompletion): Promise<Decision>;
    /** Any command to an instance. */
    give(request: StepRequest): Promise<Decision>;
  };

  /** Modification, migration and suspension by an operator. */
  readonly operations: Operations;
  /** The same in the words of an operator, with a preview. */
  readonly supervision: Supervision;

  /** Deployed decisions, their evaluation and its history. */
  readonly decisions: DecisionCatalog;

  /** What clients of /v2 ask for. */
  readonly commands: Commands;

  /** Starts every process whose conditional start event these variables fulfil. */
  startByCondition(tx: Tx, request: ConditionalStart): Promise<StartedByCondition>;

  /** Reminders and escalations of late tasks that this person has not read. */
  listNotices(tx: Tx, actor: TaskActor, limit: number): Promise<readonly Notice[]>;
  /** False when there is no such unread notice. */
  markNoticeRead(tx: Tx, actor: TaskActor, key: Key): Promise<boolean>;

  publishMessage(tx: Tx, request: PublishRequest): Promise<boolean>;
  listIncidents(tx: Tx, limit: number): Promise<readonly IncidentRow[]>;
  /** Gives a job without retries new ones and resolves its incident. */
  retryIncident(tx: Tx, incident: IncidentRow, actorId: string): Promise<void>;

  /** One wake-up: works on the job if it is due and free. */
  runJob(jobKey: Key, worker: Pick<JobRunnerDeps, 'log'> & { handlers: JobHandlers }): Promise<boolean>;
  /** Offers work that no carrier knows: timers, continuations, and service jobs of the types that handlers serve. */
  reconcile(jobTypes: readonly string[]): Promise<number>;
  sweep(): Promise<void>;
  countOpenJobs(tx: Tx): Promise<number>;

  /** The read model: searches, and what keeps it up to date. */
  readonly history: History;

  findAnswer(tx: Tx, owner: string, key: string, fingerprint: string): Promise<StoredAnswer | null>;
  storeAnswer(tx: Tx, owner: string, key: string, answer: StoredAnswer): Promise<void>;
}

export function createRuntime(deps: RuntimeDeps): Runtime {
  const definitions = createDefinitionCatalog(deps);
  const statements = deps.statements ?? inTransactions(deps.transactions);
  const listeners = new Set<(news: News) => void>();
  const announce = createAnnouncer(listeners, deps.news);
  const stepDeps = { ...deps, historyLevel: deps.eventHistory?.level ?? 'full' };
  const steps = createStepBatcher({ ...stepDeps, announce, definitions, statements, cache: createStepCache() });
  const decisions = createDecisionCatalog(deps);
  const execute = { ...stepDeps, announce, definitions, decisions, steps };
  const operations = createOperations(execute);
  const history = createHistory(deps);
  return {
    async deploy(tx, files) {
      await deps.keys.reserve(1);
      const deploymentKey = deps.keys.next();
      const isDecision = ({ resourceName }: ProcessSource): boolean => /\.dmn$/i.test(resourceName);
      await decisions.deploy(tx, files.filter(isDecision), deploymentKey);
      return definitions.deploy(
        tx,
        files.filter((file) => !isDecision(file)),
        deploymentKey,
      );
    },
    startInstance: (tx, request) => startInstance(tx, execute, request),
    getInstance,
    getModel: (tx, key) => definitions.getModel(tx, key),
    listHistory: listEvents,

    listTasks: listOpenTasks,
    listTasksOf: listOpenTasksOf,
    getTask: getTaskFor,
    openTask,
    claimTask: (tx, actor, open) => claimTask(tx, execute, actor, open),
    completeTask: (tx, open, completion) => completeOpenTask(tx, execute, open, completion),

    alone: {
      start: (request) => steps.start(request),
      startInstance: async (request) => (await steps.start(request)).state.key,
      completeTask: (completion) => completeTaskAlone(steps, completion),
      completeJob: (completion) => completeJobAlone(steps, completion),
      give: (request) => steps.give(request),
    },

    operations,
    decisions,
    commands: createCommands({ ...execute, statements, operations, listeners, catchUp: history.catchUp }),
    supervision: createSupervision({ ...execute, operations }),

    startByCondition: (tx, request) => startByCondition(tx, execute, request),
    listNotices,
    markNoticeRead: (tx, actor, key) => markNoticeRead(tx, actor, key, deps.clock.now()),

    publishMessage: (tx, request) => publishMessage(tx, execute, request),
    listIncidents: listActiveIncidents,
    async retryIncident(tx, incident, actorId) {
      if (incident.jobKey !== null) {
        const command = { type: 'update-job-retries', jobKey: incident.jobKey, retries: 3 } as const;
        await executeStep(tx, execute, await lockInstanceFor(tx, incident.instanceKey), { command, actorId });
      }
      const command = { type: 'resolve-incident', incidentKey: incident.key } as const;
      await executeStep(tx, execute, await lockInstanceFor(tx, incident.instanceKey), { command, actorId });
    },

    runJob: (jobKey, worker) => runJob({ ...execute, ...worker }, jobKey),
    reconcile: (jobTypes) => reconcileJobs(deps, jobTypes),
    sweep: () => sweepExpired(deps),
    countOpenJobs,
    history,

    findAnswer: findCheckedAnswer,
    storeAnswer,
  };
}

async function getInstance(tx: Tx, key: Key): Promise<InstanceRow> {
  const instance = await findInstance(tx, key);
  if (instance === null) throw new AppError('not-found', 'INSTANCE_NOT_FOUND', `Expected an instance with key ${key}`);
  return instance;
}

async function findCheckedAnswer(
  tx: Tx,
  owner: string,
  key: string,
  fingerprint: string,
): Promise<StoredAnswer | null> {
  const stored = await findAnswer(tx, owner, key);
  if (stored !== null && stored.fingerprint !== fingerprint) {
    throw new AppError('rule', 'IDEMPOTENCY_KEY_REUSED', 'The idempotency key belongs to another request');
  }
  return stored;
}
