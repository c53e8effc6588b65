// Public face of the read model inside the runtime.

export { createHistory, type History } from './history.ts';
export { createProjector, type Projector } from './projector.ts';
export {
  type Entity,
  type Field,
  type Filterable,
  type FilterKind,
  filtersOf,
  sortFieldsOf,
  type ValueType,
} from './search/entity.ts';
export * from './search/entities/index.ts';
export { LARGEST_LIMIT, type SearchRequest, type Viewer, type Within } from './search/query.ts';
export type { Item, SearchPage } from './store/search.ts';
export {
  effectiveOnly,
  notSuspended,
  onlySuspended,
  otherVersionsOf,
  withinElement,
  withinScopesOf,
  withinTask,
  withinTree,
} from './search/within.ts';
export {
  type Ancestor,
  countWaitsOfInstance,
  type ElementCounts,
  elementCountsOfDefinition,
  elementCountsOfInstance,
  findFormOfDefinition,
  findFormOfTask,
  getDecisionXml,
  getDefinitionXml,
  listAncestors,
  listTakenFlows,
  type TakenFlow,
} from './store/statistics.ts';
