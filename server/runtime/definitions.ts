// Deployed process definitions: deploy, and a cache of compiled models. A definition never changes once it is
// deployed, so the cache needs no invalidation; running instances keep the version they began with.

import {
  type Binding,
  compileDefinitions,
  type ExecutableProcess,
  type ModelProblem,
  resolveStarts,
} from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Statements, Tx } from '../shared/transactions.ts';
import type { KeySource } from './ports.ts';
import {
  type DefinitionRow,
  findDefinition,
  findDefinitionBeside,
  findHighestVersion,
  findLatestDefinition,
  findLatestKey,
  findTaggedDefinition,
  hasSameContent,
  insertDefinition,
  lockProcessId,
} from './store/definitions.ts';
import { insertJobs, type NewJob, NO_INSTANCE } from './store/jobs.ts';
import { cancelStartTimers, type NewStartSubscription, replaceStartSubscriptions } from './store/starts.ts';

export interface DeployedProcess {
  readonly key: Key;
  readonly processId: string;
  readonly version: number;
  readonly resourceName: string;
  /** False when the same bytes were the latest version already. */
  readonly isNew: boolean;
}

/** One BPMN file. */
export interface ProcessSource {
  readonly resourceName: string;
  readonly xml: string;
}

export interface DefinitionCatalog {
  getLatest(on: Statements, processId: string): Promise<DefinitionRow>;
  getModel(on: Statements, key: Key): Promise<ExecutableProcess>;
  getDefinition(on: Statements, key: Key): Promise<DefinitionRow>;
  /** Null when this process has not loaded it yet. */
  getCached(key: Key): DefinitionRow | null;
  notFound(what: string): AppError;
  /** The version that a call activity means. */
  getBound(tx: Tx, call: BoundCall): Promise<DefinitionRow>;
  /**
   * All processes of the files, or DEFINITION_INVALID with every problem in `details.problems`. `together`: the key of
   * a deployment that has other resources as well.
   */
  deploy(tx: Tx, files: readonly ProcessSource[], together?: Key): Promise<readonly DeployedProcess[]>;
  /** A version was taken out of use: the start events that wait are those of the version before it, if any. */
  retired(tx: Tx, key: Key): Promise<void>;
}

export function createDefinitionCatalog(deps: { readonly clock: Clock; readonly keys: KeySource }): DefinitionCatalog {
  const rows = new Map<Key, DefinitionRow>();
  const notFound = (what: string): AppError =>
    new AppError('not-found', 'PROCESS_NOT_FOUND', `Expected a deployed process ${what}`, {
      details: { process: what },
    });

  async function getDefinition(on: Statements, key: Key): Promise<DefinitionRow> {
    const cached = rows.get(key);
    if (cached !== undefined) return cached;
    const row = await findDefinition(on, key);
    if (row === null) throw notFound(key);
    rows.set(key, row);
    return row;
  }

  return {
    notFound,
    getDefinition,
    getCached: (key) => rows.get(key) ?? null,
    getModel: async (on, key) => (await getDefinition(on, key)).model,
    async getLatest(on, processId) {
      const key = await findLatestKey(on, processId);
      if (key === null) throw notFound(processId);
      return getDefinition(on, key);
    },
    getBound: (tx, call) => getBound(tx, call, notFound),
    async retired(tx, key) {
      const { processId } = await getDefinition(tx, key);
      await lockProcessId(tx, processId);
      const latest = await findLatestDefinition(tx, processId);
      if (latest !== null && BigInt(latest.key) > BigInt(key)) return;
      if (latest === null) await closeStarts(tx, processId, deps.clock.now());
      else await openStarts(tx, deps, { key: latest.key, file: { model: latest.model, resourceName: processId } });
    },
    async deploy(tx, files, together) {
      await deps.keys.reserve(1);
      const deploymentKey = together ?? deps.keys.next();
      const deployed: DeployedProcess[] = [];
      for (const { resourceName, xml } of files) {
        const compiled = await compileDefinitions(xml);
        if (!compiled.ok) throw invalid(resourceName, compiled.error);
        for (const model of compiled.value) {
          deployed.push(await deployProcess(tx, deps, { resourceName, xml, model, deploymentKey }));
        }
      }
      return deployed;
    },
  };
}

const invalid = (resourceName: string, problems: readonly ModelProblem[]): AppError =>
  new AppError('rule', 'DEFINITION_INVALID', `${resourceName} cannot be deployed`, {
    details: { resourceName, problems },
  });

export interface BoundCall {
  readonly processId: string;
  readonly binding: Binding;
  /** The definition of the calling instance. */
  readonly callerKey: Key;
}

/** `deployment`: the version deployed together with the caller, else the latest; `versionTag`: the newest so marked. */
async function getBound(tx: Tx, call: BoundCall, notFound: (what: string) => AppError): Promise<DefinitionRow> {
  const { processId, binding, callerKey } = call;
  if (binding.kind === 'versionTag') {
    const tagged = await findTaggedDefinition(tx, processId, binding.versionTag ?? '');
    if (tagged === null) throw notFound(`${processId} with version tag ${binding.versionTag ?? ''}`);
    return tagged;
  }
  const together = binding.kind === 'deployment' ? await findDefinitionBeside(tx, processId, callerKey) : null;
  const row = together ?? (await findLatestDefinition(tx, processId));
  if (row === null) throw notFound(processId);
  return row;
}

interface ProcessFile {
  readonly resourceName: string;
  readonly xml: string;
  readonly model: ExecutableProcess;
  readonly deploymentKey: Key;
}

interface DeployDeps {
  readonly clock: Clock;
  readonly keys: KeySource;
}

async function deployProcess(tx: Tx, deps: DeployDeps, file: ProcessFile): Promise<DeployedProcess> {
  const processId = file.model.processId;
  await lockProcessId(tx, processId);
  const latest = await findLatestDefinition(tx, processId);
  if (latest !== null && (await hasSameContent(tx, latest.key, file.resourceName, file.xml))) {
    return { key: latest.key, processId, version: latest.version, resourceName: file.resourceName, isNew: false };
  }
  await deps.keys.reserve(1);
  const key = deps.keys.next();
  const version = (await findHighestVersion(tx, processId)) + 1;
  await insertDefinition(tx, { ...file, key, version, deployedAt: deps.clock.now() });
  await openStarts(tx, deps, { key, file });
  return { key, processId, version, resourceName: file.resourceName, isNew: true };
}

async function closeStarts(tx: Tx, processId: string, now: Instant): Promise<void> {
  await replaceStartSubscriptions(tx, processId, []);
  await cancelStartTimers(tx, processId, now);
}

/** Start events that wait now belong to this version; those of the version before are closed. */
async function openStarts(
  tx: Tx,
  deps: DeployDeps,
  { key, file }: { readonly key: Key; readonly file: Pick<ProcessFile, 'model' | 'resourceName'> },
): Promise<void> {
  const now = deps.clock.now();
  const { processId } = file.model;
  const resolved = resolveStarts(file.model, { now });
  if (!resolved.ok) {
    const { elementId, message } = resolved.error;
    throw invalid(file.resourceName, [{ rule: 'start-event', elementId, message }]);
  }
  const starts = resolved.value.flatMap((start): NewStartSubscription[] => {
    const row = { definitionKey: key, processId, elementId: start.elementId };
    if (start.kind === 'message') return [{ ...row, kind: start.kind, name: start.messageName }];
    if (start.kind === 'condition') return [{ ...row, kind: start.kind, name: start.expression }];
    return start.kind === 'signal' ? [{ ...row, kind: start.kind, name: start.signalName }] : [];
  });
  await replaceStartSubscriptions(tx, processId, starts);
  await cancelStartTimers(tx, processId, now);
  const timers = resolved.value.filter((start) => start.kind === 'timer');
  await deps.keys.reserve(timers.length);
  await insertJobs(
    tx,
    timers.map((timer) => startTimerJob(deps.keys.next(), { definitionKey: key, processId, ...timer }, now)),
  );
}

export interface StartTimer {
  readonly definitionKey: Key;
  readonly processId: string;
  readonly elementId: string;
  readonly dueAt: Instant;
  readonly repetitionsLeft: number | null;
  readonly period: string | null;
}

/** The next firing of a timer start event, as a job that the reconciler finds when it is due. */
export const startTimerJob = (key: Key, timer: StartTimer, now: Instant): NewJob => ({
  key,
  kind: 'start-timer',
  instanceKey: NO_INSTANCE,
  elementInstanceKey: null,
  elementId: timer.elementId,
  type: timer.processId,
  headers: {},
  payload: {
    definitionKey: timer.definitionKey,
    dueAt: timer.dueAt,
    repetitionsLeft: timer.repetitionsLeft,
    period: timer.period,
  },
  retries: 3,
  dueAt: timer.dueAt,
  createdAt: now,
  isOffered: false,
});
