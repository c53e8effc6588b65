// Why a change is not possible as things stand; the server decides again. The codes have texts under operations.whyNot.

import type { ChangeKind, InstanceView } from '../../api/contract.ts';

export type WhyNot = 'ended' | 'no-incident' | 'suspended' | 'not-suspended' | 'nothing-waits' | 'no-version';

export function whyNot({ instance, incidents, steps, versions }: InstanceView, kind: ChangeKind): WhyNot | null {
  if (instance.state === 'completed' || instance.state === 'terminated') return 'ended';
  if (kind === 'resume') return instance.state === 'suspended' ? null : 'not-suspended';
  if (kind === 'cancel') return null;
  if (instance.state === 'suspended') return 'suspended';
  if (kind === 'retry' && incidents.length === 0) return 'no-incident';
  if (kind === 'migrate' && versions.length === 0) return 'no-version';
  if (kind === 'move' && !steps.some((step) => step.state === 'active' && step.kind !== 'PROCESS')) {
    return 'nothing-waits';
  }
  return null;
}
