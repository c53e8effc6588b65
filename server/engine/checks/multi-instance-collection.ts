// Rule multi-instance-collection: a multi-instance activity says over which list it runs, and a collected result
// needs both the list and the element.

import { readChild } from '../model/source.ts';
import { checkSources } from './check.ts';

export const multiInstanceCollection = checkSources('multi-instance-collection', (element, source) => {
  const settings = element.multiInstance;
  const loop = readChild(source, 'loopCharacteristics');
  if (settings === null || loop === null) return [];
  const faults: string[] = [];
  if (settings.inputCollection === '') faults.push('is multi-instance, but has no inputCollection');
  if ((settings.outputCollection === null) !== (settings.outputElement === null)) {
    faults.push('needs both outputCollection and outputElement, or neither');
  }
  if (readChild(loop, 'loopCardinality') !== null) {
    faults.push('has a loopCardinality, which is not read; give an inputCollection such as =for i in 1..n return i');
  }
  if (loop.get('behavior') !== undefined && loop.get('behavior') !== 'All') {
    faults.push('throws events for its rounds (behavior), which is not supported');
  }
  return faults;
});
