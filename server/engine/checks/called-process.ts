// Rule called-process: a call activity says which process it calls, and a binding to a version tag says which tag.
// Whether that process exists is known only at run time, because it may be deployed later.

import { checkSources } from './check.ts';
import { findExtension, readText } from '../model/source.ts';

const BINDINGS = ['latest', 'deployment', 'versionTag'];

export const calledProcess = checkSources('called-process', (element, source) => {
  const called = findExtension(source, 'zeebe:CalledElement') ?? findExtension(source, 'zeebe:CalledDecision');
  const faults: string[] = [];
  if (element.kind === 'callActivity' && element.call === null) faults.push('has no zeebe:calledElement processId');
  const binding = called?.get('bindingType') ?? 'latest';
  if (typeof binding !== 'string' || !BINDINGS.includes(binding))
    faults.push(`has an unknown binding '${String(binding)}'`);
  if (called !== null && binding === 'versionTag' && readText(called, 'versionTag') === null) {
    faults.push('is bound to a version tag, but names none');
  }
  return faults;
});
