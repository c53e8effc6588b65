// Wire contract of the operators' pages: running flows of the own agency, one of them on its diagram, and what an
// operator may do to it. Every change is previewed by really doing it and taking it back, and carries a reason.

import { type Static, Type } from 'typebox';
import { DateTime, Key, Nullable, strict } from './common.ts';

export const InstanceState = Type.Union([
  Type.Literal('active'),
  Type.Literal('suspended'),
  Type.Literal('completed'),
  Type.Literal('terminated'),
]);
export type InstanceState = Static<typeof InstanceState>;

export const InstanceSummary = Type.Object(
  {
    key: Key,
    processId: Type.String(),
    processName: Type.String(),
    version: Type.Integer(),
    state: InstanceState,
    hasIncident: Type.Boolean(),
    startedAt: DateTime,
    endedAt: Nullable(DateTime),
    /** The document that it is about, when there is one. */
    documentId: Nullable(Type.String()),
  },
  strict,
);
export type InstanceSummary = Static<typeof InstanceSummary>;

/** A queue of the list. `incident` is part of `active`. */
export const InstanceQueue = Type.Union([
  Type.Literal('active'),
  Type.Literal('incident'),
  Type.Literal('suspended'),
  Type.Literal('completed'),
  Type.Literal('terminated'),
]);
export type InstanceQueue = Static<typeof InstanceQueue>;

export const InstanceCount = Type.Object(
  { queue: InstanceQueue, count: Type.Integer(), isMore: Type.Boolean({ description: 'There are more than counted' }) },
  strict,
);

export const InstanceList = Type.Object(
  {
    items: Type.Array(InstanceSummary),
    counts: Type.Array(InstanceCount),
    /** For `after`; null on the last page. */
    next: Nullable(Type.String()),
  },
  strict,
);
export type InstanceList = Static<typeof InstanceList>;

export const ElementState = Type.Object(
  {
    elementId: Type.String(),
    name: Type.String(),
    kind: Type.String(),
    active: Type.Integer(),
    incidents: Type.Integer(),
    done: Type.Integer(),
  },
  strict,
);
export type ElementState = Static<typeof ElementState>;

export const IncidentView = Type.Object(
  {
    key: Key,
    elementId: Type.String(),
    elementName: Type.String(),
    errorType: Type.String(),
    message: Type.String(),
    createdAt: DateTime,
  },
  strict,
);
export type IncidentView = Static<typeof IncidentView>;

export const VariableView = Type.Object(
  {
    key: Key,
    name: Type.String(),
    /** JSON text, possibly cut. */
    value: Type.String(),
    isCut: Type.Boolean(),
    /** The element that it is local to; null: the whole flow. */
    scopeElementId: Nullable(Type.String()),
  },
  strict,
);
export type VariableView = Static<typeof VariableView>;

export const StepView = Type.Object(
  {
    key: Key,
    elementId: Type.String(),
    name: Type.String(),
    kind: Type.String(),
    state: Type.Union([Type.Literal('active'), Type.Literal('completed'), Type.Literal('terminated')]),
    startedAt: DateTime,
    endedAt: Nullable(DateTime),
  },
  strict,
);
export type StepView = Static<typeof StepView>;

export const ChangeKind = Type.Union([
  Type.Literal('retry'),
  Type.Literal('move'),
  Type.Literal('migrate'),
  Type.Literal('suspend'),
  Type.Literal('resume'),
  Type.Literal('cancel'),
]);
export type ChangeKind = Static<typeof ChangeKind>;

export const ChangeView = Type.Object(
  {
    at: DateTime,
    actorName: Nullable(Type.String()),
    kind: ChangeKind,
    reason: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown()),
  },
  strict,
);
export type ChangeView = Static<typeof ChangeView>;

export const InstanceView = Type.Object(
  {
    instance: InstanceSummary,
    xml: Type.String(),
    elements: Type.Array(ElementState),
    takenFlows: Type.Array(Type.String()),
    incidents: Type.Array(IncidentView),
    variables: Type.Array(VariableView),
    steps: Type.Array(StepView),
    changes: Type.Array(ChangeView),
    /** Other versions of the flow that it could be carried to. */
    versions: Type.Array(Type.Object({ definitionKey: Key, version: Type.Integer() }, strict)),
  },
  strict,
);
export type InstanceView = Static<typeof InstanceView>;

export const InstanceChange = Type.Union([
  Type.Object({ kind: Type.Literal('retry') }, strict),
  Type.Object({ kind: Type.Literal('suspend') }, strict),
  Type.Object({ kind: Type.Literal('resume') }, strict),
  Type.Object({ kind: Type.Literal('cancel') }, strict),
  Type.Object(
    { kind: Type.Literal('move'), fromKey: Key, toElementId: Type.String({ minLength: 1, maxLength: 200 }) },
    strict,
  ),
  Type.Object({ kind: Type.Literal('migrate'), definitionKey: Key }, strict),
]);
export type InstanceChange = Static<typeof InstanceChange>;

export const ChangeBody = Type.Object(
  { change: InstanceChange, reason: Type.String({ minLength: 10, maxLength: 2000 }) },
  strict,
);
export type ChangeBody = Static<typeof ChangeBody>;

/** What the change leads to until the next wait. */
export const ChangePreview = Type.Object(
  {
    /** Why it cannot be done; then there are no effects. */
    problems: Type.Array(Type.String()),
    effects: Type.Array(
      Type.Object(
        {
          kind: Type.Union([
            Type.Literal('entered'),
            Type.Literal('left'),
            Type.Literal('ended'),
            Type.Literal('task-opened'),
            Type.Literal('incident-raised'),
            Type.Literal('incident-resolved'),
            Type.Literal('instance-ended'),
            Type.Literal('suspended'),
            Type.Literal('resumed'),
            Type.Literal('carried'),
          ]),
          elementId: Nullable(Type.String()),
          name: Type.String(),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type ChangePreview = Static<typeof ChangePreview>;
