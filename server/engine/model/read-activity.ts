// Attributes that all activities share: mappings, loops, quantities.

import type { Mapping, MultiInstance, StandardLoop } from '../types.ts';
import { feelOf, findExtension, readBoolean, readChild, readChildren, readExpression, readFeel } from './source.ts';
import { readText, valueSourceOf } from './source.ts';
import type { SourceElement } from './source.ts';

export const MULTI_INSTANCE = 'bpmn:MultiInstanceLoopCharacteristics';
export const STANDARD_LOOP = 'bpmn:StandardLoopCharacteristics';

export function readMappings(source: SourceElement, side: 'inputParameters' | 'outputParameters'): readonly Mapping[] {
  const mapping = findExtension(source, 'zeebe:IoMapping');
  if (mapping === null) return [];
  return readChildren(mapping, side).map((parameter) => ({
    source: valueSourceOf(readText(parameter, 'source') ?? ''),
    target: (readText(parameter, 'target') ?? '').trim(),
  }));
}

export function readMultiInstance(source: SourceElement): MultiInstance | null {
  const loop = readChild(source, 'loopCharacteristics');
  if (loop === null || loop.$type !== MULTI_INSTANCE) return null;
  const settings = findExtension(loop, 'zeebe:LoopCharacteristics');
  const completionCondition = readExpression(loop, 'completionCondition');
  const cardinality = readExpression(loop, 'loopCardinality');
  return {
    isSequential: readBoolean(loop, 'isSequential', false),
    inputCollection:
      (settings === null ? null : readFeel(settings, 'inputCollection')) ??
      (cardinality === null ? '' : countedList(feelOf(cardinality))),
    inputElement: settings === null ? null : readText(settings, 'inputElement'),
    outputCollection: settings === null ? null : readText(settings, 'outputCollection'),
    outputElement: settings === null ? null : readFeel(settings, 'outputElement'),
    completionCondition: completionCondition === null ? null : feelOf(completionCondition),
  };
}

/** `loopCardinality`: so many rounds, over the numbers from 1. A range in FEEL would count down to zero. */
const countedList = (cardinality: string): string =>
  `if (${cardinality}) < 1 then [] else for i in 1..(${cardinality}) return i`;

export function readStandardLoop(source: SourceElement): StandardLoop | null {
  const loop = readChild(source, 'loopCharacteristics');
  if (loop === null || loop.$type !== STANDARD_LOOP) return null;
  const condition = readExpression(loop, 'loopCondition');
  const maximum = Number(loop.get('loopMaximum') ?? Number.NaN);
  return {
    condition: condition === null ? null : feelOf(condition),
    maximum: Number.isInteger(maximum) ? maximum : null,
    testBefore: readBoolean(loop, 'testBefore', false),
  };
}

/** Anything but a whole number from 1 is 0 here, and the finding of a check. */
export function readQuantity(source: SourceElement, name: 'startQuantity' | 'completionQuantity'): number {
  const value = source.get(name);
  if (value === undefined) return 1;
  const quantity = Number(value);
  return Number.isInteger(quantity) && quantity >= 1 ? quantity : 0;
}
