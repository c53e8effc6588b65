// SQL for deployed decision files, their decisions, and the history of evaluations. Deployed rows never change; an
// evaluation and its decisions are written once, in the transaction of the step that asked.

import type { Json } from '../../engine/index.ts';
import type { Key } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';

export interface RequirementsRow {
  readonly key: Key;
  readonly requirementsId: string;
  readonly version: number;
  readonly name: string;
  readonly resourceName: string;
  readonly xml: string;
  /** Every file that it imports, directly or through others. */
  readonly importKeys: readonly Key[];
}

export interface DecisionRow {
  readonly key: Key;
  readonly decisionId: string;
  readonly version: number;
  readonly versionTag: string | null;
  readonly name: string;
  readonly requirementsKey: Key;
  readonly requirementsId: string;
  readonly requirementsVersion: number;
}

const REQUIREMENTS = `key, requirements_id as "requirementsId", version, name, resource_name as "resourceName", xml,
  import_keys as "importKeys"`;
const DECISION = `key, decision_id as "decisionId", version, version_tag as "versionTag", name,
  requirements_key as "requirementsKey", requirements_id as "requirementsId",
  requirements_version as "requirementsVersion"`;

/** Serialises deployments of one id, so that two deployers cannot give out the same version. */
export const lockDecisionId = (tx: Tx, id: string): Promise<unknown> =>
  tx.query(`select pg_advisory_xact_lock(hashtextextended('deploy-decision:' || $1, 0))`, [id]);

export async function findRequirements(tx: Tx, key: Key): Promise<RequirementsRow | null> {
  const { rows } = await tx.query<RequirementsRow>(`select ${REQUIREMENTS} from decision_requirements where key = $1`, [
    key,
  ]);
  return rows[0] ?? null;
}

/** The newest version of a file and whether it has exactly these bytes. */
export async function findLatestRequirements(
  tx: Tx,
  requirementsId: string,
  xml: string,
): Promise<(RequirementsRow & { readonly isSame: boolean }) | null> {
  const { rows } = await tx.query<RequirementsRow & { isSame: boolean }>(
    `select ${REQUIREMENTS}, content_hash = encode(sha256(convert_to($2, 'UTF8')), 'hex') as "isSame"
     from decision_requirements where requirements_id = $1 order by version desc limit 1`,
    [requirementsId, xml],
  );
  return rows[0] ?? null;
}

export async function insertRequirements(
  tx: Tx,
  row: RequirementsRow & { readonly deploymentKey: Key; readonly deployedAt: Instant },
): Promise<void> {
  await tx.query(
    `insert into decision_requirements
       (key, requirements_id, version, name, resource_name, xml, content_hash, import_keys, deployment_key, deployed_at)
     values ($1, $2, $3, $4, $5, $6, encode(sha256(convert_to($6, 'UTF8')), 'hex'), $7, $8, $9)`,
    [
      row.key,
      row.requirementsId,
      row.version,
      row.name,
      row.resourceName,
      row.xml,
      row.importKeys,
      row.deploymentKey,
      row.deployedAt,
    ],
  );
}

export async function insertDecision(tx: Tx, row: DecisionRow & { readonly deploymentKey: Key }): Promise<void> {
  await tx.query(
    `insert into decision_definitions
       (key, decision_id, version, version_tag, name, requirements_key, requirements_id, requirements_version,
        deployment_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.key,
      row.decisionId,
      row.version,
      row.versionTag,
      row.name,
      row.requirementsKey,
      row.requirementsId,
      row.requirementsVersion,
      row.deploymentKey,
    ],
  );
}

async function findOne(tx: Tx, condition: string, values: readonly unknown[]): Promise<DecisionRow | null> {
  const { rows } = await tx.query<DecisionRow>(
    `select ${DECISION} from decision_definitions where ${condition} order by version desc limit 1`,
    values,
  );
  return rows[0] ?? null;
}

export const findDecision = (tx: Tx, key: Key): Promise<DecisionRow | null> => findOne(tx, 'key = $1', [key]);

export const findLatestDecision = (tx: Tx, decisionId: string): Promise<DecisionRow | null> =>
  findOne(tx, 'decision_id = $1', [decisionId]);

/** The newest version with this tag. */
export const findTaggedDecision = (tx: Tx, decisionId: string, versionTag: string): Promise<DecisionRow | null> =>
  findOne(tx, 'decision_id = $1 and version_tag = $2', [decisionId, versionTag]);

/** The version that was deployed together with a process. */
export const findDecisionBeside = (tx: Tx, decisionId: string, processKey: Key): Promise<DecisionRow | null> =>
  findOne(tx, `decision_id = $1 and deployment_key = (select deployment_key from process_definitions where key = $2)`, [
    decisionId,
    processKey,
  ]);

export async function listDecisionsOf(tx: Tx, requirementsKey: Key): Promise<readonly DecisionRow[]> {
  const { rows } = await tx.query<DecisionRow>(
    `select ${DECISION} from decision_definitions where requirements_key = $1 order by key`,
    [requirementsKey],
  );
  return rows;
}

/** Every decision and file in its newest and older versions, newest first; filters belong to the read side. */
export async function listDecisions(tx: Tx, limit: number): Promise<readonly DecisionRow[]> {
  const { rows } = await tx.query<DecisionRow>(
    `select ${DECISION} from decision_definitions order by key desc limit $1`,
    [limit],
  );
  return rows;
}

export async function listRequirements(tx: Tx, limit: number): Promise<readonly Omit<RequirementsRow, 'xml'>[]> {
  const { rows } = await tx.query<Omit<RequirementsRow, 'xml'>>(
    `select key, requirements_id as "requirementsId", version, name, resource_name as "resourceName"
     from decision_requirements order by key desc limit $1`,
    [limit],
  );
  return rows;
}

export type EvaluationStatus = 'evaluated' | 'failed';

export interface EvaluationRow {
  readonly key: Key;
  readonly evaluatedAt: Instant;
  readonly decisionKey: Key;
  readonly status: EvaluationStatus;
  readonly output: Json;
  readonly failure: string | null;
  readonly failedDecisionId: string | null;
  readonly processDefinitionKey: Key | null;
  readonly instanceKey: Key | null;
  readonly elementInstanceKey: Key | null;
  readonly elementId: string | null;
}

export interface EvaluatedInput {
  readonly id: string;
  readonly name: string;
  readonly value: Json;
}

export interface MatchedRule {
  readonly ruleId: string;
  /** From 1. */
  readonly ruleIndex: number;
  readonly outputs: readonly EvaluatedInput[];
}

export interface DecisionInstanceRow {
  readonly evaluationKey: Key;
  /** From 1, in the order of evaluation; the decision that was asked for is the last. */
  readonly ordinal: number;
  readonly decisionKey: Key;
  readonly decisionType: string;
  readonly status: EvaluationStatus;
  readonly failure: string | null;
  readonly result: Json;
  readonly inputs: readonly EvaluatedInput[];
  readonly matchedRules: readonly MatchedRule[];
}

export async function insertEvaluation(
  tx: Tx,
  row: EvaluationRow,
  instances: readonly DecisionInstanceRow[],
): Promise<void> {
  await tx.query(
    `insert into decision_evaluations
       (key, evaluated_at, decision_key, status, output, failure, failed_decision_id, process_definition_key,
        instance_key, element_instance_key, element_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      row.key,
      row.evaluatedAt,
      row.decisionKey,
      row.status,
      JSON.stringify(row.output),
      row.failure,
      row.failedDecisionId,
      row.processDefinitionKey,
      row.instanceKey,
      row.elementInstanceKey,
      row.elementId,
    ],
  );
  const list = instances.map((instance) => ({
    ordinal: instance.ordinal,
    decision_key: instance.decisionKey,
    decision_type: instance.decisionType,
    status: instance.status,
    failure: instance.failure,
    result: instance.result,
    inputs: instance.inputs,
    matched_rules: instance.matchedRules,
  }));
  await tx.query(
    `insert into decision_instances
       (evaluation_key, ordinal, decision_key, decision_type, status, failure, result, inputs, matched_rules)
     select $1, i.* from jsonb_to_recordset($2::jsonb) as i
       (ordinal integer, decision_key bigint, decision_type text, status text, failure text, result jsonb,
        inputs jsonb, matched_rules jsonb)`,
    [row.key, JSON.stringify(list)],
  );
}

const INSTANCE = `evaluation_key as "evaluationKey", ordinal, decision_key as "decisionKey",
  decision_type as "decisionType", status, failure, result, inputs, matched_rules as "matchedRules"`;
const EVALUATION = `key, evaluated_at as "evaluatedAt", decision_key as "decisionKey", status, output, failure,
  failed_decision_id as "failedDecisionId", process_definition_key as "processDefinitionKey",
  instance_key as "instanceKey", element_instance_key as "elementInstanceKey", element_id as "elementId"`;

export async function findEvaluation(tx: Tx, key: Key): Promise<EvaluationRow | null> {
  const { rows } = await tx.query<EvaluationRow>(`select ${EVALUATION} from decision_evaluations where key = $1`, [
    key,
  ]);
  return rows[0] ?? null;
}

export async function listEvaluationsOf(tx: Tx, instanceKey: Key): Promise<readonly EvaluationRow[]> {
  const { rows } = await tx.query<EvaluationRow>(
    `select ${EVALUATION} from decision_evaluations where instance_key = $1 order by key`,
    [instanceKey],
  );
  return rows;
}

export async function listDecisionInstances(tx: Tx, evaluationKey: Key): Promise<readonly DecisionInstanceRow[]> {
  const { rows } = await tx.query<DecisionInstanceRow>(
    `select ${INSTANCE} from decision_instances where evaluation_key = $1 order by ordinal`,
    [evaluationKey],
  );
  return rows;
}
