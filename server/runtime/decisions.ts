// Deployed decisions: versions and tags, evaluation for business rule tasks and for callers outside of a process, and the
// history of both. A deployed file never changes, so compiled models are cached by key and need no invalidation.

import {
  type Binding,
  compileDecisions,
  type DecisionModel,
  type DecisionSource,
  type Diagnostic,
  evaluateJson,
  type Json,
  type JsonEvaluation,
  type Variables,
} from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { Key } from '../shared/ids.ts';
import type { Tx } from '../shared/transactions.ts';
import type { KeySource } from './ports.ts';
import {
  type DecisionInstanceRow,
  type DecisionRow,
  type EvaluationRow,
  findDecision,
  findDecisionBeside,
  findEvaluation,
  findLatestDecision,
  findLatestRequirements,
  findRequirements,
  findTaggedDecision,
  insertDecision,
  insertEvaluation,
  insertRequirements,
  listDecisionInstances,
  listDecisions,
  listDecisionsOf,
  listEvaluationsOf,
  listRequirements,
  lockDecisionId,
  type RequirementsRow,
} from './store/decisions.ts';

export interface DeployedDecisions {
  readonly requirements: RequirementsRow;
  readonly decisions: readonly DecisionRow[];
  /** False when the same bytes were the latest version already. */
  readonly isNew: boolean;
}

/** Who asked: null for a caller outside of a process. */
export interface EvaluationOrigin {
  readonly processDefinitionKey: Key;
  readonly instanceKey: Key;
  readonly elementInstanceKey: Key | null;
  readonly elementId: string | null;
}

export interface StoredEvaluation {
  readonly evaluation: EvaluationRow;
  readonly decision: DecisionRow;
  /** In the order of evaluation; the decision that was asked for is the last. */
  readonly instances: readonly (DecisionInstanceRow & { readonly decision: DecisionRow })[];
}

export interface DecisionCatalog {
  /** All decisions of the files, or DEFINITION_INVALID with every problem in `details.problems`. */
  deploy(tx: Tx, files: readonly DecisionSource[], deploymentKey: Key): Promise<readonly DeployedDecisions[]>;
  /** DECISION_NOT_FOUND. `key` is one version, `decisionId` the latest. */
  getDecision(tx: Tx, decision: { readonly key: Key } | { readonly decisionId: string }): Promise<DecisionRow>;
  /** DECISION_NOT_FOUND. The file with its XML. */
  getRequirements(tx: Tx, key: Key): Promise<RequirementsRow>;
  /** The version that a business rule task means; null when there is none. */
  findBound(tx: Tx, call: BoundDecision): Promise<DecisionRow | null>;
  /** Evaluates and keeps the history. A failed evaluation is an answer with `evaluation.failure`, not an error. */
  evaluate(tx: Tx, decision: DecisionRow, input: EvaluationInput): Promise<StoredEvaluation>;
  /** DECISION_NOT_FOUND. */
  getEvaluation(tx: Tx, key: Key): Promise<StoredEvaluation>;
  listEvaluationsOf(tx: Tx, instanceKey: Key): Promise<readonly EvaluationRow[]>;
  listDecisions(tx: Tx, limit: number): Promise<readonly DecisionRow[]>;
  listRequirements(tx: Tx, limit: number): Promise<readonly Omit<RequirementsRow, 'xml' | 'importKeys'>[]>;
}

export interface BoundDecision {
  readonly decisionId: string;
  readonly binding: Binding;
  /** The process definition of the calling instance. */
  readonly processKey: Key;
}

export interface EvaluationInput {
  readonly variables: Variables;
  readonly origin: EvaluationOrigin | null;
}

export interface DecisionDeps {
  readonly clock: Clock;
  readonly keys: KeySource;
}

/** Compiled tables can be large; an installation has some dozens of files. */
const MAX_CACHED_MODELS = 200;

type GetModel = (tx: Tx, requirementsKey: Key) => Promise<DecisionModel>;

export function createDecisionCatalog(deps: DecisionDeps): DecisionCatalog {
  const getModel = cachedModels();
  return {
    deploy: (tx, files, deploymentKey) => deployFiles(tx, deps, files, deploymentKey),
    getDecision: async (tx, wanted) => {
      const row =
        'key' in wanted ? await findDecision(tx, wanted.key) : await findLatestDecision(tx, wanted.decisionId);
      return row ?? refuse('key' in wanted ? `with key '${wanted.key}'` : `with id '${wanted.decisionId}'`);
    },
    getRequirements: async (tx, key) => (await findRequirements(tx, key)) ?? refuse(`file with key '${key}'`),
    findBound,
    evaluate: (tx, decision, input) => evaluate(tx, { ...deps, getModel }, decision, input),
    async getEvaluation(tx, key) {
      const evaluation = (await findEvaluation(tx, key)) ?? refuse(`evaluation with key '${key}'`);
      const decision = (await findDecision(tx, evaluation.decisionKey)) ?? refuse(`of the evaluation '${key}'`);
      const rows = await listDecisionInstances(tx, key);
      const byKey = new Map<Key, DecisionRow>();
      for (const row of await listDecisionsOf(tx, decision.requirementsKey)) byKey.set(row.key, row);
      const instances = rows.map((row) => ({ ...row, decision: byKey.get(row.decisionKey) ?? decision }));
      return { evaluation, decision, instances };
    },
    listEvaluationsOf,
    listDecisions,
    listRequirements,
  };
}

function refuse(what: string): never {
  throw new AppError('not-found', 'DECISION_NOT_FOUND', `Expected a deployed decision ${what}, but there is none`);
}

const invalid = (resourceName: string, problems: readonly Diagnostic[]): AppError =>
  new AppError('rule', 'DEFINITION_INVALID', `${resourceName} cannot be deployed`, {
    details: {
      resourceName,
      problems: problems.map(({ rule, elementId, message, line, column }) => ({
        rule,
        elementId,
        message: `${message} (line ${line}, column ${column})`,
      })),
    },
  });

function cachedModels(): GetModel {
  const models = new Map<Key, DecisionModel>();
  return async (tx, requirementsKey) => {
    const cached = models.get(requirementsKey);
    if (cached !== undefined) return cached;
    const row = (await findRequirements(tx, requirementsKey)) ?? refuse(`file with key '${requirementsKey}'`);
    const library: DecisionSource[] = [];
    for (const key of row.importKeys)
      library.push((await findRequirements(tx, key)) ?? refuse(`file with key '${key}'`));
    const compiled = compileDecisions(row, library);
    if (!compiled.ok) throw invalid(row.resourceName, compiled.error);
    if (models.size >= MAX_CACHED_MODELS) models.clear();
    models.set(requirementsKey, compiled.value);
    return compiled.value;
  };
}

interface CheckedFile {
  readonly source: DecisionSource;
  readonly model: DecisionModel;
}

function checkFiles(files: readonly DecisionSource[]): readonly CheckedFile[] {
  const checked = files.map((source) => {
    const compiled = compileDecisions(
      source,
      files.filter((other) => other !== source),
    );
    if (!compiled.ok) throw invalid(source.resourceName, compiled.error);
    return { source, model: compiled.value };
  });
  const owners = new Map<string, string>();
  for (const { source, model } of checked) {
    for (const id of [model.id, ...model.decisions.map((decision) => decision.id)]) {
      const owner = owners.get(id);
      if (id !== '' && owner === undefined) {
        owners.set(id, source.resourceName);
        continue;
      }
      const message =
        id === '' ? 'A file and its decisions need an id.' : `The id '${id}' is used in ${owner ?? ''} too.`;
      throw invalid(source.resourceName, [
        { rule: 'unique-ids', severity: 'error', elementId: id, message, line: 1, column: 1 },
      ]);
    }
  }
  return checked;
}

/** Imported files first, so that a file knows the keys of what it imports. */
function inImportOrder(files: readonly CheckedFile[]): readonly CheckedFile[] {
  return [...files].sort((a, b) => a.model.importedNamespaces.length - b.model.importedNamespaces.length);
}

async function deployFiles(
  tx: Tx,
  deps: DecisionDeps,
  files: readonly DecisionSource[],
  deploymentKey: Key,
): Promise<readonly DeployedDecisions[]> {
  const ordered = inImportOrder(checkFiles(files));
  const keys = new Map<string, Key>();
  const deployed: DeployedDecisions[] = [];
  for (const file of ordered) {
    const importKeys = file.model.importedNamespaces.map(
      (namespace) => keys.get(namespace) ?? refuse(`in ${namespace}`),
    );
    const one = await deployFile(tx, deps, { ...file, importKeys, deploymentKey });
    keys.set(file.model.namespace, one.requirements.key);
    deployed.push(one);
  }
  return deployed;
}

type FileToDeploy = CheckedFile & { readonly importKeys: readonly Key[]; readonly deploymentKey: Key };

async function deployFile(tx: Tx, deps: DecisionDeps, file: FileToDeploy): Promise<DeployedDecisions> {
  const { source, model, importKeys, deploymentKey } = file;
  await lockDecisionId(tx, model.id);
  const latest = await findLatestRequirements(tx, model.id, source.xml);
  if (latest?.isSame === true && latest.importKeys.join() === importKeys.join()) {
    return { requirements: latest, decisions: await listDecisionsOf(tx, latest.key), isNew: false };
  }
  await deps.keys.reserve(1 + model.decisions.length);
  const requirements: RequirementsRow = {
    key: deps.keys.next(),
    requirementsId: model.id,
    version: (latest?.version ?? 0) + 1,
    name: model.name,
    resourceName: source.resourceName,
    xml: source.xml,
    importKeys,
  };
  await insertRequirements(tx, { ...requirements, deploymentKey, deployedAt: deps.clock.now() });
  const decisions: DecisionRow[] = [];
  for (const { id, name, versionTag } of model.decisions) {
    await lockDecisionId(tx, id);
    const before = await findLatestDecision(tx, id);
    const row: DecisionRow = {
      key: deps.keys.next(),
      decisionId: id,
      version: (before?.version ?? 0) + 1,
      versionTag,
      name,
      requirementsKey: requirements.key,
      requirementsId: requirements.requirementsId,
      requirementsVersion: requirements.version,
    };
    await insertDecision(tx, { ...row, deploymentKey });
    decisions.push(row);
  }
  return { requirements, decisions, isNew: true };
}

async function findBound(tx: Tx, { decisionId, binding, processKey }: BoundDecision): Promise<DecisionRow | null> {
  if (binding.kind === 'versionTag') return findTaggedDecision(tx, decisionId, binding.versionTag ?? '');
  if (binding.kind === 'deployment') return findDecisionBeside(tx, decisionId, processKey);
  return findLatestDecision(tx, decisionId);
}

async function evaluate(
  tx: Tx,
  deps: DecisionDeps & { readonly getModel: GetModel },
  decision: DecisionRow,
  { variables, origin }: EvaluationInput,
): Promise<StoredEvaluation> {
  const model = await deps.getModel(tx, decision.requirementsKey);
  const now = deps.clock.now();
  const evaluated = evaluateJson(model, { decision: decision.decisionId, variables, now });
  if (!evaluated.ok) return refuse(`with id '${decision.decisionId}'`);
  await deps.keys.reserve(1);
  const { output, failure } = evaluated.value;
  const evaluation: EvaluationRow = {
    key: deps.keys.next(),
    evaluatedAt: now,
    decisionKey: decision.key,
    status: failure === null ? 'evaluated' : 'failed',
    output,
    failure: failure?.message ?? null,
    failedDecisionId: failure?.decisionId ?? null,
    processDefinitionKey: origin?.processDefinitionKey ?? null,
    instanceKey: origin?.instanceKey ?? null,
    elementInstanceKey: origin?.elementInstanceKey ?? null,
    elementId: origin?.elementId ?? null,
  };
  const siblings = await listDecisionsOf(tx, decision.requirementsKey);
  const instances = instancesOf(evaluated.value, { evaluation, decision, siblings });
  await insertEvaluation(tx, evaluation, instances);
  return { evaluation, decision, instances };
}

/** Decisions of imported files take part under the key of the decision that asked for them: they have no own row here. */
function instancesOf(
  { decisions }: JsonEvaluation,
  owner: { evaluation: EvaluationRow; decision: DecisionRow; siblings: readonly DecisionRow[] },
): StoredEvaluation['instances'] {
  return decisions.map((trace, index) => {
    const decision = owner.siblings.find(({ decisionId }) => decisionId === trace.decisionId) ?? owner.decision;
    return {
      evaluationKey: owner.evaluation.key,
      ordinal: index + 1,
      decisionKey: decision.key,
      decisionType: trace.type,
      status: trace.failure === null ? 'evaluated' : 'failed',
      failure: trace.failure,
      result: trace.result,
      inputs: trace.inputs,
      matchedRules: trace.matchedRules,
      decision,
    };
  });
}

/** What a business rule task is answered: its result, or the incident to raise. */
export type DecisionAnswer =
  | { readonly ok: true; readonly result: Json }
  | {
      readonly ok: false;
      readonly errorType: 'CALLED_DECISION_ERROR' | 'DECISION_EVALUATION_ERROR';
      readonly message: string;
    };

export async function answerTask(
  tx: Tx,
  catalog: DecisionCatalog,
  call: BoundDecision,
  input: EvaluationInput,
): Promise<DecisionAnswer> {
  const decision = await catalog.findBound(tx, call);
  if (decision === null) {
    const tag = call.binding.kind === 'versionTag' ? ` and version tag '${call.binding.versionTag ?? ''}'` : '';
    const message = `Expected a deployed decision with id '${call.decisionId}'${tag}, but there is none`;
    return { ok: false, errorType: 'CALLED_DECISION_ERROR', message };
  }
  const { evaluation } = await catalog.evaluate(tx, decision, input);
  if (evaluation.status === 'evaluated') return { ok: true, result: evaluation.output };
  const message = `Expected to evaluate decision '${call.decisionId}', but '${evaluation.failedDecisionId ?? ''}' failed: ${evaluation.failure ?? ''}`;
  return { ok: false, errorType: 'DECISION_EVALUATION_ERROR', message };
}
