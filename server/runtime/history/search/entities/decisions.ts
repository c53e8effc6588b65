// Deployed decisions and what they answered. Written by the runtime itself; nothing here is derived from events.

import type { Entity, Field } from '../entity.ts';
import { dateOf, keyOf, maybe, PLAIN_TENANT, plainKeyOf, textOf } from './shared.ts';

export const EVALUATION_STATES = ['EVALUATED', 'FAILED', 'UNSPECIFIED', 'UNKNOWN'] as const;
export const DECISION_TYPES = ['DECISION_TABLE', 'LITERAL_EXPRESSION', 'UNSPECIFIED', 'UNKNOWN'] as const;

const plainText = (sql: string): Field => ({ ...textOf(sql), filter: 'string' });
const plainInt = (sql: string): Field => ({ type: 'int', sql, filter: 'int', isSortable: true });

const isLatest = (table: string, id: string): string =>
  `t.version = (select max(l.version) from ${table} l where l.${id} = t.${id})`;

export const decisionDefinitions: Entity = {
  name: 'decision-definitions',
  from: 'decision_definitions t join decision_requirements r on r.key = t.requirements_key',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: null,
  fields: {
    decisionDefinitionId: plainText('t.decision_id'),
    name: plainText('t.name'),
    version: plainInt('t.version'),
    decisionRequirementsId: plainText('t.requirements_id'),
    decisionRequirementsName: plainText('r.name'),
    decisionRequirementsVersion: plainInt('t.requirements_version'),
    tenantId: PLAIN_TENANT,
    decisionDefinitionKey: plainKeyOf('t.key'),
    decisionRequirementsKey: plainKeyOf('t.requirements_key'),
  },
  filters: { isLatestVersion: { filter: 'bool', sql: isLatest('decision_definitions', 'decision_id') } },
};

export const decisionRequirements: Entity = {
  name: 'decision-requirements',
  from: 'decision_requirements t',
  keys: [{ sql: 't.key', type: 'bigint' }],
  tenant: null,
  fields: {
    decisionRequirementsName: plainText('t.name'),
    version: plainInt('t.version'),
    decisionRequirementsId: plainText('t.requirements_id'),
    resourceName: plainText('t.resource_name'),
    tenantId: PLAIN_TENANT,
    decisionRequirementsKey: plainKeyOf('t.key'),
  },
  filters: { isLatestVersion: { filter: 'bool', sql: isLatest('decision_requirements', 'requirements_id') } },
};

const EVALUATION_KEY = `(t.evaluation_key || '-' || t.ordinal)`;
const TYPE = `case when t.decision_type in ('DECISION_TABLE', 'LITERAL_EXPRESSION') then t.decision_type else 'UNKNOWN' end`;

const EVALUATED: Entity = {
  name: 'decision-instances',
  from: `decision_instances t join decision_evaluations v on v.key = t.evaluation_key
    join decision_definitions d on d.key = t.decision_key join decision_definitions asked on asked.key = v.decision_key
    left join process_instances i on i.key = v.instance_key`,
  keys: [
    { sql: 't.evaluation_key', type: 'bigint' },
    { sql: 't.ordinal', type: 'integer' },
  ],
  // What was evaluated for no instance belongs to no agency.
  tenant: 'i.tenant_id',
  fields: {
    decisionEvaluationInstanceKey: textOf(EVALUATION_KEY),
    state: { type: 'enum', sql: 'upper(t.status)', values: EVALUATION_STATES, filter: 'enumF', isSortable: true },
    evaluationDate: dateOf('v.evaluated_at'),
    evaluationFailure: maybe(plainText('t.failure')),
    decisionDefinitionId: plainText('d.decision_id'),
    decisionDefinitionName: plainText('d.name'),
    decisionDefinitionVersion: plainInt('d.version'),
    decisionDefinitionType: { type: 'enum', sql: TYPE, values: DECISION_TYPES, filter: 'enum', isSortable: true },
    result: { type: 'string', sql: `coalesce(t.result, 'null')::text` },
    tenantId: PLAIN_TENANT,
    decisionEvaluationKey: plainKeyOf('t.evaluation_key'),
    processDefinitionKey: maybe(plainKeyOf('v.process_definition_key')),
    processInstanceKey: maybe(plainKeyOf('v.instance_key')),
    rootProcessInstanceKey: { type: 'key', sql: 'null::bigint', isNullable: true },
    decisionDefinitionKey: keyOf('t.decision_key'),
    elementInstanceKey: maybe(keyOf('v.element_instance_key')),
    rootDecisionDefinitionKey: keyOf('v.decision_key'),
  },
  filters: {
    decisionRequirementsKey: { filter: 'keyF', sql: 'd.requirements_key' },
    decisionDefinitionName: { filter: 'string', sql: 'd.name' },
  },
};
export const decisionInstances = EVALUATED;

const NAMED = (list: string, prefix: string): string => `coalesce((
  select jsonb_agg(jsonb_build_object('${prefix}Id', x ->> 'id', '${prefix}Name', coalesce(x ->> 'name', ''),
    '${prefix}Value', coalesce((x -> 'value')::text, 'null')))
  from jsonb_array_elements(${list}) as x), '[]'::jsonb)`;

/** One evaluation, with what went in and which rules matched. */
export const decisionInstance: Entity = {
  ...EVALUATED,
  fields: {
    ...EVALUATED.fields,
    evaluatedInputs: { type: 'json', sql: NAMED('t.inputs', 'input') },
    matchedRules: {
      type: 'json',
      sql: `coalesce((select jsonb_agg(jsonb_build_object('ruleId', m ->> 'ruleId', 'ruleIndex', m -> 'ruleIndex',
        'evaluatedOutputs', ${NAMED(`m -> 'outputs'`, 'output')})) from jsonb_array_elements(t.matched_rules) as m),
        '[]'::jsonb)`,
    },
  },
};
