// The instance goes on in another process: every id of the model that the state holds is replaced, nothing else changes.

import { ownValue } from '../../expressions/scope.ts';
import type { BoundaryWait, CompensationRecord, ElementInstance, JoinState } from '../../types.ts';
import { putElement } from '../draft.ts';
import type { Applier, EventOf } from './applier.ts';

type Migration = EventOf<'instance-migrated'>;

export const applyInstanceMigrated: Applier<'instance-migrated'> = (draft, event) => {
  draft.processId = event.processId;
  for (const instance of Object.values(draft.elements)) putElement(draft, migrated(instance, event));
  for (const [scopeKey, joins] of Object.entries(draft.joins)) {
    draft.joins[scopeKey] = Object.fromEntries(
      Object.entries(joins).map(([elementId, join]) => [
        event.elements[elementId] ?? elementId,
        migratedJoin(join, event),
      ]),
    );
  }
  draft.rootEvents = draft.rootEvents.map((armed) => migratedWait(armed, event));
  draft.compensations = migratedRecords(draft.compensations, event);
};

function migrated(instance: ElementInstance, event: Migration): ElementInstance {
  const { trigger, compensations } = instance;
  return {
    ...instance,
    elementId: idIn(event.elements, instance.elementId),
    boundaries: instance.boundaries.map((armed) => migratedWait(armed, event)),
    ...(trigger === undefined
      ? {}
      : { trigger: { ...trigger, startEventId: idIn(event.elements, trigger.startEventId) } }),
    ...(compensations === undefined ? {} : { compensations: migratedRecords(compensations, event) }),
  };
}

const idIn = (names: Readonly<Record<string, string>>, id: string): string => ownValue(names, id) ?? id;

const migratedWait = (armed: BoundaryWait, event: Migration): BoundaryWait => ({
  ...armed,
  elementId: idIn(event.elements, armed.elementId),
});

function migratedJoin({ tokens, usedFlows }: JoinState, event: Migration): JoinState {
  const renamed = Object.entries(tokens).map(([flowId, count]) => [idIn(event.flows, flowId), count] as const);
  return {
    tokens: Object.fromEntries(renamed),
    ...(usedFlows === undefined ? {} : { usedFlows: usedFlows.map((flowId) => idIn(event.flows, flowId)) }),
  };
}

/** Records are nested as deep as scopes were. */
const migratedRecords = (records: readonly CompensationRecord[], event: Migration): readonly CompensationRecord[] =>
  records
    .filter((record) => !event.forgotten.includes(record.key))
    .map((record) => ({
      ...record,
      elementId: idIn(event.elements, record.elementId),
      nested: migratedRecords(record.nested, event),
    }));
