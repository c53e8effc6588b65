// Rule standard-loop: a loop says how long it goes on: a condition, a maximum, or both.

import { readChild } from '../model/source.ts';
import { checkSources } from './check.ts';

export const standardLoop = checkSources('standard-loop', (element, source) => {
  const loop = element.standardLoop;
  if (loop === null) return [];
  const given = readChild(source, 'loopCharacteristics')?.get('loopMaximum');
  if (given !== undefined && (loop.maximum === null || loop.maximum < 1)) {
    return [`has the loop maximum '${String(given)}', which is not a whole number from 1`];
  }
  return loop.condition === null && loop.maximum === null ? ['loops without a condition and without a maximum'] : [];
});
