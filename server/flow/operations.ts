// What operators do to the flows of their agency. A change and its reason are one transaction: no change without an
// entry in the log that nobody can alter, no entry without a change.

import { listAudit, recordAudit } from '../modules/audit/index.ts';
import type { ChangeOutcome, InstanceChange } from '../runtime/index.ts';
import type { Actor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import type { FlowDeps } from './types.ts';

export type ChangeKind = InstanceChange['kind'];

export interface ChangeEffect {
  readonly kind:
    | 'entered'
    | 'left'
    | 'ended'
    | 'task-opened'
    | 'incident-raised'
    | 'incident-resolved'
    | 'instance-ended'
    | 'suspended'
    | 'resumed'
    | 'carried';
  readonly elementId: string | null;
  readonly name: string;
}

export interface Effects {
  readonly problems: readonly string[];
  readonly effects: readonly ChangeEffect[];
}

export interface RecordedChange {
  readonly at: Instant;
  readonly actorName: string | null;
  readonly kind: ChangeKind;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Wanted {
  readonly instanceKey: Key;
  readonly change: InstanceChange;
}

const requestOf = (actor: Actor, { instanceKey, change }: Wanted) => ({
  instanceKey,
  change,
  tenantId: actor.agencyId,
  actorId: actor.userId,
});

export async function previewInstanceChange(deps: FlowDeps, actor: Actor, wanted: Wanted): Promise<Effects> {
  return effectsOf(await deps.runtime.supervision.preview(requestOf(actor, wanted)));
}

export async function changeInstance(
  tx: Tx,
  deps: FlowDeps,
  actor: Actor,
  wanted: Wanted & { readonly reason: string },
): Promise<void> {
  const outcome = await deps.runtime.supervision.change(tx, requestOf(actor, wanted));
  if (outcome.problems.length > 0) {
    throw new AppError('rejection', 'MIGRATION_NOT_POSSIBLE', `Instance ${wanted.instanceKey} has no place there`, {
      details: { problems: outcome.problems.map(({ elementId, message }) => ({ elementId, message })) },
    });
  }
  const { kind, ...details } = wanted.change;
  await recordAudit(tx, {
    at: deps.clock.now(),
    actor,
    agencyId: actor.agencyId,
    action: 'instance.changed',
    subjectKind: 'process-instance',
    subjectId: wanted.instanceKey,
    details: { kind, reason: wanted.reason, ...details, effects: effectsOf(outcome).effects.length },
  });
}

export async function listInstanceChanges(tx: Tx, instanceKey: Key): Promise<readonly RecordedChange[]> {
  const entries = await listAudit(tx, { subjectKind: 'process-instance', subjectId: instanceKey });
  return entries.map(({ at, actorName, details: { kind, reason, ...details } }) => ({
    at,
    actorName,
    // Written by changeInstance above, the only writer of entries about an instance.
    kind: kind as ChangeKind,
    reason: String(reason),
    details,
  }));
}

function effectsOf({ problems, events, models }: ChangeOutcome): Effects {
  const nameOf = (elementId: string): string =>
    models.map((model) => model.elements[elementId]?.name).find((name) => name != null) ?? elementId;
  const effects: ChangeEffect[] = [];
  for (const event of events) {
    const told = effectOf(event);
    if (told === null) continue;
    effects.push({ ...told, name: told.elementId === null ? '' : nameOf(told.elementId) });
  }
  return {
    problems: problems.map(({ elementId, message }) => `${nameOf(elementId)}: ${message}`),
    effects: withoutPassing(effects),
  };
}

/** What a person wants to know of an event; the rest is how the engine comes there. */
function effectOf(event: ChangeOutcome['events'][number]): Omit<ChangeEffect, 'name'> | null {
  switch (event.type) {
    case 'element-activating':
      return { kind: 'entered', elementId: event.elementId };
    case 'element-completed':
      return { kind: 'left', elementId: event.elementId };
    case 'element-terminated':
      return { kind: 'ended', elementId: event.elementId };
    case 'task-created':
      return { kind: 'task-opened', elementId: event.elementId };
    case 'incident-raised':
      return { kind: 'incident-raised', elementId: event.elementId };
    case 'incident-resolved':
      return { kind: 'incident-resolved', elementId: null };
    case 'instance-completed':
    case 'instance-terminated':
      return { kind: 'instance-ended', elementId: null };
    case 'instance-suspended':
      return { kind: 'suspended', elementId: null };
    case 'instance-resumed':
      return { kind: 'resumed', elementId: null };
    case 'instance-migrated':
      return { kind: 'carried', elementId: null };
    default:
      return null;
  }
}

/** Entered and left again in the same change: passed through, which is said once. */
const withoutPassing = (effects: readonly ChangeEffect[]): readonly ChangeEffect[] =>
  effects.filter(
    (effect, index) =>
      effect.kind !== 'entered' ||
      !effects.slice(index + 1).some(({ kind, elementId }) => kind === 'left' && elementId === effect.elementId),
  );
