// Searches over the read model: every filter and sort that a description names is SQL that runs, pages follow each other
// without gaps, and nothing of another agency shows, not even in a count.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  auditLogs,
  batchItems,
  batchOperations,
  correlatedSubscriptions,
  cutVariables,
  decisionDefinitions,
  decisionInstance,
  decisionInstances,
  decisionRequirements,
  elementInstances,
  type Entity,
  type Filterable,
  filtersOf,
  forms,
  incidents,
  jobs,
  messageSubscriptions,
  processDefinitions,
  processInstances,
  resources,
  type SearchPage,
  type SearchRequest,
  sortFieldsOf,
  STATISTICS,
  userTasks,
  waitStates,
} from '../../../server/runtime/index.ts';
import type { Key } from '../../../server/shared/ids.ts';
import { model } from '../../support/model-builder.ts';
import { createRuntimeHarness, type RuntimeHarness } from '../harness.ts';

const ENTITIES: readonly Entity[] = [
  processDefinitions,
  processInstances,
  elementInstances,
  userTasks,
  cutVariables,
  incidents,
  jobs,
  messageSubscriptions,
  correlatedSubscriptions,
  auditLogs,
  batchOperations,
  batchItems,
  waitStates,
  forms,
  resources,
  decisionDefinitions,
  decisionRequirements,
  decisionInstances,
  decisionInstance,
  ...STATISTICS,
];

const review = model('review')
  .start()
  .userTask('Review', { candidateGroups: '=["clerks"]', assignee: '=person' })
  .end()
  .path('start', 'Review', 'end')
  .toXml();

const EVERYBODY = { tenantId: null };

/** A value and the operators that this kind of filter knows. */
function samplesOf({ filter, values = [] }: Filterable): readonly unknown[] {
  const equality = (value: unknown) => [
    value,
    { $eq: value, $neq: value, $in: [value], $notIn: [value], $exists: true },
  ];
  const ordering = (value: unknown) => [
    value,
    { $eq: value, $neq: value, $gt: value, $gte: value, $lt: value, $lte: value, $in: [value], $exists: false },
  ];
  switch (filter) {
    case 'strF':
      return [...equality("it's"), { $like: 'a*?\\*%_' }];
    case 'keyF':
      return equality('42');
    case 'dateF':
      return ordering('2019-05-06T01:00:00Z');
    case 'intF':
      return ordering(7);
    case 'enumF':
      return [...equality(values[0]), { $like: 'A*' }];
    case 'string':
      return ['text'];
    case 'key':
      return ['42'];
    case 'int':
      return [1];
    case 'bool':
      return [true, false];
    case 'enum':
      return [values[0]];
    case 'tags':
      return [['a', 'b']];
    case 'variables':
      return [
        [
          { name: 'n', value: '"x"' },
          { name: 'm', value: { $like: '*1', $in: ['11', '21'] } },
        ],
      ];
  }
}

describe('searches', () => {
  let harness: RuntimeHarness;
  const keys: Key[] = [];
  const search = (entity: Entity, request: SearchRequest, viewer: { tenantId: string | null } = EVERYBODY) =>
    harness.runtime.history.search(entity, viewer, { request });
  const ids = (page: SearchPage): readonly unknown[] => page.items.map((item) => item['processInstanceKey']);

  beforeAll(async () => {
    harness = await createRuntimeHarness();
    await harness.deploy(review);
    for (const [index, person] of ['an', 'binh', null, 'chi', null, 'dung', 'an'].entries()) {
      keys.push(
        await harness.transactions.run((tx) =>
          harness.runtime.startInstance(tx, {
            processId: 'review',
            tenantId: index === 6 ? 'so-b' : 'so-a',
            businessKey: index === 6 ? 'Mật của sở B' : `hồ sơ ${index}`,
            variables: { person, place: `so-${index}`, amount: index, text: 'x'.repeat(9_000) },
            actorId: null,
          }),
        ),
      );
      harness.clock.advance(60_000);
    }
  });
  afterAll(() => harness.database.drop());

  it('runs every filter with every operator, and every sort, of every entity', async () => {
    for (const entity of ENTITIES) {
      for (const [name, filterable] of Object.entries(filtersOf(entity))) {
        for (const value of samplesOf(filterable)) {
          const page = await search(entity, { filter: { [name]: value }, page: { limit: 1 } });
          expect(page.page.totalItems).toBeGreaterThanOrEqual(page.items.length);
        }
      }
      for (const field of sortFieldsOf(entity)) {
        for (const order of ['ASC', 'desc']) {
          const sort = [{ field, order }];
          const first = await search(entity, { sort, page: { limit: 2 } });
          const cursor = first.page.endCursor;
          if (cursor !== null) await search(entity, { sort, page: { after: cursor, limit: 2 } });
        }
      }
    }
  });

  it.each([
    ['the default order', []],
    ['one field', [{ field: 'startDate', order: 'DESC' }]],
    ['a field that may be empty', [{ field: 'endDate', order: 'ASC' }]],
    [
      'mixed directions',
      [
        { field: 'hasIncident', order: 'DESC' },
        { field: 'startDate', order: 'ASC' },
      ],
    ],
  ])('walks pages forwards and backwards without gap or repetition, in %s', async (_name, sort) => {
    const all = ids(await search(processInstances, { sort }));
    const forwards: unknown[] = [];
    let page = await search(processInstances, { sort, page: { limit: 2 } });
    let last = page;
    while (page.items.length > 0) {
      forwards.push(...ids(page));
      last = page;
      page = await search(processInstances, { sort, page: { limit: 2, after: page.page.endCursor ?? '' } });
    }
    expect(forwards).toEqual(all);
    expect(page.page).toMatchObject({ totalItems: 7, startCursor: null, endCursor: null });
    const before = await search(processInstances, { sort, page: { limit: 3, before: last.page.startCursor ?? '' } });
    expect(ids(before)).toEqual(all.slice(3, 6));
  });

  it('answers what a position in another order cannot mean, and what is no cursor, with a refusal', async () => {
    const { page } = await search(processInstances, { page: { limit: 1 } });
    const other = [{ field: 'startDate', order: 'ASC' }];
    for (const request of [
      { sort: other, page: { after: page.endCursor ?? '' } },
      { page: { after: 'bm90IG91cnM=' } },
      { page: { after: page.endCursor ?? '', from: 1 } },
      { page: { limit: -1 } },
      { sort: [{ field: 'tags' }] },
    ]) {
      await expect(search(processInstances, request)).rejects.toMatchObject({ code: 'SEARCH_INVALID' });
    }
  });

  it('finds instances by variables as JSON text, by alternatives, and by the elements they stand at', async () => {
    const found = async (filter: Readonly<Record<string, unknown>>) => ids(await search(processInstances, { filter }));
    expect(await found({ variables: [{ name: 'place', value: '"so-2"' }] })).toEqual([keys[2]]);
    expect(
      await found({
        variables: [
          { name: 'place', value: { $like: '"so-?"' } },
          { name: 'amount', value: '3' },
        ],
      }),
    ).toEqual([keys[3]]);
    expect(
      await found({ $or: [{ processInstanceKey: keys[0] }, { variables: [{ name: 'amount', value: '1' }] }] }),
    ).toEqual(keys.slice(0, 2));
    expect(await found({ elementId: 'Review', elementInstanceState: 'active', state: 'ACTIVE' })).toEqual(keys);
    expect(await found({ elementId: 'end' })).toEqual([]);
  });

  it('treats a missing assignee as different from every name', async () => {
    const count = async (assignee: unknown) => (await search(userTasks, { filter: { assignee } })).page.totalItems;
    expect([
      await count({ $exists: false }),
      await count({ $neq: 'an' }),
      await count({ $notIn: ['an', 'chi'] }),
    ]).toEqual([2, 5, 4]);
  });

  it('knows who has claimed a task, from the event of the claim', async () => {
    const key = keys[2] ?? '';
    await harness.transactions.run(async (tx) => {
      const actor = { userId: 'lan', tenantId: 'so-a', groups: ['clerks'] };
      const { rows } = await tx.query<{ key: Key }>(`select key from user_tasks where instance_key = $1`, [key]);
      await harness.runtime.claimTask(tx, actor, await harness.runtime.openTask(tx, actor, rows[0]?.key as Key));
    });
    const { items } = await search(userTasks, { filter: { assignee: 'lan' } });
    expect(items).toMatchObject([{ processInstanceKey: key, state: 'CREATED' }]);
    const audit = await search(auditLogs, { filter: { operationType: 'ASSIGN', processInstanceKey: key } });
    expect(audit.items).toMatchObject([{ actorId: 'lan', entityType: 'USER_TASK' }]);
  });

  it('cuts long values in a search and says so', async () => {
    const page = await search(cutVariables, {
      filter: { name: 'text', isTruncated: true, processInstanceKey: keys[0] },
    });
    expect(page.items).toMatchObject([{ isTruncated: true, scopeKey: keys[0] }]);
    expect(String(page.items[0]?.['value'])).toHaveLength(8_191);
  });

  it('shows another agency neither rows nor counts nor pages of them', async () => {
    const stranger = { tenantId: 'so-c' };
    for (const entity of ENTITIES.filter((candidate) => candidate.tenant !== null)) {
      const page = await search(entity, { page: { limit: 1 } }, stranger);
      expect([entity.name, page]).toEqual([
        entity.name,
        { items: [], page: { totalItems: 0, hasMoreTotalItems: false, startCursor: null, endCursor: null } },
      ]);
    }
    const own = await search(processInstances, { sort: [{ field: 'businessId' }] }, { tenantId: 'so-b' });
    expect([own.page.totalItems, ids(own)]).toEqual([1, [keys[6]]]);
    expect(await harness.runtime.history.find(processInstances, stranger, keys[6] ?? '')).toBeNull();
    // A cursor of a page that somebody else saw opens nothing.
    const seen = await search(processInstances, { page: { limit: 1 } });
    expect(
      ids(await search(processInstances, { page: { after: seen.page.startCursor ?? '' } }, { tenantId: 'so-b' })),
    ).toEqual([keys[6]]);
  });
});
