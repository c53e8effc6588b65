// SQL for counts and paths: where instances stand, which flows they took, who called them. Bodies of multi-instances and
// the process itself are not counted: people count what they see on the diagram.

import type { Tx } from '../../../shared/transactions.ts';
import { processInstances, waitStates } from '../search/entities/index.ts';
import { compileFilter, type Filter } from '../search/filters.ts';
import { Parameters } from '../search/parameters.ts';
import type { Viewer } from '../search/query.ts';

export interface ElementCounts {
  readonly elementId: string;
  readonly active: number;
  readonly canceled: number;
  readonly incidents: number;
  readonly completed: number;
}

const IS_ON_DIAGRAM = `e.type not in ('PROCESS', 'MULTI_INSTANCE_BODY')`;
const COUNTS = `e.element_id as "elementId",
  count(*) filter (where e.state = 'ACTIVE' and e.incident_key is null)::integer as active,
  count(*) filter (where e.state = 'TERMINATED')::integer as canceled,
  count(*) filter (where e.state = 'ACTIVE' and e.incident_key is not null)::integer as incidents,
  count(*) filter (where e.state = 'COMPLETED')::integer as completed`;

export async function elementCountsOfInstance(
  tx: Tx,
  viewer: Viewer,
  instanceKey: string,
): Promise<readonly ElementCounts[]> {
  const { rows } = await tx.query<ElementCounts>(
    `select ${COUNTS} from history_elements e
     where e.instance_key = $1 and ($2::text is null or e.tenant_id = $2) and ${IS_ON_DIAGRAM}
     group by e.element_id order by e.element_id`,
    [instanceKey, viewer.tenantId],
  );
  return rows;
}

/** Without a filter the counts are kept ready; with one, the elements of the instances that it finds are counted. */
export async function elementCountsOfDefinition(
  tx: Tx,
  viewer: Viewer,
  { definitionKey, filter }: { readonly definitionKey: string; readonly filter: Filter },
): Promise<readonly ElementCounts[]> {
  if (Object.keys(filter).length === 0) return keptCounts(tx, viewer, definitionKey);
  const parameters = new Parameters();
  const conditions = [`t.definition_key = ${parameters.add(definitionKey, 'bigint')}`];
  if (viewer.tenantId !== null) conditions.push(`t.tenant_id = ${parameters.add(viewer.tenantId, 'text')}`);
  conditions.push(...compileFilter(processInstances, filter, parameters));
  const { rows } = await tx.query<ElementCounts>(
    `select ${COUNTS} from history_elements e
     where e.instance_key in (select t.key from ${processInstances.from} where ${conditions.join(' and ')})
       and ${IS_ON_DIAGRAM}
     group by e.element_id order by e.element_id`,
    parameters.values,
  );
  return rows;
}

async function keptCounts(tx: Tx, viewer: Viewer, definitionKey: string): Promise<readonly ElementCounts[]> {
  const { rows } = await tx.query<ElementCounts>(
    `with troubled as (
       select element_id, count(distinct element_instance_key) as incidents from history_incidents
       where definition_key = $1 and state = 'ACTIVE' and ($2::text is null or tenant_id = $2) group by element_id),
     counted as (
       select element_id, sum(active) as active, sum(canceled) as canceled, sum(completed) as completed
       from history_element_counts where definition_key = $1 and ($2::text is null or tenant_id = $2)
       group by element_id)
     select c.element_id as "elementId", (c.active - coalesce(t.incidents, 0))::integer as active,
       c.canceled::integer as canceled, coalesce(t.incidents, 0)::integer as incidents, c.completed::integer as completed
     from counted c left join troubled t using (element_id)
     where c.active > 0 or c.canceled > 0 or c.completed > 0 order by c.element_id`,
    [definitionKey, viewer.tenantId],
  );
  return rows;
}

export interface TakenFlow {
  readonly sequenceFlowId: string;
  readonly processInstanceKey: string;
  readonly rootProcessInstanceKey: string;
  readonly processDefinitionKey: string;
  readonly processDefinitionId: string;
  readonly elementId: string;
  readonly tenantId: string;
}

export async function listTakenFlows(tx: Tx, viewer: Viewer, instanceKey: string): Promise<readonly TakenFlow[]> {
  const { rows } = await tx.query<TakenFlow>(
    `select instance_key || '_' || flow_id as "sequenceFlowId", instance_key as "processInstanceKey",
       root_key as "rootProcessInstanceKey", definition_key as "processDefinitionKey",
       process_id as "processDefinitionId", flow_id as "elementId", '<default>' as "tenantId"
     from history_flows where instance_key = $1 and ($2::text is null or tenant_id = $2) order by flow_id`,
    [instanceKey, viewer.tenantId],
  );
  return rows;
}

export interface Ancestor {
  readonly processInstanceKey: string;
  readonly processDefinitionKey: string;
  readonly processDefinitionName: string;
}

/** From the root down to the instance itself. */
export async function listAncestors(tx: Tx, viewer: Viewer, instanceKey: string): Promise<readonly Ancestor[]> {
  const { rows } = await tx.query<Ancestor>(
    `with recursive up (key, parent_key, definition_key, process_id, tenant_id, depth) as (
       select key, parent_key, definition_key, process_id, tenant_id, 0 from history_instances where key = $1
       union all
       select i.key, i.parent_key, i.definition_key, i.process_id, i.tenant_id, up.depth + 1
       from up join history_instances i on i.key = up.parent_key)
     select up.key as "processInstanceKey", up.definition_key as "processDefinitionKey",
       coalesce(d.name, up.process_id) as "processDefinitionName"
     from up join process_definitions d on d.key = up.definition_key
     where $2::text is null or up.tenant_id = $2 order by up.depth desc`,
    [instanceKey, viewer.tenantId],
  );
  return rows;
}

export async function getDefinitionXml(tx: Tx, key: string): Promise<string | null> {
  const { rows } = await tx.query<{ xml: string }>(`select xml from process_definitions where key = $1`, [key]);
  return rows[0]?.xml ?? null;
}

export interface WaitCount {
  readonly elementId: string;
  readonly waitingCount: number;
}

export async function countWaitsOfInstance(tx: Tx, viewer: Viewer, instanceKey: string): Promise<readonly WaitCount[]> {
  const { rows } = await tx.query<WaitCount>(
    `select t.element_id as "elementId", count(distinct t.element_instance_key)::integer as "waitingCount"
     from ${waitStates.from} where t.instance_key = $1 and ($2::text is null or t.tenant_id = $2)
     group by t.element_id order by t.element_id`,
    [instanceKey, viewer.tenantId],
  );
  return rows;
}

/** The source of a decision, or of the file that it stands in: keys of both kinds are different numbers. */
export async function getDecisionXml(tx: Tx, key: string): Promise<string | null> {
  const { rows } = await tx.query<{ xml: string }>(
    `select xml from decision_requirements where key = $1
       or key = (select requirements_key from decision_definitions where key = $1)`,
    [key],
  );
  return rows[0]?.xml ?? null;
}

/** The form that was linked when the task was created. */
export async function findFormOfTask(tx: Tx, taskKey: string): Promise<string | null> {
  const { rows } = await tx.query<{ formKey: string | null }>(
    `select form_key as "formKey" from user_tasks where key = $1`,
    [taskKey],
  );
  return rows[0]?.formKey ?? null;
}

/** The form that the none start event of the definition means now. */
export async function findFormOfDefinition(tx: Tx, definitionKey: string): Promise<string | null> {
  const { rows } = await tx.query<{ formKey: string }>(
    `select f.key as "formKey" from process_definitions d
     cross join lateral (select d.model -> 'elements' -> (d.model ->> 'startEventId') -> 'startForm' as form) s
     join forms f on f.form_id = s.form ->> 'formId' and f.deleted_at is null
       and (s.form #>> '{binding,kind}' <> 'versionTag' or f.version_tag = s.form #>> '{binding,versionTag}')
       and (s.form #>> '{binding,kind}' <> 'deployment' or f.deployment_key = d.deployment_key)
     where d.key = $1 order by f.version desc limit 1`,
    [definitionKey],
  );
  return rows[0]?.formKey ?? null;
}
