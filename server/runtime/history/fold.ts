// Events of many instances → what they do to the read model. Pure: the same events and headers give the same changes,
// and cutting the events of an instance at any step into several chunks gives the same rows (a test holds both).
// What an instance is (definition, tenant, root) comes in as its header, because it never is an event of its own.

import type { Key } from '../../shared/ids.ts';
import { describeElement } from './element-types.ts';
import { foldAudit } from './fold-audit.ts';
import { foldMigration } from './fold-migration.ts';
import { foldWork } from './fold-work.ts';
import type { FoldContext, InstanceHeader, Occurrence, RecordedEvent } from './occurrence.ts';
import { change, type Changes, count, emptyChanges, type Owner, remove, type WaitRow } from './rows.ts';

/** The events of each instance must come in the order of their sequence numbers. */
export function foldEvents(events: readonly RecordedEvent[], context: FoldContext): Changes {
  const changes = emptyChanges();
  // An instance may change its definition on the way.
  const moved = new Map<Key, InstanceHeader>();
  for (const recorded of events) {
    const header = moved.get(recorded.instanceKey) ?? context.header(recorded.instanceKey);
    const occurrence = { ...recorded, header, process: context.process(header.owner.definition_key) };
    foldAudit(changes, occurrence);
    if (recorded.event.type === 'instance-migrated') {
      moved.set(recorded.instanceKey, foldMigration(changes, recorded.event, header, context));
      continue;
    }
    if (foldInstance(changes, occurrence)) continue;
    if (foldElement(changes, occurrence)) continue;
    if (foldWork(changes, occurrence)) continue;
    foldWait(changes, occurrence);
  }
  return changes;
}

function foldInstance(changes: Changes, { event, header, at, instanceKey, process }: Occurrence): boolean {
  const { owner } = header;
  const counted = (state: string): string[] => [owner.definition_key, owner.tenant_id, state];
  switch (event.type) {
    case 'instance-started': {
      const { instance_key: key, ...common } = owner;
      changes.instances.opened.set(key, {
        ...common,
        key,
        version: header.version,
        business_id: header.businessId,
        tags: header.tags,
        parent_key: event.parent?.instanceKey ?? null,
        parent_element_key: event.parent?.elementInstanceKey ?? null,
        state: 'ACTIVE',
        started_at: at,
        ended_at: null,
        suspended_at: null,
        open_incidents: 0,
      });
      changes.elements.opened.set(key, {
        ...owner,
        key,
        element_id: owner.process_id,
        element_name: process?.name ?? owner.process_id,
        type: 'PROCESS',
        state: 'ACTIVE',
        scope_key: null,
        incident_key: null,
        started_at: at,
        ended_at: null,
      });
      count(changes.instanceCounts, counted('ACTIVE'), 1);
      return true;
    }
    case 'instance-completed':
    case 'instance-terminated': {
      const state = event.type === 'instance-completed' ? 'COMPLETED' : 'TERMINATED';
      change(changes.instances, instanceKey, { state, ended_at: at });
      change(changes.elements, instanceKey, { state, ended_at: at });
      count(changes.instanceCounts, counted('ACTIVE'), -1);
      count(changes.instanceCounts, counted(state), 1);
      return true;
    }
    case 'instance-suspended':
    case 'instance-resumed':
      change(changes.instances, instanceKey, { suspended_at: event.type === 'instance-suspended' ? at : null });
      return true;
    default:
      return false;
  }
}

function foldElement(changes: Changes, { event, header, at, process, instanceKey }: Occurrence): boolean {
  const { owner } = header;
  switch (event.type) {
    case 'element-activating': {
      const described = describeElement(process, event.elementId, event.body !== null);
      changes.elements.opened.set(event.key, {
        ...owner,
        key: event.key,
        element_id: event.elementId,
        element_name: described.name,
        type: described.type,
        state: 'ACTIVE',
        scope_key: event.scopeKey,
        incident_key: null,
        started_at: at,
        ended_at: null,
      });
      countElement(changes, owner, event.elementId, { ACTIVE: 1 });
      return true;
    }
    case 'element-completed':
    case 'element-terminated': {
      const state = event.type === 'element-completed' ? 'COMPLETED' : 'TERMINATED';
      change(changes.elements, event.key, { state, ended_at: at });
      countElement(changes, owner, event.elementId, { ACTIVE: -1, [state]: 1 });
      return true;
    }
    case 'flow-taken': {
      const name = `${instanceKey} ${event.flowId}`;
      const taken = (changes.flows.get(name)?.taken ?? 0) + 1;
      changes.flows.set(name, { ...owner, flow_id: event.flowId, taken });
      return true;
    }
    case 'variables-set':
      for (const [variable, value] of Object.entries(event.variables)) {
        changes.variables.set(`${event.scopeKey} ${variable}`, {
          instance_key: owner.instance_key,
          root_key: owner.root_key,
          tenant_id: owner.tenant_id,
          scope_key: event.scopeKey,
          name: variable,
          value: JSON.stringify(value),
        });
      }
      return true;
    default:
      return false;
  }
}

function countElement(changes: Changes, owner: Owner, elementId: string, by: Readonly<Record<string, number>>): void {
  for (const [state, delta] of Object.entries(by)) {
    count(changes.elementCounts, [owner.definition_key, owner.tenant_id, elementId, state], delta);
  }
}

/** What an element waits for, apart from tasks, jobs and messages, which have rows of their own. */
function foldWait(changes: Changes, { event, header, at }: Occurrence): void {
  const open = (
    key: Key,
    place: { readonly elementInstanceKey: Key; readonly elementId: string },
    wait: Pick<WaitRow, 'kind' | 'details'>,
  ): void => {
    const { elementInstanceKey: element_instance_key, elementId: element_id } = place;
    changes.waits.opened.set(key, { ...header.owner, key, element_instance_key, element_id, since: at, ...wait });
  };
  switch (event.type) {
    case 'timer-scheduled':
      open(event.timerKey, event, {
        kind: 'timer',
        details: { dueAt: event.dueAt, repetitionsLeft: event.repetitionsLeft },
      });
      return;
    case 'signal-subscribed':
      open(event.subscriptionKey, event, { kind: 'signal', details: { signalName: event.signalName } });
      return;
    case 'condition-armed':
      open(event.conditionKey, event, { kind: 'condition', details: {} });
      return;
    case 'call-requested':
      open(event.childInstanceKey, event, { kind: 'call', details: { processId: event.processId } });
      return;
    case 'decision-requested':
      open(event.decisionKey, event, { kind: 'decision', details: { decisionId: event.decisionId } });
      return;
    case 'timer-fired':
    case 'timer-cancelled':
      remove(changes.waits, event.timerKey);
      return;
    case 'condition-closed':
      remove(changes.waits, event.conditionKey);
      return;
    case 'call-completed':
    case 'call-cancelled':
      remove(changes.waits, event.childInstanceKey);
      return;
    case 'decision-completed':
    case 'decision-failed':
    case 'decision-cancelled':
      remove(changes.waits, event.decisionKey);
      return;
    default:
      return; // steers the engine only: joins, listeners, bodies, errors on their way
  }
}
