// The questions that can be asked of the read model. Each answer contains everything that was committed before the
// question: the projector catches up first, which is one probe of an index when nothing is new.

import type { Transactions, Tx } from '../../shared/transactions.ts';
import { createProjector, type Projector } from './projector.ts';
import type { Entity } from './search/entity.ts';
import type { SearchRequest, Viewer, Within } from './search/query.ts';
import { findByKey, type Item, type SearchPage, searchEntity } from './store/search.ts';

export interface History extends Projector {
  search(
    entity: Entity,
    viewer: Viewer,
    question: { readonly request: SearchRequest; readonly within?: Within },
  ): Promise<SearchPage>;
  /** Null when there is no such thing for the viewer. */
  find(entity: Entity, viewer: Viewer, key: string): Promise<Item | null>;
  /** Any other reading, after the projector has caught up. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export function createHistory(deps: { readonly transactions: Transactions }): History {
  const projector = createProjector(deps);
  async function read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    await projector.catchUp();
    return deps.transactions.run(work);
  }
  return {
    ...projector,
    read,
    search: (entity, viewer, question) => read((tx) => searchEntity(tx, entity, viewer, question)),
    find: (entity, viewer, key) => read((tx) => findByKey(tx, entity, viewer, key)),
  };
}
