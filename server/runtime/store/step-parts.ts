// The parts of the statement that writes steps, one per table and kind of change. Each takes its rows as one JSON array
// in one parameter and leaves out those whose instance was not stored, so that a lost race leaves nothing behind.

import type { EngineEvent } from '../../engine/index.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import type { StepWrite, TaskChange } from '../step-rows.ts';

/**
 * A part of the statement: rows of one table, as a JSON array in one parameter. What is stored as JSON text goes in a
 * parameter of its own, a line per row, so that it is not parsed together with the rest and written out again.
 */
export interface StepPart {
  readonly name: string;
  /** A data-modifying statement over the parameters; rows with `i` not among the stored instances are left out. */
  readonly sql: (parameter: string, isStored: (column: string) => string, lines: string) => string;
  /** The rows of one write. */
  readonly rowsOf: (write: StepWrite) => Iterable<unknown>;
  /** JSON without line breaks, one for each row. */
  readonly linesOf?: (write: StepWrite) => Iterable<string>;
}

/** Every write has one of these two. */
export const INSTANCE_PARTS: readonly StepPart[] = [
  {
    name: 'changed',
    sql: (parameter, _, lines) => `update process_instances i set state = s.state::json, status = s.status,
        step = i.step + s.steps, event_count = s.count, ended_at = s.ended
      from rows from (json_to_recordset(${parameter}::json) as (key bigint, expected integer, steps integer,
          count integer, status text, ended timestamptz), string_to_table(${lines}, chr(10)))
        as s (key, expected, steps, count, status, ended, state)
      where i.key = s.key and (s.expected is null or i.step = s.expected) returning i.key, i.step`,
    *rowsOf(write) {
      if (write.begins === null && write.guards.length === 0) yield changeOf(write);
    },
    *linesOf(write) {
      if (write.begins === null && write.guards.length === 0) yield textOf(write.state);
    },
  },
  {
    name: 'changed_by_jobs',
    sql: (parameter, _, lines) => `update process_instances i set state = s.state::json, status = s.status,
        step = i.step + s.steps, event_count = s.count, ended_at = s.ended
      from rows from (jsonb_to_recordset(${parameter}::jsonb) as (key bigint, expected integer, steps integer,
          count integer, status text, ended timestamptz, guards jsonb), string_to_table(${lines}, chr(10)))
        as s (key, expected, steps, count, status, ended, guards, state)
      where i.key = s.key and i.step = s.expected
        and not exists (select 1 from jsonb_to_recordset(s.guards) as g (key bigint, lease uuid)
          where not exists (select 1 from jobs j
            where j.key = g.key and j.status = 'open' and j.lease_token is not distinct from g.lease))
      returning i.key, i.step`,
    *rowsOf(write) {
      if (write.begins === null && write.guards.length > 0) yield { ...changeOf(write), guards: write.guards };
    },
    *linesOf(write) {
      if (write.begins === null && write.guards.length > 0) yield textOf(write.state);
    },
  },
  {
    name: 'begun',
    sql: (parameter, _, lines) => `insert into process_instances (key, definition_key, process_id, version, tenant_id,
        business_key, parent_key, status, state, step, event_count, started_at, ended_at, start_correlation, tags)
      select s.key, s.definition, s.process, s.version, s.tenant, s.business, s.parent, s.status, s.state::json, s.steps,
        s.count, s.started, s.ended, s.correlation, s.tags
      from rows from (json_to_recordset(${parameter}::json) as (key bigint, definition bigint, process text,
          version integer, tenant text, business text, parent bigint, status text, steps integer, count integer,
          started timestamptz, ended timestamptz, correlation text, tags text[]), string_to_table(${lines}, chr(10)))
        as s (key, definition, process, version, tenant, business, parent, status, steps, count, started, ended,
          correlation, tags, state)
      returning key, step`,
    *rowsOf(write) {
      const { state, begins, steps, eventCount } = write;
      if (begins === null) return;
      yield {
        key: state.key,
        definition: begins.definitionKey,
        process: state.processId,
        version: begins.version,
        tenant: begins.tenantId,
        business: begins.businessKey,
        parent: state.parent?.instanceKey ?? null,
        status: state.status,
        steps,
        count: eventCount,
        started: begins.startedAt,
        ended: state.status === 'active' ? null : write.at,
        correlation: begins.startCorrelation,
        tags: begins.tags,
      };
    },
    *linesOf(write) {
      if (write.begins !== null) yield textOf(write.state);
    },
  },
];

const changeOf = ({ state, expectedStep, steps, eventCount, at }: StepWrite): Record<string, unknown> => ({
  key: state.key,
  expected: expectedStep,
  steps,
  count: eventCount,
  status: state.status,
  ended: state.status === 'active' ? null : at,
});

/** A NUL, or half of a surrogate pair, as JSON.stringify writes it; after an even number of backslashes it is no data. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** One line: JSON.stringify escapes line breaks. */
function textOf(value: unknown): string {
  const text = JSON.stringify(value);
  if (text.includes('\\u') && UNSTORABLE.test(text)) {
    throw new AppError('invalid-input', 'TEXT_UNSTORABLE', 'Expected no NUL character and no half of a surrogate pair');
  }
  return text;
}

/** The events of each command as one row. */
const HISTORY_PART: StepPart = {
  name: 'history',
  sql: (parameter, isStored, lines) => `insert into engine_steps (instance_key, first_seq, last_seq, at, actor_id,
        migrated_from, events)
      select b.i, b.first, b.last, b.at, b.actor, b."left", b.events::json
      from rows from (json_to_recordset(${parameter}::json) as (i bigint, first integer, last integer, at timestamptz,
          actor text, "left" bigint), string_to_table(${lines}, chr(10)))
        as b (i, first, last, at, actor, "left", events)
      where ${isStored('b.i')}`,
  *rowsOf({ state, history }) {
    for (const { firstSeq, at, actorId, events } of history) {
      if (events.length === 0) continue;
      const last = firstSeq + events.length - 1;
      yield { i: state.key, first: firstSeq, last, at, actor: actorId, left: definitionLeftBy(events) };
    }
  },
  *linesOf({ history }) {
    for (const { events } of history) if (events.length > 0) yield textOf(events);
  },
};

function definitionLeftBy(events: readonly EngineEvent[]): Key | null {
  for (const event of events) if (event.type === 'instance-migrated') return event.sourceKey;
  return null;
}

/** The version of a linked form that its binding means at this moment. */
const FORM_KEY = `select f.key from forms f where f.form_id = t.form ->> 'formId' and f.deleted_at is null
          and (t.form #>> '{binding,kind}' <> 'versionTag' or f.version_tag = t.form #>> '{binding,versionTag}')
          and (t.form #>> '{binding,kind}' <> 'deployment' or f.deployment_key = (
            select d.deployment_key from process_definitions d where d.key = coalesce(t."definitionKey",
              (select p.definition_key from process_instances p where p.key = t."instanceKey"))))
          order by f.version desc limit 1`;

/** How a write of steps changes the tasks of its instances. */
const TASK_PARTS: readonly StepPart[] = [
  {
    name: 'new_tasks',
    sql: (parameter, isStored) => `insert into user_tasks (key, instance_key, element_instance_key, element_id,
        process_id, tenant_id, business_key, name, form_reference, headers, status, assignee, candidate_groups,
        candidate_users, due_at, follow_up_at, priority, created_at, ended_at, completed_by, form_key)
      select t.key, t."instanceKey", t."elementInstanceKey", t."elementId", t."processId", t."tenantId",
        t."businessKey", t.name, t."formReference", coalesce(t.headers, '{}'), t.status, t.assignee,
        coalesce(t."candidateGroups", '{}'), coalesce(t."candidateUsers", '{}'), t."dueAt", t."followUpAt", t.priority, t."createdAt", t."endedAt", t."completedBy",
        case when t.form is not null then (${FORM_KEY}) end
      from json_to_recordset(${parameter}::json) as t (key bigint, "instanceKey" bigint,
        "elementInstanceKey" bigint, "elementId" text, "processId" text, "tenantId" text, "businessKey" text,
        name text, "formReference" text, headers jsonb, status text, assignee text, "candidateGroups" text[],
        "candidateUsers" text[], "dueAt" timestamptz, "followUpAt" timestamptz, priority integer,
        "createdAt" timestamptz, "endedAt" timestamptz, "completedBy" text, form jsonb, "definitionKey" bigint)
      where ${isStored('t."instanceKey"')}`,
    *rowsOf({ begins, rows }) {
      for (const task of rows.tasks.values()) yield withoutEmpty({ ...task, definitionKey: begins?.definitionKey });
    },
  },
  {
    name: 'ended_tasks',
    sql: (parameter, isStored) => `update user_tasks t set status = c.status, ended_at = c.at, completed_by = c.by
      from json_to_recordset(${parameter}::json) as c (i bigint, key bigint, status text, at timestamptz, by text)
      where t.key = c.key and ${isStored('c.i')}`,
    *rowsOf({ state, rows }) {
      for (const [key, change] of rows.taskChanges) {
        if (!isOnlyEnded(change)) continue;
        yield { i: state.key, key, status: change.status, at: change.endedAt, by: change.completedBy };
      }
    },
  },
  {
    // What a listener or late handling changed; what it did not name stays.
    name: 'changed_tasks',
    sql: (
      parameter,
      isStored,
    ) => `update user_tasks t set status = coalesce(c.status, t.status), ended_at = c."endedAt",
        completed_by = c."completedBy", assignee = case when c.corrections ? 'assignee' then k.assignee else t.assignee end,
        claimed_at = case when c."isTakenAway" then null else t.claimed_at end,
        candidate_groups = coalesce(k."candidateGroups", t.candidate_groups),
        candidate_users = coalesce(k."candidateUsers", t.candidate_users),
        due_at = case when c.corrections ? 'dueAt' then k."dueAt" else t.due_at end,
        follow_up_at = case when c.corrections ? 'followUpAt' then k."followUpAt" else t.follow_up_at end,
        priority = coalesce(k.priority, t.priority)
      from jsonb_to_recordset(${parameter}::jsonb) as c (i bigint, key bigint, status text, "endedAt" timestamptz,
          "completedBy" text, "isTakenAway" boolean, corrections jsonb),
        jsonb_to_record(c.corrections) as k (assignee text, "candidateGroups" text[], "candidateUsers" text[],
          "dueAt" timestamptz, "followUpAt" timestamptz, priority integer)
      where t.key = c.key and t.status in ('creating', 'open') and ${isStored('c.i')}`,
    *rowsOf({ state, rows }) {
      for (const [key, change] of rows.taskChanges) {
        if (!isOnlyEnded(change)) yield { i: state.key, key, ...change, corrections: change.corrections ?? {} };
      }
    },
  },
];

/** Decoding a value costs the database as much as storing it, and most of these columns are empty. */
function withoutEmpty(row: object): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) if (!isEmpty(value)) kept[name] = value;
  return kept;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

const isOnlyEnded = (change: TaskChange): boolean =>
  change.corrections === undefined && (change.status === 'completed' || change.status === 'cancelled');

/** How a write of steps changes the jobs of its instances. */
const JOB_PARTS: readonly StepPart[] = [
  {
    name: 'new_jobs',
    sql: (parameter, isStored) => `insert into jobs (key, kind, instance_key, element_instance_key, element_id, type,
        headers, payload, status, retries, priority, due_at, offered_at, created_at, ended_at)
      select j.key, j.kind, j."instanceKey", j."elementInstanceKey", j."elementId", j.type, j.headers, j.payload,
        j.status, j.retries, coalesce(j.priority, 0), j."dueAt", case when j."isOffered" then clock_timestamp() end, j."createdAt", j."endedAt"
      from jsonb_to_recordset(${parameter}::jsonb) as j (i bigint, key bigint, kind text, "instanceKey" bigint,
        "elementInstanceKey" bigint, "elementId" text, type text, headers jsonb, payload jsonb, status text,
        retries integer, priority integer, "dueAt" timestamptz, "isOffered" boolean, "createdAt" timestamptz,
        "endedAt" timestamptz)
      where ${isStored('j.i')}`,
    *rowsOf({ state, rows }) {
      // `i` is the instance that is written; the job may act on another one (the parent, the child).
      for (const job of rows.jobs.values()) yield { i: state.key, ...job };
    },
  },
  {
    name: 'changed_jobs',
    sql: (parameter, isStored) => `update jobs j set status = coalesce(c.status, j.status),
        retries = coalesce(c.retries, j.retries),
        lease_token = case when c.status is null then j.lease_token end,
        leased_until = case when c.status is null then j.leased_until end,
        deadline_at = case when c.status is null then j.deadline_at end,
        ended_at = case when c.status is null then j.ended_at else c."endedAt" end,
        not_before = case when c."isReopened" then clock_timestamp() else j.not_before end,
        offered_at = case when c."isReopened" then clock_timestamp() else j.offered_at end
      from jsonb_to_recordset(${parameter}::jsonb) as c (i bigint, key bigint, status text, retries integer,
        "isReopened" boolean, "endedAt" timestamptz)
      where j.key = c.key and ${isStored('c.i')}
        and (c.status is null or j.status = case when c."isReopened" then 'failed' else 'open' end)`,
    *rowsOf({ state, rows }) {
      for (const [key, change] of rows.jobChanges) yield { i: state.key, key, ...change };
    },
  },
];

/** How a write of steps changes subscriptions. Those to messages are opened elsewhere, under their lock. */
const SUBSCRIPTION_PARTS: readonly StepPart[] = [
  {
    name: 'new_signals',
    sql: (parameter, isStored) => `insert into signal_subscriptions (key, instance_key, element_instance_key,
        element_id, signal_name, created_at)
      select s.key, s."instanceKey", s."elementInstanceKey", s."elementId", s."signalName", s.at
      from jsonb_to_recordset(${parameter}::jsonb) as s (key bigint, "instanceKey" bigint,
        "elementInstanceKey" bigint, "elementId" text, "signalName" text, at timestamptz)
      where ${isStored('s."instanceKey"')}`,
    *rowsOf({ at, rows }) {
      for (const signal of rows.signals.values()) yield { ...signal, at };
    },
  },
  {
    name: 'closed_messages',
    sql: (parameter, isStored) => deleteSql('message_subscriptions', parameter, isStored),
    rowsOf: (write) => closedOf(write),
  },
  {
    name: 'closed_signals',
    sql: (parameter, isStored) => deleteSql('signal_subscriptions', parameter, isStored),
    rowsOf: (write) => closedOf(write),
  },
];

const deleteSql = (table: string, parameter: string, isStored: (column: string) => string): string =>
  `delete from ${table} m using jsonb_to_recordset(${parameter}::jsonb) as c (i bigint, key bigint)
   where m.key = c.key and ${isStored('c.i')}`;

function* closedOf({ state, rows }: StepWrite): Iterable<unknown> {
  for (const key of rows.closedSubscriptions) yield { i: state.key, key };
}

/** People are told once; who they are is known by the task. */
const NOTICE_PART: StepPart = {
  name: 'notices',
  sql: (
    parameter,
    isStored,
  ) => `insert into notices (key, kind, instance_key, task_key, element_id, task_name, tenant_id,
        business_key, recipients, created_at)
      select n.key, n.kind, n."instanceKey", n."taskKey", n."elementId", t.name, n."tenantId", n."businessKey",
        case when n."to" is not null then array[n."to"] when t.assignee is not null then array[t.assignee]
          else t.candidate_users || t.candidate_groups end, n."createdAt"
      from jsonb_to_recordset(${parameter}::jsonb) as n (key bigint, kind text, "instanceKey" bigint, "taskKey" bigint,
        "elementId" text, "tenantId" text, "businessKey" text, "to" text, "createdAt" timestamptz)
      join user_tasks t on t.key = n."taskKey"
      where ${isStored('n."instanceKey"')}`,
  rowsOf: ({ rows }) => rows.notices,
};

/** How a write of steps changes incidents. */
const INCIDENT_PARTS: readonly StepPart[] = [
  {
    name: 'new_incidents',
    sql: (parameter, isStored) => `insert into incidents (key, instance_key, element_instance_key, element_id,
        error_type, message, job_key, status, created_at, resolved_at)
      select n.key, n."instanceKey", n."elementInstanceKey", n."elementId", n."errorType", n.message, n."jobKey",
        case when n."resolvedAt" is null then 'active' else 'resolved' end, n."createdAt", n."resolvedAt"
      from jsonb_to_recordset(${parameter}::jsonb) as n (key bigint, "instanceKey" bigint,
        "elementInstanceKey" bigint, "elementId" text, "errorType" text, message text, "jobKey" bigint,
        "createdAt" timestamptz, "resolvedAt" timestamptz)
      where ${isStored('n."instanceKey"')}`,
    rowsOf: ({ rows }) => rows.incidents.values(),
  },
  {
    name: 'resolved_incidents',
    sql: (parameter, isStored) => `update incidents n set status = 'resolved', resolved_at = c.at
      from jsonb_to_recordset(${parameter}::jsonb) as c (i bigint, key bigint, at timestamptz)
      where n.key = c.key and ${isStored('c.i')}`,
    *rowsOf({ state, rows }) {
      for (const [key, at] of rows.resolvedIncidents) yield { i: state.key, key, at };
    },
  },
];

export const PARTS: readonly StepPart[] = [
  HISTORY_PART,
  ...TASK_PARTS,
  ...JOB_PARTS,
  ...SUBSCRIPTION_PARTS,
  ...INCIDENT_PARTS,
  NOTICE_PART,
];
