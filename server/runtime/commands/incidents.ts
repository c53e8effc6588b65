// An operator says that the cause of an incident is gone.

import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import { findIncidentOwner } from '../store/incidents.ts';
import { type Caller, giveToInstance, type CommandDeps } from './caller.ts';

const incidentNotFound = (key: Key): AppError =>
  new AppError(
    'not-found',
    'INCIDENT_NOT_FOUND',
    `Expected to resolve incident with key '${key}', but no such incident was found`,
  );

/** INSTANCE_COMMAND_REJECTED when its job has no retries: they come first. */
export async function resolveIncident(deps: CommandDeps, caller: Caller, key: Key): Promise<void> {
  const owner = await deps.transactions.run((tx) => findIncidentOwner(tx, key));
  if (owner === null) throw incidentNotFound(key);
  const { instanceKey, jobType } = owner;
  try {
    await giveToInstance(deps, caller, instanceKey, () => ({ type: 'resolve-incident', incidentKey: key }));
  } catch (error) {
    throw error instanceof AppError && error.kind === 'not-found' ? incidentNotFound(key) : error;
  }
  if (jobType !== null) deps.announce?.({ jobTypes: [jobType], endedInstances: [] });
}
