// Decisions, expressions and conditions of start events, evaluated from outside of a process.

import { Type } from 'typebox';
import type { Commands, Json } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { DEFAULT_TENANT, ownTenantOf, principalOf, refuseOtherTenants } from '../principal.ts';
import { invalidArgument } from '../problem.ts';
import { Int, KeyText, Nullable, Strict, VariableMap } from '../schemas.ts';
import { asCommand, callerOf, keyOf } from './command.ts';

type Variables = Readonly<Record<string, Json>>;
type Stored = Awaited<ReturnType<Commands['evaluateDecision']>>;

const config = { access: { kind: 'client', scope: 'start' } } as const;
const tenantId = Type.String();

const Named = (prefix: 'input' | 'output') =>
  Type.Array(
    Type.Object({
      [`${prefix}Id`]: Type.String(),
      [`${prefix}Name`]: Type.String(),
      [`${prefix}Value`]: Type.String(),
    }),
  );

const DecisionView = Strict({
  decisionDefinitionId: Type.String(),
  decisionDefinitionKey: KeyText,
  decisionDefinitionName: Type.String(),
  decisionDefinitionVersion: Int,
  decisionEvaluationKey: KeyText,
  decisionInstanceKey: KeyText,
  decisionRequirementsId: Type.String(),
  decisionRequirementsKey: KeyText,
  evaluatedDecisions: Type.Array(
    Strict({
      decisionDefinitionId: Type.String(),
      decisionDefinitionName: Type.String(),
      decisionDefinitionVersion: Int,
      decisionDefinitionType: Type.String(),
      output: Type.String(),
      tenantId,
      matchedRules: Type.Array(Strict({ ruleId: Type.String(), ruleIndex: Int, evaluatedOutputs: Named('output') })),
      evaluatedInputs: Named('input'),
      decisionDefinitionKey: KeyText,
      decisionEvaluationInstanceKey: Type.String(),
    }),
  ),
  failedDecisionDefinitionId: Nullable(Type.String()),
  failureMessage: Nullable(Type.String()),
  output: Type.String(),
  tenantId,
});

export function registerEvaluationRoutes(app: App, deps: ApiDeps): void {
  app.post(
    '/decision-definitions/evaluation',
    {
      schema: {
        tags: ['Decision definition'],
        operationId: 'evaluateDecision',
        body: Strict({
          decisionDefinitionId: Type.Optional(Type.String()),
          decisionDefinitionKey: Type.Optional(KeyText),
          variables: Type.Optional(Nullable(VariableMap)),
          tenantId: Type.Optional(tenantId),
        }),
        response: { 200: DecisionView },
      },
      config,
    },
    async ({ body }) => {
      refuseOtherTenants([body.tenantId]);
      const { decisionDefinitionId: id, decisionDefinitionKey: key } = body;
      if (key !== undefined && id !== undefined) {
        throw invalidArgument('Only one of [decisionDefinitionId, decisionDefinitionKey] is allowed.');
      }
      if (key === undefined && (id === undefined || id.trim() === '')) {
        throw invalidArgument('At least one of [decisionDefinitionId, decisionDefinitionKey] is required.');
      }
      const wanted = key === undefined ? { decisionId: id ?? '' } : { key: keyOf(key) };
      const variables = (body.variables ?? {}) as Variables; // JSON by nature
      return decisionView(await asCommand('EVALUATE', deps.runtime.commands.evaluateDecision(wanted, variables)));
    },
  );
  registerExpression(app, deps);
  registerConditions(app, deps);
}

const jsonText = (value: Json): string => JSON.stringify(value);

function decisionView({ evaluation, decision, instances }: Stored) {
  return {
    decisionDefinitionId: decision.decisionId,
    decisionDefinitionKey: decision.key,
    decisionDefinitionName: decision.name,
    decisionDefinitionVersion: decision.version,
    decisionEvaluationKey: evaluation.key,
    decisionInstanceKey: evaluation.key,
    decisionRequirementsId: decision.requirementsId,
    decisionRequirementsKey: decision.requirementsKey,
    evaluatedDecisions: instances.map((instance) => ({
      decisionDefinitionId: instance.decision.decisionId,
      decisionDefinitionName: instance.decision.name,
      decisionDefinitionVersion: instance.decision.version,
      decisionDefinitionType: instance.decisionType,
      output: jsonText(instance.result),
      tenantId: DEFAULT_TENANT,
      matchedRules: instance.matchedRules.map(({ ruleId, ruleIndex, outputs }) => ({
        ruleId,
        ruleIndex,
        evaluatedOutputs: outputs.map(({ id, name, value }) => ({
          outputId: id,
          outputName: name,
          outputValue: jsonText(value),
        })),
      })),
      evaluatedInputs: instance.inputs.map(({ id, name, value }) => ({
        inputId: id,
        inputName: name,
        inputValue: jsonText(value),
      })),
      decisionDefinitionKey: instance.decision.key,
      decisionEvaluationInstanceKey: `${evaluation.key}-${instance.ordinal}`,
    })),
    failedDecisionDefinitionId: evaluation.failedDecisionId,
    failureMessage: evaluation.failure,
    output: jsonText(evaluation.output),
    tenantId: DEFAULT_TENANT,
  };
}

function registerExpression(app: App, deps: ApiDeps): void {
  app.post(
    '/expression/evaluation',
    {
      schema: {
        tags: ['Expression'],
        operationId: 'evaluateExpression',
        body: Strict({
          expression: Type.String({ maxLength: 100_000 }),
          variables: Type.Optional(Nullable(VariableMap)),
          tenantId: Type.Optional(tenantId),
        }),
        response: {
          200: Strict({
            expression: Type.String(),
            result: Type.Unsafe<Json>({}),
            warnings: Type.Array(Strict({ message: Type.String() })),
          }),
        },
      },
      config,
    },
    async ({ body }) => {
      refuseOtherTenants([body.tenantId]);
      const { expression } = body;
      if (expression.trim() === '') throw invalidArgument('No expression provided.');
      const variables = (body.variables ?? {}) as Variables; // JSON by nature
      const evaluate = async () => deps.runtime.commands.evaluateExpression(expression, variables);
      const { result, warnings } = await asCommand('EVALUATE', evaluate());
      return { expression, result, warnings: warnings.map((message) => ({ message })) };
    },
  );
}

function registerConditions(app: App, deps: ApiDeps): void {
  app.post(
    '/conditionals/evaluation',
    {
      schema: {
        tags: ['Conditional'],
        operationId: 'evaluateConditionals',
        body: Strict({
          variables: VariableMap,
          processDefinitionKey: Type.Optional(Nullable(KeyText)),
          tenantId: Type.Optional(tenantId),
        }),
        response: {
          200: Strict({
            conditionalEvaluationKey: KeyText,
            tenantId,
            processInstances: Type.Array(Strict({ processDefinitionKey: KeyText, processInstanceKey: KeyText })),
          }),
        },
      },
      config,
    },
    async (request) => {
      const { variables, processDefinitionKey: key, tenantId: tenant } = request.body;
      refuseOtherTenants([tenant]);
      const started = await asCommand(
        'EVALUATE',
        deps.runtime.commands.evaluateConditions(callerOf(deps, request), {
          variables: variables as Variables, // JSON by nature
          definitionKey: key === undefined || key === null ? null : keyOf(key),
          tenantId: ownTenantOf(principalOf(request)),
        }),
      );
      return {
        conditionalEvaluationKey: await deps.runtime.commands.nextKey(),
        tenantId: DEFAULT_TENANT,
        processInstances: started.map(({ definitionKey, instanceKey }) => ({
          processDefinitionKey: definitionKey,
          processInstanceKey: instanceKey,
        })),
      };
    },
  );
}
