// User tasks from outside: assign or claim, give back, change, complete.

import { Type } from 'typebox';
import type { Json } from '../../../runtime/index.ts';
import { type Instant, parseInstant } from '../../../shared/time.ts';
import type { ApiDeps, App } from '../../types.ts';
import { invalidArgument } from '../problem.ts';
import { Int, KeyParams, Nullable, Strict, VariableMap } from '../schemas.ts';
import { asCommand, callerOf, keyOf } from './command.ts';

const config = { access: { kind: 'client', scope: 'tasks' } } as const;
const tags = ['User task'];
const params = KeyParams('userTaskKey');

const action = Type.Optional(Nullable(Type.String()));

export function registerUserTaskRoutes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  app.post(
    '/user-tasks/:userTaskKey/completion',
    {
      schema: {
        tags,
        operationId: 'completeUserTask',
        params,
        body: Strict({ variables: Type.Optional(Nullable(VariableMap)), action }),
      },
      config,
    },
    async (request, reply) => {
      const taskKey = keyOf(request.params.userTaskKey);
      const variables = (request.body.variables ?? {}) as Readonly<Record<string, Json>>; // JSON by nature
      const completion = { taskKey, variables, action: request.body.action ?? 'complete' };
      await asCommand('COMPLETE', commands.completeTask(callerOf(deps, request), completion));
      return reply.status(204).send();
    },
  );
  registerAssignment(app, deps);
  registerUpdate(app, deps);
}

function registerAssignment(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  app.post(
    '/user-tasks/:userTaskKey/assignment',
    {
      schema: {
        tags,
        operationId: 'assignUserTask',
        params,
        body: Strict({
          assignee: Type.Optional(Nullable(Type.String())),
          allowOverride: Type.Optional(Nullable(Type.Boolean())),
          action,
        }),
      },
      config,
    },
    async (request, reply) => {
      const { assignee, allowOverride } = request.body;
      if (assignee === undefined || assignee === null || assignee.trim() === '') {
        throw invalidArgument('No assignee provided.');
      }
      const allowsOverride = allowOverride ?? true;
      const assignment = {
        taskKey: keyOf(request.params.userTaskKey),
        assignee,
        allowsOverride,
        action: request.body.action ?? (allowsOverride ? 'assign' : 'claim'),
      };
      await asCommand(allowsOverride ? 'ASSIGN' : 'CLAIM', commands.assignTask(callerOf(deps, request), assignment));
      return reply.status(204).send();
    },
  );
  app.delete(
    '/user-tasks/:userTaskKey/assignee',
    { schema: { tags, operationId: 'unassignUserTask', params }, config },
    async (request, reply) => {
      const taskKey = keyOf(request.params.userTaskKey);
      const assignment = { taskKey, assignee: null, allowsOverride: true, action: 'unassign' };
      await asCommand('ASSIGN', commands.assignTask(callerOf(deps, request), assignment));
      return reply.status(204).send();
    },
  );
}

const Names = Type.Array(Type.String());
const Changeset = Strict({
  dueDate: Type.Optional(Nullable(Type.String())),
  followUpDate: Type.Optional(Nullable(Type.String())),
  candidateUsers: Type.Optional(Nullable(Names)),
  candidateGroups: Type.Optional(Nullable(Names)),
  priority: Type.Optional(Nullable(Int)),
});

function registerUpdate(app: App, deps: ApiDeps): void {
  app.patch(
    '/user-tasks/:userTaskKey',
    {
      schema: {
        tags,
        operationId: 'updateUserTask',
        params,
        body: Strict({ changeset: Type.Optional(Nullable(Changeset)), action }),
      },
      config,
    },
    async (request, reply) => {
      const { changeset = null, action: given } = request.body;
      if ((changeset === null || Object.keys(changeset).length === 0) && (given ?? null) === null) {
        throw invalidArgument(
          'No update data provided. Provide at least an "action" or a non-null value in the changeset.',
        );
      }
      const update = {
        taskKey: keyOf(request.params.userTaskKey),
        corrections: correctionsOf(changeset ?? {}),
        action: given ?? 'update',
      };
      await asCommand('UPDATE', deps.runtime.commands.updateTask(callerOf(deps, request), update));
      return reply.status(204).send();
    },
  );
}

export interface ChangesetBody {
  readonly assignee?: string | null;
  readonly dueDate?: string | null;
  readonly followUpDate?: string | null;
  readonly candidateUsers?: readonly string[] | null;
  readonly candidateGroups?: readonly string[] | null;
  readonly priority?: number | null;
}

/** Null leaves an attribute as it is, an empty text or list takes it away. */
export function correctionsOf(changes: ChangesetBody) {
  const { assignee, dueDate, followUpDate, candidateUsers, candidateGroups, priority } = changes;
  if (priority !== undefined && priority !== null && (priority < 0 || priority > 100)) {
    throw invalidArgument(`The value for priority is '${priority}' but must be within the [0,100] range.`);
  }
  return {
    ...(isGiven(assignee) && { assignee: assignee === '' ? null : assignee }),
    ...(isGiven(dueDate) && { dueAt: dateOf('dueDate', dueDate) }),
    ...(isGiven(followUpDate) && { followUpAt: dateOf('followUpDate', followUpDate) }),
    ...(isGiven(candidateUsers) && { candidateUsers }),
    ...(isGiven(candidateGroups) && { candidateGroups }),
    ...(isGiven(priority) && { priority }),
  };
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

function dateOf(name: string, text: string): Instant | null {
  if (text === '') return null;
  const instant = parseInstant(text);
  if (instant === null) {
    throw invalidArgument(
      `The provided ${name} '${text}' cannot be parsed as a date according to RFC 3339, section 5.6.`,
    );
  }
  return instant;
}
