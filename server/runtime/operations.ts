// What operators do to a running instance: change where it stands, carry it to another definition, hold it. Each is one
// command to the engine and, in the same transaction, the rows that follow it.

import {
  type Command,
  type MappingInstruction,
  type MigrationProblem,
  type MigrationProposal,
  previewMigration,
  proposeMigration,
} from '../engine/index.ts';
import type { Key } from '../shared/ids.ts';
import type { Tx } from '../shared/transactions.ts';
import { type ExecuteDeps, executeStep, lockInstanceFor } from './execute.ts';
import { holdJobs, moveRows, releaseJobs } from './store/operations.ts';

type Modification = Omit<Extract<Command, { type: 'modify-instance' }>, 'type'>;

export interface MigrationRequest {
  readonly instanceKey: Key;
  readonly targetKey: Key;
  readonly mapping: readonly MappingInstruction[];
  readonly actorId: string | null;
}

export interface Operations {
  modify(tx: Tx, request: Modification & { readonly instanceKey: Key; readonly actorId: string | null }): Promise<void>;
  migrate(tx: Tx, request: MigrationRequest): Promise<void>;
  /** What stands in the way of `migrate`; empty when nothing does. */
  previewMigration(tx: Tx, request: Omit<MigrationRequest, 'actorId'>): Promise<readonly MigrationProblem[]>;
  /** Elements with the same id and kind; the rest with reasons. */
  proposeMigration(tx: Tx, sourceKey: Key, targetKey: Key): Promise<MigrationProposal>;
  /** Nothing of the instance goes on and no job of it is given out, until it is resumed. */
  suspend(tx: Tx, instanceKey: Key, actorId: string | null): Promise<void>;
  resume(tx: Tx, instanceKey: Key, actorId: string | null): Promise<void>;
}

export const createOperations = (deps: ExecuteDeps): Operations => ({
  async modify(tx, { instanceKey, actorId, ...modification }) {
    const instance = await lockInstanceFor(tx, instanceKey);
    await executeStep(tx, deps, instance, { command: { type: 'modify-instance', ...modification }, actorId });
  },
  migrate: (tx, request) => migrate(tx, deps, request),
  async previewMigration(tx, { instanceKey, targetKey, mapping }) {
    const instance = await lockInstanceFor(tx, instanceKey);
    const source = await deps.definitions.getModel(tx, instance.definitionKey);
    const target = await deps.definitions.getModel(tx, targetKey);
    return previewMigration(instance.state, { source, target, mapping });
  },
  async proposeMigration(tx, sourceKey, targetKey) {
    return proposeMigration(
      await deps.definitions.getModel(tx, sourceKey),
      await deps.definitions.getModel(tx, targetKey),
    );
  },
  async suspend(tx, instanceKey, actorId) {
    const instance = await lockInstanceFor(tx, instanceKey);
    await executeStep(tx, deps, instance, { command: { type: 'suspend-instance' }, actorId });
    await holdJobs(tx, instanceKey);
  },
  async resume(tx, instanceKey, actorId) {
    const instance = await lockInstanceFor(tx, instanceKey);
    await releaseJobs(tx, instanceKey);
    await executeStep(tx, deps, instance, { command: { type: 'resume-instance' }, actorId });
  },
});

/** Rows that are there already are renamed before the step writes those of the target, whose ids may be the same. */
async function migrate(tx: Tx, deps: ExecuteDeps, request: MigrationRequest): Promise<void> {
  const { instanceKey, targetKey, mapping, actorId } = request;
  const instance = await lockInstanceFor(tx, instanceKey);
  const definition = await deps.definitions.getDefinition(tx, targetKey);
  await moveRows(tx, {
    instanceKey,
    definitionKey: targetKey,
    version: definition.version,
    processId: definition.processId,
    mapping,
  });
  const command: Command = {
    type: 'migrate-instance',
    target: definition.model,
    targetKey,
    sourceKey: instance.definitionKey,
    mapping,
  };
  await executeStep(tx, deps, instance, { command, actorId });
}
