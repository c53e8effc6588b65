// Migration: the instance goes on in another process, at the elements that the operator has mapped. Everything is
// checked first, with all reasons at once; then events without a place are closed, all ids change in one event, and
// what the target waits for beside is armed.

import { openArmed, startsIn } from '../behaviors/arm-events.ts';
import { closeArmed } from '../behaviors/close-waits.ts';
import { isInterrupted } from '../behaviors/event-sub-process.ts';
import type { Key } from '../../shared/ids.ts';
import { planMigration } from '../migration/plan.ts';
import { contextAt, elementOf, emit, emitAll } from '../step.ts';
import type { Step } from '../step.ts';
import type { ElementInstance, ExecutableProcess, Rejection } from '../types.ts';
import { reject } from './handler.ts';
import type { CommandOf, Handler } from './handler.ts';

export const migrateInstance: Handler<'migrate-instance'> = (step, command) => {
  const { target, targetKey, sourceKey, mapping } = command;
  const plan = planMigration(step.draft, { source: step.process, target, mapping });
  const [first] = plan.problems;
  if (first !== undefined) {
    const invalid = plan.problems.find((problem) => problem.code === 'MIGRATION_MAPPING_INVALID') ?? first;
    return reject(invalid.code, plan.problems.map((problem) => problem.message).join('; '));
  }
  closeArmed(step, plan.closes);
  closeLostRules(step, target, plan.elements);
  emit(step, {
    type: 'instance-migrated',
    sourceProcessId: step.process.processId,
    processId: target.processId,
    targetKey,
    sourceKey,
    elements: Object.fromEntries(plan.elements),
    flows: Object.fromEntries(plan.flows),
    forgotten: plan.forgotten,
  });
  for (const scopeKey of Object.keys(step.draft.joins)) step.movedIn.add(scopeKey as Key); // a key of the state
  return armTarget({ ...step, process: target }, command);
};

/** Late rules of a task are counted; those beyond the rules of the target have nothing to say any more. */
function closeLostRules(step: Step, target: ExecutableProcess, elements: ReadonlyMap<string, string>): void {
  for (const instance of Object.values(step.draft.elements)) {
    const rules = target.elements[elements.get(instance.elementId) ?? '']?.lateHandling.length ?? 0;
    for (const wait of instance.waits) {
      if (wait.kind === 'late' && wait.ruleIndex >= rules)
        emit(step, { type: 'timer-cancelled', timerKey: wait.timerKey });
    }
  }
}

/** Events that only the target has; one that is mapped waits already, or has come already. */
function armTarget(step: Step, { mapping }: CommandOf<'migrate-instance'>): Rejection | null {
  const mapped = new Set(mapping.map((instruction) => instruction.targetElementId));
  const instances = Object.values(step.draft.elements);
  const owners: (readonly [ownerKey: Key, elementIds: readonly string[]])[] = instances.map((instance) => [
    instance.key,
    eventsOf(step, instance),
  ]);
  const isOpen = instances.every((instance) => instance.opensProcess === undefined);
  if (isOpen && !isInterrupted(step, step.draft.key)) {
    owners.push([step.draft.key, startsIn(step, step.process.eventSubProcesses)]);
  }
  for (const [ownerKey, elementIds] of owners) {
    const fresh = elementIds.filter((id) => !mapped.has(id));
    const opened = openArmed(step, fresh, ownerKey, contextAt(step, ownerKey));
    if (!opened.ok) return reject('MIGRATION_NOT_POSSIBLE', opened.error.message);
    emitAll(step, opened.value);
  }
  return null;
}

function eventsOf(step: Step, instance: ElementInstance): readonly string[] {
  const element = elementOf(step.process, instance.elementId);
  const { phase, loopCounter, body, key } = instance;
  if (phase === 'activating') return [];
  const ids: string[] = loopCounter === null ? [...element.boundaryEvents] : [];
  if (phase !== 'activated' || body !== null) return ids;
  if (element.kind === 'eventBasedGateway') {
    ids.push(...element.outgoing.flatMap((flowId) => step.process.flows[flowId]?.targetId ?? []));
  }
  if (!isInterrupted(step, key)) ids.push(...startsIn(step, element.container?.eventSubProcesses ?? []));
  return ids;
}
