// SQL for deployed process definitions. Rows are immutable once written.

import type { ExecutableProcess } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Statements, Tx } from '../../shared/transactions.ts';

export interface DefinitionRow {
  readonly key: Key;
  readonly processId: string;
  readonly version: number;
  readonly contentHash: string;
  readonly model: ExecutableProcess;
}

const COLUMNS = `key, process_id as "processId", version, content_hash as "contentHash", model`;

/** Serialises deployments of one process id, so that two deployers cannot give out the same version. */
export const lockProcessId = (tx: Tx, processId: string): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtextextended('deploy:' || $1, 0))`, [processId]);

export async function findLatestDefinition(tx: Tx, processId: string): Promise<DefinitionRow | null> {
  const { rows } = await tx.query<DefinitionRow>(
    `select ${COLUMNS} from process_definitions where process_id = $1 and deleted_at is null order by version desc limit 1`,
    [processId],
    'definition_latest',
  );
  return rows[0] ?? null;
}

/** Numbers are not given out again after a version was retired. */
export async function findHighestVersion(on: Statements, processId: string): Promise<number> {
  const { rows } = await on.query<{ version: number | null }>(
    `select max(version) as version from process_definitions where process_id = $1`,
    [processId],
  );
  return rows[0]?.version ?? 0;
}

/** Which version new instances run; the row itself never changes and can be remembered by its key. */
export async function findLatestKey(on: Statements, processId: string): Promise<Key | null> {
  const { rows } = await on.query<{ key: Key }>(
    `select key from process_definitions where process_id = $1 and deleted_at is null order by version desc limit 1`,
    [processId],
    'definition_latest_key',
  );
  return rows[0]?.key ?? null;
}

export async function findDefinition(on: Statements, key: Key): Promise<DefinitionRow | null> {
  const { rows } = await on.query<DefinitionRow>(`select ${COLUMNS} from process_definitions where key = $1`, [key]);
  return rows[0] ?? null;
}

export interface NewDefinition {
  readonly key: Key;
  readonly version: number;
  readonly resourceName: string;
  readonly xml: string;
  readonly model: ExecutableProcess;
  readonly deployedAt: Instant;
  readonly deploymentKey: Key;
}

export async function insertDefinition(tx: Tx, row: NewDefinition): Promise<void> {
  await tx.query(
    `insert into process_definitions
       (key, process_id, version, version_tag, name, resource_name, xml, content_hash, model, deployed_at,
       deployment_key)
     values ($1, $2, $3, $4, $5, $6, $7, encode(sha256(convert_to($7, 'UTF8')), 'hex'), $8, $9, $10)`,
    [
      row.key,
      row.model.processId,
      row.version,
      row.model.versionTag,
      row.model.name,
      row.resourceName,
      row.xml,
      JSON.stringify(row.model),
      row.deployedAt,
      row.deploymentKey,
    ],
  );
}

export async function hasSameContent(tx: Tx, definitionKey: Key, resourceName: string, xml: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from process_definitions
     where key = $1 and resource_name = $2 and content_hash = encode(sha256(convert_to($3, 'UTF8')), 'hex')`,
    [definitionKey, resourceName, xml],
  );
  return rowCount > 0;
}

/** The newest version with this tag. */
export async function findTaggedDefinition(
  tx: Tx,
  processId: string,
  versionTag: string,
): Promise<DefinitionRow | null> {
  const { rows } = await tx.query<DefinitionRow>(
    `select ${COLUMNS} from process_definitions where process_id = $1 and version_tag = $2 and deleted_at is null order by version desc limit 1`,
    [processId, versionTag],
  );
  return rows[0] ?? null;
}

/** The version of a process that was deployed together with another definition. */
export async function findDefinitionBeside(tx: Tx, processId: string, otherKey: Key): Promise<DefinitionRow | null> {
  const { rows } = await tx.query<DefinitionRow>(
    `select ${COLUMNS} from process_definitions where process_id = $1
       and deployment_key = (select deployment_key from process_definitions where key = $2)`,
    [processId, otherKey],
  );
  return rows[0] ?? null;
}

export async function findDefinitionVersion(
  on: Statements,
  processId: string,
  version: number,
): Promise<DefinitionRow | null> {
  const { rows } = await on.query<DefinitionRow>(
    `select ${COLUMNS} from process_definitions where process_id = $1 and version = $2 and deleted_at is null`,
    [processId, version],
  );
  return rows[0] ?? null;
}

/** Latest versions (or one of any age) with start events that wait for a condition. */
export async function listConditionalStarts(on: Statements, key: Key | null): Promise<readonly DefinitionRow[]> {
  const { rows } = await on.query<DefinitionRow>(
    `select ${COLUMNS} from process_definitions d
     where deleted_at is null and model -> 'starts' @> '[{"kind": "condition"}]' and case when $1::bigint is null
       then version = (select max(version) from process_definitions o
         where o.process_id = d.process_id and o.deleted_at is null)
       else key = $1 end
     order by key`,
    [key],
  );
  return rows;
}
