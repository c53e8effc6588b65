// The part of the fold about instances that change their definition: what is open goes with them, under the ids of the
// target; what has ended stays what it was, where it was.

import type { Key } from '../../shared/ids.ts';
import type { FoldContext, InstanceHeader, RecordedEvent } from './occurrence.ts';
import { change, type Changes, count, type Delta, type Move, type Owner } from './rows.ts';

type Migration = Extract<RecordedEvent['event'], { readonly type: 'instance-migrated' }>;

/** Writes the move down, applies it to rows of this chunk, and answers what the instance is from here on. */
export function foldMigration(
  changes: Changes,
  event: Migration,
  header: InstanceHeader,
  context: FoldContext,
): InstanceHeader {
  const { owner } = header;
  const target = context.process(event.targetKey);
  const version = context.version(event.targetKey);
  const elements = { ...event.elements, [event.sourceProcessId]: event.processId };
  const moved: Owner = { ...owner, definition_key: event.targetKey, process_id: event.processId };
  const nameOf = (elementId: string): string =>
    (elementId === event.processId ? target?.name : target?.elements[elementId]?.name) ?? elementId;
  const move: Move = {
    instance_key: owner.instance_key,
    definition_key: moved.definition_key,
    process_id: moved.process_id,
    version,
    elements,
    names: Object.fromEntries(Object.values(elements).map((id) => [id, nameOf(id)])),
    ended: endedOf(changes),
  };
  changes.moves.push(move);
  moveOpened(changes, move, moved);
  change(changes.instances, owner.instance_key, {
    definition_key: moved.definition_key,
    process_id: moved.process_id,
    version,
  });
  count(changes.instanceCounts, [owner.definition_key, owner.tenant_id, 'ACTIVE'], -1);
  count(changes.instanceCounts, [moved.definition_key, owner.tenant_id, 'ACTIVE'], 1);
  return { ...header, owner: moved, version };
}

const hasEnded = (row: object): boolean =>
  ('ended_at' in row && row.ended_at !== null) || ('resolved_at' in row && row.resolved_at !== null);

/** Rows of earlier chunks that ended in this one before the move. Their end is written after it. */
function endedOf(changes: Changes): readonly Key[] {
  const keyed: readonly Delta<object>[] = [changes.elements, changes.tasks, changes.jobs, changes.incidents];
  return [
    ...keyed.flatMap((delta) => [...delta.changed].flatMap(([key, patch]) => (hasEnded(patch) ? [key] : []))),
    ...changes.canceledJobs.map((end) => end.key),
    ...changes.closedSubscriptions.map((end) => end.key),
    ...changes.waits.removed,
  ];
}

interface Placed extends Owner {
  readonly key: Key;
  readonly element_id: string;
}

function moveOpened(changes: Changes, move: Move, moved: Owner): void {
  for (const element of ownOpen(changes.elements, move)) {
    const element_id = move.elements[element.element_id] ?? element.element_id;
    changes.elements.opened.set(element.key, {
      ...element,
      ...moved,
      element_id,
      element_name: move.names[element_id] ?? element.element_name,
    });
    if (element.type === 'PROCESS') continue;
    count(changes.elementCounts, [element.definition_key, element.tenant_id, element.element_id, 'ACTIVE'], -1);
    count(changes.elementCounts, [moved.definition_key, moved.tenant_id, element_id, 'ACTIVE'], 1);
  }
  const rename = <Row extends Placed>(delta: Delta<Row>): void => {
    for (const row of ownOpen(delta, move)) {
      delta.opened.set(row.key, { ...row, ...moved, element_id: move.elements[row.element_id] ?? row.element_id });
    }
  };
  for (const task of ownOpen(changes.tasks, move)) {
    changes.tasks.opened.set(task.key, { ...task, version: move.version });
  }
  rename(changes.tasks);
  rename(changes.jobs);
  rename(changes.incidents);
  rename(changes.subscriptions);
  rename(changes.waits);
}

const ownOpen = <Row extends Placed>(delta: Delta<Row>, move: Move): readonly Row[] =>
  [...delta.opened.values()].filter(
    (row) => row.instance_key === move.instance_key && !hasEnded(row) && !('state' in row && row.state === 'DELETED'),
  );
