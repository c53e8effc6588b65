// Rule unique-ids: the ids of a file are the keys of everything that is stored about a run. The XML reader finds ids
// that are used twice; here remain elements that have none.

import { readChildren } from '../model/source.ts';
import { checkProcesses } from './check.ts';

export const uniqueIds = checkProcesses('unique-ids', ({ source }) => {
  const withoutId = [source, ...readChildren(source, 'flowElements')].filter((element) => !element.id);
  return withoutId.map((element) => ({ elementId: null, message: `A ${element.$type} has no id.` }));
});
