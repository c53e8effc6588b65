// What an operator does to one instance, as one word of his language; it may be several steps of the engine. A preview is
// the change itself, done in a transaction that is taken back: what it tells is what would happen, not a guess about it.

import {
  type Command,
  type EngineEvent,
  type ExecutableProcess,
  type IncidentState,
  type InstanceState,
  type MigrationProblem,
} from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Transactions, Tx } from '../shared/transactions.ts';
import { type ExecuteDeps, executeStep, lockInstanceFor } from './execute.ts';
import type { Operations } from './operations.ts';
import { type InstanceRow, listEventsAfter } from './store/instances.ts';

export type InstanceChange =
  /** Jobs without retries get new ones, and every incident is resolved. */
  | { readonly kind: 'retry' }
  | { readonly kind: 'suspend' | 'resume' | 'cancel' }
  /** What waits there ends, and the flow goes on at the target. */
  | { readonly kind: 'move'; readonly fromKey: Key; readonly toElementId: string }
  /** To another version, by the proposed mapping. */
  | { readonly kind: 'migrate'; readonly definitionKey: Key };

export interface ChangeRequest {
  readonly instanceKey: Key;
  /** Whose instance it must be; another's answers like none. */
  readonly tenantId: string;
  readonly change: InstanceChange;
  readonly actorId: string;
}

export interface ChangeOutcome {
  /** Why a migration has no place for what is active; nothing has happened then. */
  readonly problems: readonly MigrationProblem[];
  readonly events: readonly EngineEvent[];
  /** Names of elements, of the definition that it had before and of the one that it has after. */
  readonly models: readonly ExecutableProcess[];
}

export interface Supervision {
  change(tx: Tx, request: ChangeRequest): Promise<ChangeOutcome>;
  preview(request: ChangeRequest): Promise<ChangeOutcome>;
}

interface SupervisionDeps extends ExecuteDeps {
  readonly transactions: Transactions;
  readonly operations: Operations;
}

const NEW_RETRIES = 3;

export function createSupervision(deps: SupervisionDeps): Supervision {
  return {
    change: (tx, request) => changeInstance(tx, deps, request),
    async preview(request) {
      try {
        return await deps.transactions.run(async (tx) => {
          throw new TakenBack(await changeInstance(tx, deps, request));
        });
      } catch (thrown) {
        if (thrown instanceof TakenBack) return thrown.outcome;
        throw thrown;
      }
    },
  };
}

/** Carries the outcome out of a transaction that must not be committed. */
class TakenBack extends Error {
  readonly outcome: ChangeOutcome;
  constructor(outcome: ChangeOutcome) {
    super('The preview is taken back');
    this.outcome = outcome;
  }
}

async function changeInstance(tx: Tx, deps: SupervisionDeps, request: ChangeRequest): Promise<ChangeOutcome> {
  const { instanceKey, tenantId, change } = request;
  const instance = await lockInstanceFor(tx, instanceKey);
  if (instance.tenantId !== tenantId) {
    throw new AppError('not-found', 'INSTANCE_NOT_FOUND', `Expected an instance with key ${instanceKey}`);
  }
  const models = [await deps.definitions.getModel(tx, instance.definitionKey)];
  if (change.kind === 'migrate') {
    models.push(await deps.definitions.getModel(tx, change.definitionKey));
    const problems = await migrate(tx, deps, request, instance);
    if (problems.length > 0) return { problems, events: [], models };
  } else {
    await runChange(tx, deps, { instance, change, actorId: request.actorId });
  }
  const events = (await listEventsAfter(tx, instanceKey, instance.eventCount)).map(({ event }) => event);
  return { problems: [], events, models };
}

/** The proposed mapping, as far as it concerns what is active; the rest has no say in it. */
async function migrate(
  tx: Tx,
  { operations }: SupervisionDeps,
  { instanceKey, change, actorId }: ChangeRequest,
  instance: InstanceRow,
): Promise<readonly MigrationProblem[]> {
  if (change.kind !== 'migrate') return [];
  const { mapping } = await operations.proposeMigration(tx, instance.definitionKey, change.definitionKey);
  const request = {
    instanceKey,
    targetKey: change.definitionKey,
    mapping,
  };
  const problems = await operations.previewMigration(tx, request);
  if (problems.length === 0) await operations.migrate(tx, { ...request, actorId });
  return problems;
}

interface Change {
  readonly instance: InstanceRow;
  readonly change: Exclude<InstanceChange, { readonly kind: 'migrate' }>;
  readonly actorId: string;
}

async function runChange(tx: Tx, deps: SupervisionDeps, { instance, change, actorId }: Change): Promise<void> {
  switch (change.kind) {
    case 'suspend':
      return deps.operations.suspend(tx, instance.key, actorId);
    case 'resume':
      return deps.operations.resume(tx, instance.key, actorId);
    case 'move':
      return deps.operations.modify(tx, {
        instanceKey: instance.key,
        actorId,
        activate: [],
        move: [{ source: { elementInstanceKey: change.fromKey }, targetElementId: change.toElementId }],
        terminate: [],
      });
    case 'cancel':
      await executeStep(tx, deps, instance, { command: { type: 'cancel-instance' }, actorId });
      return;
    case 'retry':
      return retryIncidents(tx, deps, { instance, actorId });
  }
}

/** Each one by itself: resolving one may end another together with its element. */
async function retryIncidents(
  tx: Tx,
  deps: SupervisionDeps,
  { instance, actorId }: Pick<Change, 'instance' | 'actorId'>,
): Promise<void> {
  const wanted = Object.keys(instance.state.incidents);
  if (wanted.length === 0) {
    throw new AppError(
      'rejection',
      'INSTANCE_WITHOUT_INCIDENT',
      `Expected instance ${instance.key} to have an incident`,
    );
  }
  for (const incidentKey of wanted) {
    let current = await lockInstanceFor(tx, instance.key);
    const incident = findIncident(current.state, incidentKey);
    if (incident === null) continue;
    if (incident.jobKey !== null) {
      const command: Command = { type: 'update-job-retries', jobKey: incident.jobKey, retries: NEW_RETRIES };
      await executeStep(tx, deps, current, { command, actorId });
      current = await lockInstanceFor(tx, instance.key);
    }
    const command: Command = { type: 'resolve-incident', incidentKey: incident.key };
    await executeStep(tx, deps, current, { command, actorId });
  }
}

const findIncident = (state: InstanceState, key: string): IncidentState | null =>
  Object.values(state.incidents).find((incident) => incident.key === key) ?? null;
