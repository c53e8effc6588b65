// The mapping that most migrations want: same id, same kind, in the same place. What has none is named with the reason,
// so that a person can decide about the rest before anything is changed.

import { ownValue } from '../expressions/scope.ts';
import type { ExecutableProcess, FlowElement, MappingInstruction } from '../types.ts';
import { whyIncompatible } from './compatibility.ts';

export interface UnmappedElement {
  readonly elementId: string;
  readonly reason: string;
}

export interface MigrationProposal {
  readonly mapping: readonly MappingInstruction[];
  readonly unmapped: readonly UnmappedElement[];
  /** Elements that only the target has. */
  readonly added: readonly string[];
}

export function proposeMigration(source: ExecutableProcess, target: ExecutableProcess): MigrationProposal {
  const mapping: MappingInstruction[] = [];
  const unmapped: UnmappedElement[] = [];
  for (const element of Object.values(source.elements)) {
    const reason = whyUnmapped(element, target);
    if (reason === null) mapping.push({ sourceElementId: element.id, targetElementId: element.id });
    else unmapped.push({ elementId: element.id, reason });
  }
  const added = Object.keys(target.elements).filter((id) => !Object.hasOwn(source.elements, id));
  return { mapping, unmapped, added };
}

function whyUnmapped(element: FlowElement, target: ExecutableProcess): string | null {
  const same = ownValue(target.elements, element.id);
  if (same === undefined) return 'there is no element with this id';
  if (same.parentId !== element.parentId) return 'it has moved to another scope';
  if (same.attachedTo !== element.attachedTo) return 'it is attached to another activity';
  return whyIncompatible(element, same);
}
