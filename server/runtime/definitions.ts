// Deployed process definitions: deploy, and a cache of compiled models. A definition never changes once it is
// deployed, so the cache needs no invalidation; running instances keep the version they began with.

import { compileDefinitions, type ExecutableProcess } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { Key } from '../shared/ids.ts';
import type { Tx } from '../shared/transactions.ts';
import type { KeySource } from './ports.ts';
import {
  type DefinitionRow,
  findDefinition,
  findDefinitionXml,
  findLatestDefinition,
  hasSameContent,
  insertDefinition,
  lockProcessId,
} from './store/definitions.ts';

export interface DeployedProcess {
  readonly key: Key;
  readonly processId: string;
  readonly version: number;
  /** False when the same bytes were the latest version already. */
  readonly isNew: boolean;
}

export interface DefinitionCatalog {
  getLatest(tx: Tx, processId: string): Promise<DefinitionRow>;
  getModel(tx: Tx, key: Key): Promise<ExecutableProcess>;
  getXml(tx: Tx, key: Key): Promise<string>;
  /** All processes of one file, or DEFINITION_INVALID with every problem in `details.problems`. */
  deploy(tx: Tx, resourceName: string, xml: string): Promise<readonly DeployedProcess[]>;
}

export function createDefinitionCatalog(deps: { readonly clock: Clock; readonly keys: KeySource }): DefinitionCatalog {
  const models = new Map<Key, ExecutableProcess>();
  const notFound = (what: string): AppError =>
    new AppError('not-found', 'PROCESS_NOT_FOUND', `Expected a deployed process ${what}`, {
      details: { process: what },
    });

  async function getModel(tx: Tx, key: Key): Promise<ExecutableProcess> {
    const cached = models.get(key);
    if (cached !== undefined) return cached;
    const row = await findDefinition(tx, key);
    if (row === null) throw notFound(key);
    models.set(key, row.model);
    return row.model;
  }

  return {
    getModel,
    async getLatest(tx, processId) {
      const row = await findLatestDefinition(tx, processId);
      if (row === null) throw notFound(processId);
      return row;
    },
    async getXml(tx, key) {
      const xml = await findDefinitionXml(tx, key);
      if (xml === null) throw notFound(key);
      return xml;
    },
    async deploy(tx, resourceName, xml) {
      const compiled = await compileDefinitions(xml);
      if (!compiled.ok) {
        throw new AppError('rule', 'DEFINITION_INVALID', `${resourceName} cannot be deployed`, {
          details: { resourceName, problems: compiled.error },
        });
      }
      const deployed: DeployedProcess[] = [];
      for (const model of compiled.value) {
        deployed.push(await deployProcess(tx, deps, { resourceName, xml, model }));
      }
      return deployed;
    },
  };
}

async function deployProcess(
  tx: Tx,
  deps: { readonly clock: Clock; readonly keys: KeySource },
  file: { readonly resourceName: string; readonly xml: string; readonly model: ExecutableProcess },
): Promise<DeployedProcess> {
  const processId = file.model.processId;
  await lockProcessId(tx, processId);
  const latest = await findLatestDefinition(tx, processId);
  if (latest !== null && (await hasSameContent(tx, latest.key, file.xml))) {
    return { key: latest.key, processId, version: latest.version, isNew: false };
  }
  await deps.keys.reserve(1);
  const key = deps.keys.next();
  const version = (latest?.version ?? 0) + 1;
  await insertDefinition(tx, { ...file, key, version, deployedAt: deps.clock.now() });
  return { key, processId, version, isNew: true };
}
