// What clients do with instances: start, cancel, set variables, choose in an ad-hoc subprocess. Modification, migration
// and suspension are operations (operations.ts); here stands who may ask for them.

import type { Variables } from '../../engine/index.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import type { Statements, Tx } from '../../shared/transactions.ts';
import type { Operations } from '../operations.ts';
import { type DefinitionRow, findDefinitionVersion } from '../store/definitions.ts';
import { findElementOwner, findInstance, type InstanceRow } from '../store/instances.ts';
import { type Caller, giveToInstance, instanceNotFound, maySee, type CommandDeps } from './caller.ts';

export interface StartCommand {
  /** By key, or by id with a version; null is the latest. */
  readonly definition: { readonly key: Key } | { readonly processId: string; readonly version: number | null };
  readonly tenantId: string;
  readonly businessId: string | null;
  readonly tags: readonly string[];
  readonly variables: Variables;
  readonly startElementIds: readonly string[];
}

export interface StartedInstance {
  readonly key: Key;
  readonly definition: Pick<DefinitionRow, 'key' | 'processId' | 'version'>;
}

export async function startProcess(
  deps: CommandDeps & { readonly statements: Statements },
  caller: Caller,
  command: StartCommand,
): Promise<StartedInstance> {
  const definition = await resolveDefinition(deps.statements, deps, command.definition);
  checkStart(definition, command);
  const { state } = await deps.steps.start({
    processId: definition.processId,
    definition,
    tenantId: command.tenantId,
    businessKey: command.businessId,
    tags: command.tags,
    variables: command.variables,
    ...(command.startElementIds.length > 0 && { activateElementIds: command.startElementIds }),
    actorId: caller.actorId,
  });
  return { key: state.key, definition };
}

async function resolveDefinition(
  on: Statements,
  deps: CommandDeps,
  wanted: StartCommand['definition'],
): Promise<DefinitionRow> {
  if ('key' in wanted) return deps.definitions.getDefinition(on, wanted.key);
  if (wanted.version === null) return deps.definitions.getLatest(on, wanted.processId);
  const row = await findDefinitionVersion(on, wanted.processId, wanted.version);
  if (row === null) throw deps.definitions.notFound(`${wanted.processId} in version ${wanted.version}`);
  return row;
}

function checkStart({ model, processId }: DefinitionRow, command: StartCommand): void {
  const { startElementIds } = command;
  const unknown = startElementIds.find((id) => !Object.hasOwn(model.elements, id));
  if (unknown !== undefined) {
    throw startRefused(`Expected to find element '${unknown}' in process '${processId}', but there is none`);
  }
  if (startElementIds.length === 0 && model.startEventId === '') {
    throw startRefused(`Expected process '${processId}' to have a none start event, but it has none`);
  }
}

const startRefused = (message: string): AppError => new AppError('rule', 'START_NOT_POSSIBLE', message);

/** Only a root can be cancelled from outside: the end of a called instance is its caller's business. */
export async function cancelProcess(deps: CommandDeps, caller: Caller, key: Key): Promise<void> {
  await giveToInstance(deps, caller, key, (instance) => {
    if (instance.status !== 'active') throw instanceNotFound(key);
    if (instance.state.parent !== null) {
      throw new AppError(
        'rejection',
        'INSTANCE_NOT_ROOT',
        `Expected to cancel process instance with key '${key}', but it is a child of process instance '${instance.state.parent.instanceKey}'; cancel its root instead`,
      );
    }
    return { type: 'cancel-instance' };
  });
}

export interface VariableChange {
  /** An element instance, or the instance itself. */
  readonly scopeKey: Key;
  readonly variables: Variables;
  readonly isLocal: boolean;
}

const scopeNotFound = (key: Key): AppError =>
  new AppError(
    'not-found',
    'ELEMENT_INSTANCE_NOT_FOUND',
    `Expected to update variables of element instance with key '${key}', but it is not active`,
  );

export async function setVariables(deps: CommandDeps, caller: Caller, change: VariableChange): Promise<void> {
  const { scopeKey, variables, isLocal } = change;
  const instanceKey = await ownerOf(deps, scopeKey);
  if (instanceKey === null) throw scopeNotFound(scopeKey);
  await giveToInstance(deps, caller, instanceKey, (instance) => {
    if (instance.status !== 'active') throw scopeNotFound(scopeKey);
    return { type: 'set-variables', scopeKey, variables, local: isLocal };
  });
}

/** The instance that an active element instance belongs to. */
const ownerOf = (deps: CommandDeps, elementInstanceKey: Key): Promise<Key | null> =>
  deps.transactions.run((tx) => findElementOwner(tx, elementInstanceKey));

export interface AdHocActivation {
  readonly elementInstanceKey: Key;
  readonly elements: readonly { readonly elementId: string; readonly variables: Variables }[];
  readonly cancelsRemaining: boolean;
}

export async function activateAdHoc(deps: CommandDeps, caller: Caller, request: AdHocActivation): Promise<void> {
  const { elementInstanceKey, elements, cancelsRemaining } = request;
  const instanceKey = await ownerOf(deps, elementInstanceKey);
  if (instanceKey === null) throw scopeNotFound(elementInstanceKey);
  await giveToInstance(deps, caller, instanceKey, () => ({
    type: 'activate-ad-hoc-elements',
    elementInstanceKey,
    elementIds: elements.map(({ elementId }) => elementId),
    variables: Object.fromEntries(elements.map(({ elementId, variables }) => [elementId, variables])),
    cancelsRemaining,
  }));
}

/** For operations on a running instance: it must be there, be the caller's, and be active. */
export async function getActiveInstance(tx: Tx, caller: Caller, key: Key): Promise<InstanceRow> {
  const instance = await findInstance(tx, key);
  if (instance === null || !maySee(caller, instance) || instance.status !== 'active') throw instanceNotFound(key);
  return instance;
}

export type OperateRequest = (operations: Operations, tx: Tx) => Promise<void>;

/** Runs an operation on an instance that the caller may touch. */
export async function operate(
  deps: CommandDeps & { readonly operations: Operations },
  caller: Caller,
  key: Key,
  request: OperateRequest,
): Promise<void> {
  await deps.transactions.run(async (tx) => {
    await getActiveInstance(tx, caller, key);
    await request(deps.operations, tx);
  });
}
