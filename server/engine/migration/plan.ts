// What a migration would do to an instance: which ids change, which armed events are closed, what has no place in the
// target. Nothing is written here, so that a preview and the command come to the same result.

import { ownValue } from '../expressions/scope.ts';
import { openDraft } from '../state/draft.ts';
import type { Draft } from '../state/draft.ts';
import type { Key } from '../../shared/ids.ts';
import type {
  BoundaryWait,
  CompensationRecord,
  ElementInstance,
  ExecutableProcess,
  FlowElement,
  InstanceState,
  MappingInstruction,
  Rejection,
} from '../types.ts';
import { flowInTarget, whyIncompatible } from './compatibility.ts';

export interface MigrationProblem {
  /** MIGRATION_MAPPING_INVALID: the instructions themselves; MIGRATION_NOT_POSSIBLE: with this instance. */
  readonly code: Extract<Rejection['code'], 'MIGRATION_MAPPING_INVALID' | 'MIGRATION_NOT_POSSIBLE'>;
  readonly elementId: string;
  readonly message: string;
}

export interface MigrationPlan {
  readonly elements: ReadonlyMap<string, string>;
  readonly flows: ReadonlyMap<string, string>;
  readonly forgotten: readonly Key[];
  readonly closes: readonly BoundaryWait[];
  readonly problems: readonly MigrationProblem[];
}

export interface Migration {
  readonly source: ExecutableProcess;
  readonly target: ExecutableProcess;
  readonly mapping: readonly MappingInstruction[];
}

/** Everything that stands in the way of migrating this instance; empty when nothing does. */
export const previewMigration = (state: InstanceState, migration: Migration): readonly MigrationProblem[] =>
  planMigration(openDraft(state), migration).problems;

export function planMigration(draft: Draft, migration: Migration): MigrationPlan {
  const planning = new Planning(migration);
  planning.readMapping();
  for (const instance of Object.values(draft.elements)) planning.planInstance(draft, instance);
  for (const armed of draft.rootEvents) planning.planArmed(armed, migration.target.eventSubProcesses, []);
  for (const joins of Object.values(draft.joins)) {
    for (const [elementId, join] of Object.entries(joins)) {
      planning.planJoin(elementId, [...Object.keys(join.tokens), ...(join.usedFlows ?? [])]);
    }
  }
  planning.planRecords(draft.compensations);
  return planning;
}

class Planning implements MigrationPlan {
  readonly elements = new Map<string, string>();
  readonly flows = new Map<string, string>();
  readonly forgotten: Key[] = [];
  readonly closes: BoundaryWait[] = [];
  readonly problems: MigrationProblem[] = [];
  private readonly mapped = new Map<string, string>();
  private readonly migration: Migration;

  constructor(migration: Migration) {
    this.migration = migration;
  }

  private fault(elementId: string, message: string, code: MigrationProblem['code'] = 'MIGRATION_NOT_POSSIBLE'): void {
    if (this.problems.some((known) => known.elementId === elementId && known.message === message)) return;
    this.problems.push({ code, elementId, message });
  }

  readMapping(): void {
    const { source, target, mapping } = this.migration;
    const wrong = (id: string, message: string): void => this.fault(id, message, 'MIGRATION_MAPPING_INVALID');
    for (const { sourceElementId: from, targetElementId: to } of mapping) {
      if (!Object.hasOwn(source.elements, from)) wrong(from, `Expected '${from}' to be an element of the source`);
      if (!Object.hasOwn(target.elements, to)) wrong(to, `Expected '${to}' to be an element of the target`);
      if (this.mapped.has(from)) wrong(from, `Expected one instruction for '${from}', but there are several`);
      this.mapped.set(from, to);
    }
  }

  /** The element that this one goes on at; undefined when the fault has been noted. */
  private targetOf(elementId: string): FlowElement | undefined {
    const { source, target } = this.migration;
    const from = ownValue(source.elements, elementId);
    const to = ownValue(target.elements, this.mapped.get(elementId) ?? '');
    if (from === undefined || to === undefined) {
      if (!this.mapped.has(elementId)) this.fault(elementId, `Expected '${elementId}' to be mapped, for it is active`);
      return undefined;
    }
    const reason = whyIncompatible(from, to);
    if (reason !== null) {
      this.fault(elementId, `Expected '${elementId}' to go on at an element like itself, but ${reason}`);
      return undefined;
    }
    const scope = from.parentId === null ? null : this.mapped.get(from.parentId);
    if (to.parentId !== scope) {
      this.fault(elementId, `Expected '${elementId}' to stay in its scope, but '${to.id}' stands in another one`);
      return undefined;
    }
    this.elements.set(elementId, to.id);
    return to;
  }

  planInstance(draft: Draft, instance: ElementInstance): void {
    const target = this.targetOf(instance.elementId);
    if (target === undefined) return;
    const { trigger } = instance;
    const start = target.container?.startEventId;
    if (trigger !== undefined && typeof start === 'string') this.elements.set(trigger.startEventId, start);
    const isGateway = target.kind === 'eventBasedGateway';
    const behind = target.outgoing.flatMap((flowId) => this.migration.target.flows[flowId]?.targetId ?? []);
    const events = isGateway ? behind : target.boundaryEvents;
    const scopes = target.container?.eventSubProcesses ?? [];
    for (const armed of instance.boundaries) this.planArmed(armed, scopes, events);
    this.planRecords(instance.compensations ?? []);
  }

  /** An event that is mapped stays armed as it is; one that is not mapped is closed. */
  planArmed(armed: BoundaryWait, eventSubProcesses: readonly string[], events: readonly string[]): void {
    const { source, target } = this.migration;
    const to = ownValue(target.elements, this.mapped.get(armed.elementId) ?? '');
    const from = ownValue(source.elements, armed.elementId);
    if (to === undefined || from === undefined) {
      this.closes.push(armed);
      return;
    }
    const reason = whyIncompatible(from, to);
    if (reason !== null) this.fault(from.id, `Expected '${from.id}' to stay the same kind of event, but ${reason}`);
    const isThere = events.includes(to.id) || (to.parentId !== null && eventSubProcesses.includes(to.parentId));
    if (!isThere) this.fault(from.id, `Expected '${to.id}' to be an event of the place that '${from.id}' waits at`);
    this.elements.set(from.id, to.id);
  }

  planJoin(elementId: string, flowIds: readonly string[]): void {
    const { source, target } = this.migration;
    const join = this.targetOf(elementId);
    if (join === undefined) return;
    if (join.incoming.length < (source.elements[elementId]?.incoming.length ?? 0)) {
      this.fault(elementId, `Expected '${join.id}' to join at least as many flows as '${elementId}', but it has fewer`);
      return;
    }
    const taken = new Set<string>();
    for (const flowId of new Set(flowIds)) {
      const to = flowInTarget(source, target, flowId, { join, elements: this.mapped });
      if (to === null || taken.has(to)) {
        this.fault(elementId, `Expected a flow into '${join.id}' for the token that waits on '${flowId}'`);
        continue;
      }
      taken.add(to);
      this.flows.set(flowId, to);
    }
  }

  /** What was done can be undone in the target only where the same element can. */
  planRecords(records: readonly CompensationRecord[]): void {
    const { source, target } = this.migration;
    for (const record of records) {
      const from = ownValue(source.elements, record.elementId);
      const to = ownValue(target.elements, this.mapped.get(record.elementId) ?? record.elementId);
      if (from === undefined || to === undefined || whyIncompatible(from, to) !== null) {
        this.forgotten.push(record.key);
        continue;
      }
      this.elements.set(from.id, to.id);
      this.planRecords(record.nested);
    }
  }
}
