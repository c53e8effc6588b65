// Conditions that a route adds to a search because of its path: everything below an instance, the scopes around a task.

import type { Within } from './query.ts';

/** Incidents of the instance and of all instances that it called, directly or not. */
export const withinTree = (instanceKey: string): Within => ({
  sql: (parameters) => `t.instance_key in (
    with recursive tree (key) as (
      select ${parameters.add(instanceKey, 'bigint')}
      union all select i.key from tree join history_instances i on i.parent_key = tree.key)
    select key from tree)`,
});

/** Incidents of the element instance, of what it contains, and of what was called from there. */
export const withinElement = (elementInstanceKey: string): Within => ({
  sql: (parameters) => `t.element_instance_key in (
    with recursive tree (key) as (
      select ${parameters.add(elementInstanceKey, 'bigint')}
      union all
      select below.key from tree cross join lateral (
        select e.key from history_elements e where e.scope_key = tree.key
        union all select i.key from history_instances i where i.parent_element_key = tree.key) below)
    select key from tree)`,
});

const SCOPES = (scope: string): string => `
  with recursive scopes (key, depth) as (
    select ${scope}, 0
    union all
    select e.scope_key, depth + 1 from scopes join history_elements e on e.key = scopes.key
    where e.scope_key is not null)`;

/** Variables of the element instance and of every scope around it. */
export const withinScopesOf = (elementInstanceKey: string): Within => ({
  sql: (parameters) =>
    `v.scope_key in (${SCOPES(parameters.add(elementInstanceKey, 'bigint'))} select key from scopes)`,
});

/** Of each name the variable that the element instance sees: that of the nearest scope. */
export const effectiveOnly = (elementInstanceKey: string): Within => ({
  sql: (parameters) => `(v.scope_key, v.name) in (${SCOPES(parameters.add(elementInstanceKey, 'bigint'))}
    select distinct on (n.name) n.scope_key, n.name from scopes join history_variables n on n.scope_key = scopes.key
    order by n.name, scopes.depth)`,
});

/** What was done to one user task. */
export const withinTask = (taskKey: string): Within => ({
  sql: (parameters) => `t.task_key = ${parameters.add(taskKey, 'bigint')}`,
});

/** Instances that an operator holds. */
export const onlySuspended: Within = { sql: () => 't.suspended_at is not null' };
export const notSuspended: Within = { sql: () => 't.suspended_at is null' };
/** Versions of the same process, without the one that is named. */
export const otherVersionsOf = (definitionKey: string): Within => ({
  sql: (parameters) =>
    `t.key <> ${parameters.add(definitionKey, 'bigint')} and t.deleted_at is null and t.process_id =
     (select process_id from process_definitions where key = ${parameters.add(definitionKey, 'bigint')})`,
});
