// Process instances: start (and perhaps wait for the end), cancel, set variables, resolve incidents.

import { Type } from 'typebox';
import type { Json } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { createInstanceDesk } from '../instance-desk.ts';
import { signalOf } from '../client-signal.ts';
import { DEFAULT_TENANT, ownTenantOf, principalOf, refuseOtherTenants } from '../principal.ts';
import { invalidArgument, Problem } from '../problem.ts';
import { Int, KeyParams, KeyText, Nullable, Strict, VariableMap, Int64Text, numberOf } from '../schemas.ts';
import { asCommand, callerOf, keyOf, OperationBody } from './command.ts';

type Variables = Readonly<Record<string, Json>>;
const tags = ['Process instance'];

const CreateBody = Strict({
  processDefinitionId: Type.Optional(Type.String()),
  processDefinitionKey: Type.Optional(KeyText),
  processDefinitionVersion: Type.Optional(Int),
  variables: Type.Optional(Nullable(VariableMap)),
  tenantId: Type.Optional(Type.String()),
  operationReference: Type.Optional(Int64Text),
  startInstructions: Type.Optional(Nullable(Type.Array(Strict({ elementId: Type.String() })))),
  runtimeInstructions: Type.Optional(
    Nullable(Type.Array(Strict({ type: Type.Optional(Type.String()), afterElementId: Type.String() }))),
  ),
  awaitCompletion: Type.Optional(Nullable(Type.Boolean())),
  fetchVariables: Type.Optional(Nullable(Type.Array(Type.String()))),
  requestTimeout: Type.Optional(Nullable(Int64Text)),
  tags: Type.Optional(Nullable(Type.Array(Type.String()))),
  businessId: Type.Optional(Nullable(Type.String())),
});
type CreateBody = Type.Static<typeof CreateBody>;

const CreatedView = Strict({
  processDefinitionId: Type.String(),
  processDefinitionVersion: Int,
  tenantId: Type.String(),
  variables: VariableMap,
  processDefinitionKey: KeyText,
  processInstanceKey: KeyText,
  tags: Type.Array(Type.String()),
  businessId: Nullable(Type.String()),
});

const TAG = /^[A-Za-z][A-Za-z0-9_\-:.]{0,99}$/;
const MAX_TAGS = 10;
const LONGEST_BUSINESS_ID = 256;
const DEFAULT_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 60 * 60_000;

export function registerInstanceRoutes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  const desk = createInstanceDesk(commands);
  app.addHook('preClose', (done) => {
    desk.close();
    done();
  });
  app.post(
    '/process-instances',
    {
      schema: { tags, operationId: 'createProcessInstance', body: CreateBody, response: { 200: CreatedView } },
      config: { access: { kind: 'client', scope: 'start' } },
    },
    async (request, reply) => {
      const { body } = request;
      refuseOtherTenants([body.tenantId]);
      const signal = signalOf(reply);
      const started = await asCommand(
        'CREATE',
        commands.start(callerOf(deps, request), {
          ...readStart(body),
          tenantId: ownTenantOf(principalOf(request)),
        }),
      );
      const view = {
        processDefinitionId: started.definition.processId,
        processDefinitionVersion: started.definition.version,
        tenantId: DEFAULT_TENANT,
        variables: {},
        processDefinitionKey: started.definition.key,
        processInstanceKey: started.key,
        tags: [...(body.tags ?? [])],
        businessId: body.businessId ?? null,
      };
      if (body.awaitCompletion !== true) return view;
      const outcome = await desk.wait(started.key, waitOf(numberOf(body.requestTimeout)), signal);
      if (outcome === null) {
        throw new Problem(
          'DEADLINE_EXCEEDED',
          `Expected process instance '${started.key}' to complete in time, but it is still running`,
        );
      }
      if (outcome.status === 'terminated') {
        throw new Problem('INVALID_STATE', `Process instance '${started.key}' was terminated before it completed`);
      }
      return { ...view, variables: pick(outcome.variables, body.fetchVariables ?? []) };
    },
  );
  registerCancellation(app, deps);
  registerScopes(app, deps);
}

const waitOf = (requestTimeout: number): number =>
  requestTimeout <= 0 ? DEFAULT_WAIT_MS : Math.min(requestTimeout, LONGEST_WAIT_MS);

const pick = (variables: Variables, names: readonly string[]): Variables =>
  names.length === 0
    ? variables
    : Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));

function readStart(body: CreateBody) {
  const { processDefinitionKey: key, processDefinitionId: id, processDefinitionVersion: version = -1 } = body;
  if (key !== undefined && id !== undefined) {
    throw invalidArgument('Only one of [processDefinitionId, processDefinitionKey] is allowed.');
  }
  if (key === undefined && (id === undefined || id.trim() === '')) {
    throw invalidArgument('At least one of [processDefinitionId, processDefinitionKey] is required.');
  }
  if ((body.runtimeInstructions ?? []).length > 0) {
    // Taking them without doing them would be worse than saying so.
    throw invalidArgument('runtimeInstructions are not supported.');
  }
  const tagged = body.tags ?? [];
  checkTags(tagged);
  const businessId = body.businessId ?? null;
  if (businessId !== null && businessId.length > LONGEST_BUSINESS_ID) {
    throw invalidArgument(`The value for businessId is longer than ${LONGEST_BUSINESS_ID} characters.`);
  }
  return {
    definition:
      key === undefined ? { processId: id ?? '', version: version === -1 ? null : version } : { key: keyOf(key) },
    variables: (body.variables ?? {}) as Variables, // JSON by nature
    startElementIds: (body.startInstructions ?? []).map(({ elementId }) => elementId),
    tags: tagged,
    businessId,
  };
}

function checkTags(given: readonly string[]): void {
  if (given.length > MAX_TAGS) throw invalidArgument(`The value for tags has more than ${MAX_TAGS} entries.`);
  const wrong = given.find((tag) => !TAG.test(tag));
  if (wrong !== undefined) {
    throw invalidArgument(`The provided tag '${wrong.slice(0, 120)}' is not valid. It must match ${TAG.source}.`);
  }
}

function registerCancellation(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  const config = { access: { kind: 'client', scope: 'operate' } } as const;
  app.post(
    '/process-instances/:processInstanceKey/cancellation',
    {
      schema: {
        tags,
        operationId: 'cancelProcessInstance',
        params: KeyParams('processInstanceKey'),
        body: OperationBody,
      },
      config,
    },
    async (request, reply) => {
      const key = keyOf(request.params.processInstanceKey);
      await asCommand('CANCEL', commands.cancel(callerOf(deps, request), key));
      return reply.status(204).send();
    },
  );
  app.post(
    '/process-instances/:processInstanceKey/deletion',
    {
      schema: {
        tags,
        operationId: 'deleteProcessInstance',
        params: KeyParams('processInstanceKey'),
        body: OperationBody,
      },
      config,
    },
    async (request, reply) => {
      const key = keyOf(request.params.processInstanceKey);
      const caller = callerOf(deps, request);
      await asCommand('DELETE', commands.deleteInstance(caller, key));
      // Its own timeline is gone with it, so the log is where it stays.
      request.log.warn({ instanceKey: key, actorId: caller.actorId }, 'The history of an instance was deleted');
      return reply.status(204).send();
    },
  );
  app.post(
    '/incidents/:incidentKey/resolution',
    {
      schema: {
        tags: ['Incident'],
        operationId: 'resolveIncident',
        params: KeyParams('incidentKey'),
        body: OperationBody,
      },
      config,
    },
    async (request, reply) => {
      const key = keyOf(request.params.incidentKey);
      await asCommand('RESOLVE', commands.resolveIncident(callerOf(deps, request), key));
      return reply.status(204).send();
    },
  );
}

function registerScopes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  const config = { access: { kind: 'client', scope: 'operate' } } as const;
  app.put(
    '/element-instances/:elementInstanceKey/variables',
    {
      schema: {
        tags: ['Element instance'],
        operationId: 'createElementInstanceVariables',
        params: KeyParams('elementInstanceKey'),
        body: Strict({
          variables: VariableMap,
          local: Type.Optional(Type.Boolean()),
          operationReference: Type.Optional(Int64Text),
        }),
      },
      config,
    },
    async (request, reply) => {
      const { variables, local = false } = request.body;
      const change = {
        scopeKey: keyOf(request.params.elementInstanceKey),
        variables: variables as Variables, // JSON by nature
        isLocal: local,
      };
      await asCommand('UPDATE', commands.setVariables(callerOf(deps, request), change));
      return reply.status(204).send();
    },
  );
  app.post(
    '/element-instances/ad-hoc-activities/:adHocSubProcessInstanceKey/activation',
    {
      schema: {
        tags: ['Ad-hoc sub-process'],
        operationId: 'activateAdHocSubProcessActivities',
        params: KeyParams('adHocSubProcessInstanceKey'),
        body: Strict({
          elements: Type.Array(Strict({ elementId: Type.String(), variables: Type.Optional(Nullable(VariableMap)) })),
          cancelRemainingInstances: Type.Optional(Type.Boolean()),
        }),
      },
      config,
    },
    async (request, reply) => {
      const { elements, cancelRemainingInstances = false } = request.body;
      if (elements.length === 0) throw invalidArgument('No elements provided.');
      const activation = {
        elementInstanceKey: keyOf(request.params.adHocSubProcessInstanceKey),
        elements: elements.map(({ elementId, variables }) => ({
          elementId,
          variables: (variables ?? {}) as Variables, // JSON by nature
        })),
        cancelsRemaining: cancelRemainingInstances,
      };
      await asCommand('ACTIVATE', commands.activateAdHoc(callerOf(deps, request), activation));
      return reply.status(204).send();
    },
  );
}
