// SQL for what is deployed beside processes and decisions: forms, and files of any other kind. Rows are immutable except
// for their retirement.

import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Statements, Tx } from '../../shared/transactions.ts';

export interface FormRow {
  readonly key: Key;
  readonly formId: string;
  readonly version: number;
  readonly resourceName: string;
  readonly schema: string;
}

export interface ResourceRow {
  readonly key: Key;
  readonly resourceId: string;
  readonly version: number;
  readonly resourceName: string;
}

export interface Deployed {
  readonly deploymentKey: Key;
  readonly at: Instant;
}

const FORM = `key, form_id as "formId", version, resource_name as "resourceName", schema`;
const RESOURCE = `key, resource_id as "resourceId", version, resource_name as "resourceName"`;

/** Serialises deployments of one id, so that two deployers cannot give out the same version. */
export const lockResourceId = (tx: Tx, kind: 'form' | 'resource', id: string): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtextextended('deploy-' || $1 || ':' || $2, 0))`, [kind, id]);

/** The latest version, when it has this name and these bytes. */
export async function findSameForm(tx: Tx, form: Omit<FormRow, 'key' | 'version'>): Promise<FormRow | null> {
  const { rows } = await tx.query<FormRow>(
    `select ${FORM} from (select * from forms where form_id = $1 and deleted_at is null order by version desc limit 1) f
     where resource_name = $2 and content_hash = encode(sha256(convert_to($3, 'UTF8')), 'hex')`,
    [form.formId, form.resourceName, form.schema],
  );
  return rows[0] ?? null;
}

export async function insertForm(
  tx: Tx,
  form: Omit<FormRow, 'version'> & { readonly versionTag: string | null },
  deployed: Deployed,
): Promise<FormRow> {
  const { rows } = await tx.query<FormRow>(
    `insert into forms (key, form_id, version, version_tag, resource_name, schema, content_hash, deployment_key,
       deployed_at)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, encode(sha256(convert_to($5, 'UTF8')), 'hex'), $6, $7
     from forms where form_id = $2 returning ${FORM}`,
    [form.key, form.formId, form.versionTag, form.resourceName, form.schema, deployed.deploymentKey, deployed.at],
  );
  return firstOf(rows);
}

export async function findSameResource(
  tx: Tx,
  resource: { readonly resourceId: string; readonly content: Uint8Array },
): Promise<ResourceRow | null> {
  const { rows } = await tx.query<ResourceRow>(
    `select ${RESOURCE} from (
       select * from resources where resource_id = $1 and deleted_at is null order by version desc limit 1) r
     where content_hash = encode(sha256($2), 'hex')`,
    [resource.resourceId, Buffer.from(resource.content)],
  );
  return rows[0] ?? null;
}

export async function insertResource(
  tx: Tx,
  resource: Omit<ResourceRow, 'version'> & { readonly content: Uint8Array },
  deployed: Deployed,
): Promise<ResourceRow> {
  const { rows } = await tx.query<ResourceRow>(
    `insert into resources (key, resource_id, version, resource_name, content, content_hash, deployment_key, deployed_at)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4, encode(sha256($4), 'hex'), $5, $6
     from resources where resource_id = $2 returning ${RESOURCE}`,
    [
      resource.key,
      resource.resourceId,
      resource.resourceName,
      Buffer.from(resource.content),
      deployed.deploymentKey,
      deployed.at,
    ],
  );
  return firstOf(rows);
}

export async function findResourceContent(on: Statements, key: Key): Promise<Uint8Array | null> {
  const { rows } = await on.query<{ content: Uint8Array }>(
    `select content from resources where key = $1 and deleted_at is null`,
    [key],
  );
  return rows[0]?.content ?? null;
}

/** Which kind of thing was retired; null when there is no such thing, or it was retired before. */
export async function retireResource(tx: Tx, key: Key, at: Instant): Promise<'process' | 'form' | 'resource' | null> {
  const { rows } = await tx.query<{ kind: 'process' | 'form' | 'resource' }>(
    `with p as (update process_definitions set deleted_at = $2 where key = $1 and deleted_at is null returning 1),
       f as (update forms set deleted_at = $2 where key = $1 and deleted_at is null returning 1),
       r as (update resources set deleted_at = $2 where key = $1 and deleted_at is null returning 1)
     select 'process' as kind from p union all select 'form' from f union all select 'resource' from r`,
    [key, at],
  );
  return rows[0]?.kind ?? null;
}

function firstOf<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('An insert with returning gave no row');
  return row;
}
