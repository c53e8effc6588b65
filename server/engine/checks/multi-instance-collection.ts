// Rule multi-instance-collection: a multi-instance activity says over which list it runs, and a collected result
// needs both the list and the element.

import { findExtension, readChild, readText } from '../model/source.ts';
import { checkSources } from './check.ts';

export const multiInstanceCollection = checkSources('multi-instance-collection', (element, source) => {
  const settings = element.multiInstance;
  const loop = readChild(source, 'loopCharacteristics');
  if (settings === null || loop === null) return [];
  const faults: string[] = [];
  if (settings.inputCollection === '')
    faults.push('is multi-instance, but has no inputCollection and no loopCardinality');
  if ((settings.outputCollection === null) !== (settings.outputElement === null)) {
    faults.push('needs both outputCollection and outputElement, or neither');
  }
  const extension = findExtension(loop, 'zeebe:LoopCharacteristics');
  const hasBoth = extension !== null && readText(extension, 'inputCollection') !== null;
  if (hasBoth && readChild(loop, 'loopCardinality') !== null) {
    faults.push('has a loopCardinality and an inputCollection; only one of them can say how often');
  }
  if (loop.get('behavior') !== undefined && loop.get('behavior') !== 'All') {
    faults.push('throws events for its rounds (behavior), which is not supported');
  }
  return faults;
});
