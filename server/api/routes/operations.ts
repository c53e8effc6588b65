// The operators' pages: flows of the own agency by state, one of them on its diagram, preview and execution of changes.
// Reads come from the read model, which has caught up before it answers.

import { Type } from 'typebox';
import { changeInstance, listInstanceChanges, previewInstanceChange } from '../../flow/index.ts';
import {
  cutVariables,
  elementCountsOfInstance,
  elementInstances,
  getDefinitionXml,
  type History,
  incidents,
  listTakenFlows,
  notSuspended,
  onlySuspended,
  otherVersionsOf,
  processDefinitions,
  processInstances,
  type SearchRequest,
  type Viewer,
  type Within,
} from '../../runtime/index.ts';
import { AppError } from '../../shared/app-error.ts';
import { asId, type Key as EngineKey } from '../../shared/ids.ts';
import {
  ChangeBody,
  ChangePreview,
  InstanceChange,
  InstanceList,
  InstanceQueue,
  InstanceView,
  Key,
  strict,
} from '../contract/index.ts';
import { instanceSummary, instanceView } from '../operation-views.ts';
import { actorOf } from '../plugins/access.ts';
import { runCommand } from '../plugins/idempotency.ts';
import type { ApiDeps, App } from '../types.ts';

const access = { kind: 'role', roles: ['admin'] } as const;
const params = Type.Object({ key: Key }, strict);
const ListQuery = Type.Object(
  {
    queue: InstanceQueue,
    processId: Type.Optional(Type.String({ maxLength: 200 })),
    after: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  strict,
);
const PAGE_SIZE = 50;
const MAX_ROWS = 1000;

type Queue = InstanceQueue;

export function registerOperationRoutes(app: App, deps: ApiDeps): void {
  app.get(
    '/api/operations/instances',
    { schema: { querystring: ListQuery, response: { 200: InstanceList } }, config: { access } },
    (request) => listInstances(deps.runtime.history, viewerOf(actorOf(request)), request.query),
  );

  app.get(
    '/api/operations/instances/:key',
    { schema: { params, response: { 200: InstanceView } }, config: { access } },
    (request) => readInstance(deps, viewerOf(actorOf(request)), asId<EngineKey>(request.params.key)),
  );

  app.post(
    '/api/operations/instances/:key/previews',
    {
      schema: { params, body: Type.Object({ change: InstanceChange }, strict), response: { 200: ChangePreview } },
      config: { access },
    },
    async (request) => {
      const instanceKey = asId<EngineKey>(request.params.key);
      const change = changeOf(request.body.change);
      const { problems, effects } = await previewInstanceChange(deps.files, actorOf(request), { instanceKey, change });
      return { problems: [...problems], effects: [...effects] };
    },
  );

  app.post(
    '/api/operations/instances/:key/changes',
    { schema: { params, body: ChangeBody }, config: { access } },
    async (request, reply) => {
      const instanceKey = asId<EngineKey>(request.params.key);
      const { change, reason } = request.body;
      await runCommand(deps, { request, reply }, async (tx) => {
        await changeInstance(tx, deps.files, actorOf(request), { instanceKey, change: changeOf(change), reason });
        return { status: 204, body: null };
      });
      return reply.status(204).send();
    },
  );
}

const viewerOf = (actor: { readonly agencyId: string }): Viewer => ({ tenantId: actor.agencyId });

function changeOf(change: InstanceChange) {
  switch (change.kind) {
    case 'move':
      return { ...change, fromKey: asId<EngineKey>(change.fromKey) };
    case 'migrate':
      return { ...change, definitionKey: asId<EngineKey>(change.definitionKey) };
    default:
      return change;
  }
}

interface QueueQuestion {
  readonly filter: NonNullable<SearchRequest['filter']>;
  readonly within?: Within;
}

const QUEUES: Readonly<Record<Queue, QueueQuestion>> = {
  active: { filter: { state: 'ACTIVE' }, within: notSuspended },
  incident: { filter: { state: 'ACTIVE', hasIncident: true } },
  suspended: { filter: { state: 'ACTIVE' }, within: onlySuspended },
  completed: { filter: { state: 'COMPLETED' } },
  terminated: { filter: { state: 'TERMINATED' } },
};

async function listInstances(
  history: History,
  viewer: Viewer,
  { queue, processId, after }: { readonly queue: Queue; readonly processId?: string; readonly after?: string },
): Promise<InstanceList> {
  const ask = (name: Queue, page: SearchRequest['page']) => {
    const { filter, within } = QUEUES[name];
    const request: SearchRequest = {
      filter: { ...filter, ...(processId !== undefined && { processDefinitionId: processId }) },
      sort: [{ field: 'startDate', order: 'DESC' }],
      page: page ?? {},
    };
    return history.search(processInstances, viewer, { request, ...(within && { within }) });
  };
  const found = await ask(queue, { limit: PAGE_SIZE, ...(after !== undefined && { after }) });
  const counts: InstanceList['counts'] = [];
  for (const name of Object.keys(QUEUES) as Queue[] /* the keys of a total record */) {
    const { totalItems, hasMoreTotalItems } = (await ask(name, { limit: 0 })).page;
    counts.push({ queue: name, count: totalItems, isMore: hasMoreTotalItems });
  }
  const isSuspended = queue === 'suspended';
  return {
    items: found.items.map((item) => instanceSummary(item, isSuspended)),
    counts,
    next: found.items.length === PAGE_SIZE ? found.page.endCursor : null,
  };
}

async function readInstance(deps: ApiDeps, viewer: Viewer, key: EngineKey): Promise<InstanceView> {
  const { history } = deps.runtime;
  const item = await history.find(processInstances, viewer, key);
  if (item === null) throw new AppError('not-found', 'INSTANCE_NOT_FOUND', `Expected an instance with key ${key}`);
  const ofInstance = (sort: string) => ({
    request: {
      filter: { processInstanceKey: key },
      sort: [{ field: sort, order: 'DESC' }],
      page: { limit: MAX_ROWS },
    },
  });
  const definitionKey = asId<EngineKey>(String(item['processDefinitionKey']));
  const [steps, troubles, variables, versions] = await Promise.all([
    history.search(elementInstances, viewer, ofInstance('startDate')),
    history.search(incidents, viewer, ofInstance('creationTime')),
    history.search(cutVariables, viewer, ofInstance('name')),
    history.search(processDefinitions, viewer, { request: {}, within: otherVersionsOf(definitionKey) }),
  ]);
  return history.read(async (tx) =>
    instanceView({
      item,
      isSuspended: (await deps.runtime.getInstance(tx, key)).state.isSuspended === true,
      definition: {
        xml: (await getDefinitionXml(tx, definitionKey)) ?? '',
        model: await deps.runtime.getModel(tx, definitionKey),
      },
      counts: await elementCountsOfInstance(tx, viewer, key),
      flows: await listTakenFlows(tx, viewer, key),
      changes: await listInstanceChanges(tx, key),
      steps: steps.items,
      incidents: troubles.items,
      variables: variables.items,
      versions: versions.items,
    }),
  );
}
