// Wire contract of user tasks: what an inbox shows, and the body that completes each kind of task.

import { type Static, Type } from 'typebox';
import { DateTime, Key, LocalDay, Nullable, strict, Uuid } from './common.ts';
import { DocumentSummary } from './documents.ts';
import { SigningPlacesBody } from './signing.ts';

/**
 * What a user task asks for. `tram:…` references of `zeebe:formDefinition externalReference`; a task without one
 * is `generic` and is completed with an outcome and a comment, so that a new step needs no code.
 */
export const TaskAction = Type.Union([
  Type.Literal('draft.prepare'),
  Type.Literal('draft.review'),
  Type.Literal('sign.personal'),
  Type.Literal('sign.agency'),
  Type.Literal('receive.register'),
  Type.Literal('receive.assign'),
  Type.Literal('receive.handle'),
  Type.Literal('generic'),
]);
export type TaskAction = Static<typeof TaskAction>;

/** Body of POST /api/tasks/:taskKey/complete by action. */
export const TASK_INPUT = {
  'draft.prepare': Type.Object({}, strict),
  'draft.review': Type.Object(
    {
      outcome: Type.Union([Type.Literal('approve'), Type.Literal('return')]),
      comment: Type.String({ maxLength: 2000 }),
    },
    strict,
  ),
  'sign.personal': Type.Object(
    {
      outcome: Type.Union([Type.Literal('sign'), Type.Literal('return')]),
      pin: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      comment: Type.Optional(Type.String({ maxLength: 2000 })),
      /** Where signature, number, date and seal will stand; absent: as proposed. */
      places: Type.Optional(SigningPlacesBody),
    },
    strict,
  ),
  'sign.agency': Type.Object(
    { pin: Type.String({ minLength: 1, maxLength: 64 }), places: Type.Optional(SigningPlacesBody) },
    strict,
  ),
  'receive.register': Type.Object(
    {
      outcome: Type.Union([Type.Literal('accept'), Type.Literal('refuse')]),
      reasonCode: Type.Optional(Type.String({ maxLength: 40 })),
      reason: Type.Optional(Type.String({ maxLength: 2000 })),
    },
    strict,
  ),
  'receive.assign': Type.Object(
    {
      leadId: Uuid,
      supportIds: Type.Array(Uuid, { maxItems: 50, uniqueItems: true }),
      instruction: Type.String({ minLength: 1, maxLength: 2000 }),
      dueOn: Nullable(LocalDay),
    },
    strict,
  ),
  'receive.handle': Type.Object({ outcome: Type.String({ minLength: 1, maxLength: 2000 }) }, strict),
  generic: Type.Object(
    {
      outcome: Type.Union([Type.Literal('approve'), Type.Literal('return')]),
      comment: Type.String({ maxLength: 2000 }),
    },
    strict,
  ),
} as const;
export type TaskInput<A extends TaskAction> = Static<(typeof TASK_INPUT)[A]>;

export const TaskView = Type.Object(
  {
    key: Key,
    name: Type.String(),
    action: TaskAction,
    elementId: Type.String(),
    document: Nullable(DocumentSummary),
    assigneeName: Nullable(Type.String()),
    isMine: Type.Boolean({ description: 'Assigned to the caller' }),
    candidateRoles: Type.Array(Type.String()),
    createdAt: DateTime,
    dueAt: Nullable(DateTime),
    isOverdue: Type.Boolean(),
  },
  strict,
);
export type TaskView = Static<typeof TaskView>;

export const CompleteAnswer = Type.Object(
  {
    taskKey: Key,
    documentId: Nullable(Uuid),
    /** Next tasks of the same document that the caller may act on. */
    nextTasks: Type.Array(TaskView),
  },
  strict,
);
export type CompleteAnswer = Static<typeof CompleteAnswer>;
