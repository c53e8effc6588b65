// Operations on many instances: a filter says which, a batch does it in the background. `GET /batch-operations/{key}` (the
// read side) shows how far it is.

import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Entity, incidents, type Json, processInstances, type SearchRequest } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { filterBody } from '../queries/entity-schemas.ts';
import { search } from '../queries/entity-routes.ts';
import { invalidArgument, notFound } from '../problem.ts';
import { Int64Text, KeyParams, KeyText, Strict } from '../schemas.ts';
import { isKey } from '../validation.ts';
import { asCommand, callerOf, keyOf } from './command.ts';
import { MappingInstructions } from './operations.ts';

type Filter = NonNullable<SearchRequest['filter']>;
type BatchType = Parameters<ApiDeps['runtime']['commands']['createBatch']>[1]['type'];

const config = { access: { kind: 'client', scope: 'operate' } } as const;
const PAGE = 1_000;
const MAX_ITEMS = 1_000_000;

const CreatedView = Strict({ batchOperationKey: Type.String(), batchOperationType: Type.String() });
const filter = filterBody(processInstances);
const operationReference = Type.Optional(Int64Text);

const MigrationPlan = Strict({ targetProcessDefinitionKey: KeyText, mappingInstructions: MappingInstructions });
const MoveInstructions = Type.Array(Strict({ sourceElementId: Type.String(), targetElementId: Type.String() }));

export function registerBatchRoutes(app: App, deps: ApiDeps): void {
  registerCreation(app, deps, { noun: 'cancellation', type: 'CANCEL_PROCESS_INSTANCE' });
  registerCreation(app, deps, { noun: 'incident-resolution', type: 'RESOLVE_INCIDENT' });
  registerCreation(app, deps, { noun: 'migration', type: 'MIGRATE_PROCESS_INSTANCE' });
  registerCreation(app, deps, { noun: 'modification', type: 'MODIFY_PROCESS_INSTANCE' });
  registerOneInstance(app, deps);
  registerControl(app, deps);
}

const BODY_OF_TYPE = {
  CANCEL_PROCESS_INSTANCE: Strict({ filter, operationReference }),
  RESOLVE_INCIDENT: Strict({ filter: Type.Optional(filter), operationReference }),
  MIGRATE_PROCESS_INSTANCE: Strict({ filter, migrationPlan: MigrationPlan, operationReference }),
  MODIFY_PROCESS_INSTANCE: Strict({ filter, moveInstructions: MoveInstructions, operationReference }),
} as const satisfies Record<BatchType, unknown>;

interface Body {
  readonly filter?: Filter;
  readonly migrationPlan?: {
    readonly targetProcessDefinitionKey: string;
    readonly mappingInstructions: readonly { readonly sourceElementId: string; readonly targetElementId: string }[];
  };
  readonly moveInstructions?: readonly { readonly sourceElementId: string; readonly targetElementId: string }[];
}

function registerCreation(app: App, deps: ApiDeps, { noun, type }: { noun: string; type: BatchType }): void {
  app.post(
    `/process-instances/${noun}`,
    {
      schema: {
        tags: ['Process instance'],
        operationId: `batch-${noun}`,
        body: BODY_OF_TYPE[type],
        response: { 200: CreatedView },
      },
      config,
    },
    async (request) => {
      const body = request.body as Body; // by the schema of its type
      const plan = planOf(type, body);
      const instances = await collect(deps, request, processInstances, { ...body.filter, state: 'ACTIVE' });
      return create(deps, request, { type, plan, instances });
    },
  );
}

function planOf(type: BatchType, body: Body): Readonly<Record<string, Json>> {
  if (type === 'MIGRATE_PROCESS_INSTANCE') {
    const { targetProcessDefinitionKey = '', mappingInstructions = [] } = body.migrationPlan ?? {};
    return { targetKey: targetProcessDefinitionKey, mapping: mappingInstructions.map((entry) => ({ ...entry })) };
  }
  if (type !== 'MODIFY_PROCESS_INSTANCE') return {};
  const moves = body.moveInstructions ?? [];
  if (moves.length === 0) throw invalidArgument('No moveInstructions provided.');
  return {
    move: moves.map(({ sourceElementId, targetElementId }) => ({
      source: { elementId: sourceElementId },
      targetElementId,
    })),
  };
}

interface Creation {
  readonly type: BatchType;
  readonly plan: Readonly<Record<string, Json>>;
  readonly instances: readonly string[];
}

async function create(deps: ApiDeps, request: FastifyRequest, { type, plan, instances }: Creation) {
  const items =
    type === 'RESOLVE_INCIDENT'
      ? await incidentsOf(deps, request, instances)
      : instances.map((key) => ({ itemKey: keyOf(key), instanceKey: keyOf(key) }));
  const key = await asCommand(
    'CREATE',
    deps.runtime.commands.createBatch(callerOf(deps, request), { type, plan, items }),
  );
  return { batchOperationKey: key, batchOperationType: type };
}

async function incidentsOf(deps: ApiDeps, request: FastifyRequest, instances: readonly string[]) {
  const items = [];
  for (let start = 0; start < instances.length; start += PAGE) {
    const chunk = instances.slice(start, start + PAGE);
    const found = await collectItems(deps, request, incidents, {
      processInstanceKey: { $in: chunk },
      state: 'ACTIVE',
    });
    for (const item of found) {
      items.push({
        itemKey: keyOf(String(item['incidentKey'])),
        instanceKey: keyOf(String(item['processInstanceKey'])),
      });
    }
  }
  return items;
}

const collect = async (deps: ApiDeps, request: FastifyRequest, entity: Entity, wanted: Filter) =>
  (await collectItems(deps, request, entity, wanted)).map((item) => String(item['processInstanceKey']));

async function collectItems(deps: ApiDeps, request: FastifyRequest, entity: Entity, wanted: Filter) {
  const items: Readonly<Record<string, unknown>>[] = [];
  for (let after: string | null = null; ;) {
    const page: SearchRequest['page'] = after === null ? { limit: PAGE } : { limit: PAGE, after };
    const found = await search(deps, request, { entity, request: { filter: wanted, page } });
    items.push(...found.items);
    after = found.page.endCursor ?? null;
    if (found.items.length < PAGE || after === null) return items;
    if (items.length >= MAX_ITEMS) throw invalidArgument(`The filter finds more than ${MAX_ITEMS} items.`);
  }
}

function registerOneInstance(app: App, deps: ApiDeps): void {
  app.post(
    '/process-instances/:processInstanceKey/incident-resolution',
    {
      schema: {
        tags: ['Process instance'],
        operationId: 'resolveProcessInstanceIncidents',
        params: KeyParams('processInstanceKey'),
        response: { 200: CreatedView },
      },
      config,
    },
    async (request) => {
      const key = request.params.processInstanceKey;
      const instances = await collect(deps, request, processInstances, { processInstanceKey: key });
      if (instances.length === 0) throw notFound(`Process instance with key '${key}' not found`);
      return create(deps, request, { type: 'RESOLVE_INCIDENT', plan: {}, instances });
    },
  );
}

function registerControl(app: App, deps: ApiDeps): void {
  for (const [noun, change] of [
    ['cancellation', 'cancel'],
    ['suspension', 'suspend'],
    ['resumption', 'resume'],
  ] as const) {
    app.post(
      `/batch-operations/:batchOperationKey/${noun}`,
      {
        schema: {
          tags: ['Batch operation'],
          operationId: `${change}BatchOperation`,
          // Any text is a key of a batch operation; ours are numbers, so that others do not exist.
          params: Strict({ batchOperationKey: Type.String() }),
        },
        config,
      },
      async (request, reply) => {
        const { batchOperationKey: key } = request.params;
        if (!isKey(key)) throw notFound(`Batch operation with key '${key}' not found`);
        await asCommand(
          change.toUpperCase(),
          deps.runtime.commands.controlBatch(callerOf(deps, request), keyOf(key), change),
        );
        return reply.status(204).send();
      },
    );
  }
}
