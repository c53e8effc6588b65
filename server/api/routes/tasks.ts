// The inbox: list, read, claim, complete. Completing runs the domain command of the task's screen and the engine's
// step in one transaction; the body is checked against the contract of that screen.

import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { listUsers } from '../../modules/agencies/index.ts';
import { findSummaries, type DocumentSummary } from '../../modules/documents/index.ts';
import type { TaskAction, TaskInput } from '../../flow/index.ts';
import { taskActorOf } from '../../flow/index.ts';
import type { UserTask } from '../../runtime/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import { asId, type DocumentId, type Key as EngineKey } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';
import { CompleteAnswer, Items, Key, strict, TASK_INPUT, TaskView } from '../contract/index.ts';
import { actorOf } from '../plugins/access.ts';
import { runCommand } from '../plugins/idempotency.ts';
import type { ApiDeps, App } from '../types.ts';
import { summaryView } from '../views.ts';

const access = { kind: 'session' } as const;
const TaskParams = Type.Object({ taskKey: Key }, strict);
const ListQuery = Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }, strict);

export function registerTaskRoutes(app: App, deps: ApiDeps): void {
  app.get(
    '/api/tasks',
    { schema: { querystring: ListQuery, response: { 200: Items(TaskView) } }, config: { access } },
    (request) => {
      const actor = actorOf(request);
      return deps.transactions.run(async (tx) => {
        const tasks = await deps.runtime.listTasks(tx, taskActorOf(actor), request.query.limit ?? 100);
        return { items: await viewTasks(tx, deps, actor, tasks) };
      });
    },
  );

  app.get(
    '/api/tasks/:taskKey',
    { schema: { params: TaskParams, response: { 200: TaskView } }, config: { access } },
    (request) => {
      const actor = actorOf(request);
      return deps.transactions.run(async (tx) => {
        const task = await deps.runtime.getTask(tx, taskActorOf(actor), asId<EngineKey>(request.params.taskKey));
        return firstOf(await viewTasks(tx, deps, actor, [task]));
      });
    },
  );

  app.post(
    '/api/tasks/:taskKey/claim',
    { schema: { params: TaskParams }, config: { access } },
    async (request, reply) => {
      await deps.transactions.run((tx) =>
        deps.flow.claimTask(tx, actorOf(request), asId<EngineKey>(request.params.taskKey)),
      );
      return reply.status(204).send();
    },
  );

  app.post(
    '/api/tasks/:taskKey/complete',
    { schema: { params: TaskParams, response: { 200: CompleteAnswer } }, config: { access } },
    (request, reply) => {
      const actor = actorOf(request);
      const taskKey = asId<EngineKey>(request.params.taskKey);
      const complete = () =>
        runCommand(deps, { request, reply }, async (tx) => {
          const task = await deps.runtime.getTask(tx, taskActorOf(actor), taskKey);
          const input = readTaskInput(deps.flow.actionOf(task), request.body);
          await deps.flow.performTask(tx, actor, taskKey, input);
          const next =
            task.businessKey === null ? [] : await deps.runtime.listTasksOf(tx, taskActorOf(actor), task.businessKey);
          return {
            status: 200,
            body: { taskKey, documentId: task.businessKey, nextTasks: await viewTasks(tx, deps, actor, next) },
          };
        });
      return deps.flow.signing.countingPins(complete);
    },
  );
}

function readTaskInput<A extends TaskAction>(action: A, body: unknown): TaskInput<A> {
  const schema = TASK_INPUT[action];
  const given = body ?? {};
  if (!Value.Check(schema, given)) {
    const fields = [...Value.Errors(schema, given)].map((problem) => ({
      field: `body${problem.instancePath}`,
      problem: problem.message,
    }));
    throw new AppError('invalid-input', 'REQUEST_INVALID', `Body of ${action} is invalid`, { details: { fields } });
  }
  // The schema of the action has just been checked; the contract's shapes are those of the flow (a type test holds them together).
  return { action, body: given as TaskInput<A>['body'] };
}

async function viewTasks(tx: Tx, deps: ApiDeps, actor: Actor, tasks: readonly UserTask[]): Promise<TaskView[]> {
  const documentIds = tasks.flatMap((task) => (task.businessKey === null ? [] : [asId<DocumentId>(task.businessKey)]));
  const documents = await findSummaries(tx, actor, documentIds);
  const byId = new Map<string, DocumentSummary>(documents.map((document) => [document.id, document]));
  const people = new Map<string, string>(
    (await listUsers(tx, { agencyId: actor.agencyId })).map((user) => [user.id, user.fullName]),
  );
  const now = deps.clock.now();
  return tasks.map((task) => {
    const document = task.businessKey === null ? undefined : byId.get(task.businessKey);
    return {
      key: task.key,
      name: task.name ?? task.elementId,
      action: deps.flow.actionOf(task),
      elementId: task.elementId,
      document: document === undefined ? null : summaryView(document),
      assigneeName: task.assignee === null ? null : (people.get(task.assignee) ?? null),
      isMine: task.assignee === actor.userId,
      candidateRoles: task.candidateGroups.map((group) => group.slice(group.lastIndexOf(':') + 1)),
      createdAt: task.createdAt,
      dueAt: task.dueAt,
      isOverdue: task.dueAt !== null && task.dueAt < now,
    };
  });
}

function firstOf<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new AppError('bug', 'EMPTY_LIST', 'Expected one item');
  return first;
}
