// Rule unique-ids: the ids of a file are the keys of everything that is stored about a run. The XML reader finds ids
// that are used twice; here remain elements that have none.

import { checkProcesses } from './check.ts';

export const uniqueIds = checkProcesses('unique-ids', ({ source, placed }) => {
  const withoutId = [source, ...placed.map((element) => element.source)].filter((element) => !element.id);
  return withoutId.map((element) => ({ elementId: null, message: `A ${element.$type} has no id.` }));
});
