// Operations on many instances from the request to their end: each kind reaches all that its filter finds, one item that
// is refused does not stop the others, and the progress that a client sees adds up at every moment.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstallation, type Installation } from '../../support/installation.ts';
import { model } from '../../support/model-builder.ts';

interface Progress {
  readonly state: string;
  readonly operationsTotalCount: number;
  readonly operationsCompletedCount: number;
  readonly operationsFailedCount: number;
}

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation({ isTestMode: true });
});
afterAll(() => installation.close());

async function call<Answer>(method: 'GET' | 'POST', url: string, payload?: object): Promise<Answer> {
  const response = await installation.app.inject({ method, url: `/v2${url}`, ...(payload && { payload }) });
  if (response.statusCode >= 300) throw new Error(`${method} ${url}: ${response.statusCode} ${response.body}`);
  return (response.statusCode === 204 ? {} : response.json()) as Answer; // as the test expects it
}
const statusOf = async (url: string): Promise<number> =>
  (await installation.app.inject({ method: 'POST', url: `/v2${url}` })).statusCode;

const twoSteps = (processId: string, type: string, extra = ''): string =>
  model(processId)
    .start()
    .serviceTask('First', { type })
    .serviceTask(`Second${extra}`, { type: `${type}-2` })
    .end()
    .path('start', 'First', `Second${extra}`, 'end')
    .toXml();

const deploy = (processId: string, extra = ''): Promise<void> =>
  installation.deploy(`${processId}.bpmn`, twoSteps(processId, processId, extra));

const start = (processDefinitionId: string, count: number): Promise<readonly { processInstanceKey: string }[]> =>
  Promise.all(
    Array.from({ length: count }, () =>
      call<{ processInstanceKey: string }>('POST', '/process-instances', { processDefinitionId }),
    ),
  );

const begin = async (noun: string, body: object): Promise<string> =>
  (await call<{ batchOperationKey: string }>('POST', `/process-instances/${noun}`, body)).batchOperationKey;

const progressOf = (key: string): Promise<Progress> => call('GET', `/batch-operations/${key}`);
const round = (): Promise<number> => installation.services.runtime.commands.runBatches();

async function finish(key: string): Promise<Progress> {
  for (let count = 0; count < 50; count += 1) {
    const progress = await progressOf(key);
    const { operationsCompletedCount: good, operationsFailedCount: bad, operationsTotalCount: total } = progress;
    expect(good + bad).toBeLessThanOrEqual(total);
    if (progress.state !== 'ACTIVE' && progress.state !== 'CREATED') return progress;
    await round();
  }
  throw new Error('The batch does not come to an end');
}

const count = async (url: string, filter: object): Promise<number> =>
  (await call<{ page: { totalItems: number } }>('POST', `${url}/search`, { filter })).page.totalItems;
const instances = (filter: object): Promise<number> => count('/process-instances', filter);

const done = (total: number) => ({
  state: 'COMPLETED',
  operationsTotalCount: total,
  operationsCompletedCount: total,
  operationsFailedCount: 0,
});

describe('operations on many instances', () => {
  it('cancel what the filter finds, in several chunks, and nothing else', async () => {
    await deploy('many');
    await deploy('others');
    await start('many', 120);
    await start('others', 1);
    const key = await begin('cancellation', { filter: { processDefinitionId: 'many' } });
    expect(await progressOf(key)).toMatchObject({ state: 'ACTIVE', operationsTotalCount: 120 });
    await round();
    const { operationsCompletedCount } = await progressOf(key);
    expect(operationsCompletedCount).toBeGreaterThan(0);
    expect(operationsCompletedCount).toBeLessThan(120);
    expect(await finish(key)).toMatchObject(done(120));
    expect(await instances({ processDefinitionId: 'many', state: 'TERMINATED' })).toBe(120);
    expect(await instances({ processDefinitionId: 'others', state: 'ACTIVE' })).toBe(1);
    expect(await count('/batch-operation-items', { batchOperationKey: key, state: 'COMPLETED' })).toBe(120);
  });

  it('end at once when the filter finds nothing', async () => {
    const key = await begin('cancellation', { filter: { processDefinitionId: 'nobody' } });
    expect(await progressOf(key)).toMatchObject(done(0));
  });

  it('go on past an item that is refused, and say why', async () => {
    await deploy('partly');
    const [first] = await start('partly', 3);
    const key = await begin('cancellation', { filter: { processDefinitionId: 'partly' } });
    await call('POST', `/process-instances/${first?.processInstanceKey}/cancellation`);
    expect(await finish(key)).toMatchObject({
      state: 'PARTIALLY_COMPLETED',
      operationsTotalCount: 3,
      operationsCompletedCount: 2,
      operationsFailedCount: 1,
    });
    const { items } = await call<{ items: { processInstanceKey: string; errorMessage: string }[] }>(
      'POST',
      '/batch-operation-items/search',
      { filter: { batchOperationKey: key, state: 'FAILED' } },
    );
    expect(items.map((item) => item.processInstanceKey)).toEqual([first?.processInstanceKey]);
    expect(items[0]?.errorMessage).not.toBe('');
  });

  it('stand still while they are paused, and keep what was done when they are canceled', async () => {
    await deploy('paused');
    await start('paused', 60);
    const key = await begin('cancellation', { filter: { processDefinitionId: 'paused' } });
    await round();
    const before = await progressOf(key);
    await call('POST', `/batch-operations/${key}/suspension`);
    expect(await round()).toBe(0);
    expect(await progressOf(key)).toMatchObject({ ...before, state: 'SUSPENDED' });
    expect(await statusOf(`/batch-operations/${key}/suspension`)).toBe(409);
    await call('POST', `/batch-operations/${key}/resumption`);
    expect(await finish(key)).toMatchObject(done(60));
    expect(await statusOf(`/batch-operations/${key}/cancellation`)).toBe(409);

    await start('paused', 60);
    const other = await begin('cancellation', { filter: { processDefinitionId: 'paused', state: 'ACTIVE' } });
    await round();
    await call('POST', `/batch-operations/${other}/cancellation`);
    expect(await round()).toBe(0);
    const { state, operationsCompletedCount } = await progressOf(other);
    expect(state).toBe('CANCELED');
    const canceled = await count('/batch-operation-items', { batchOperationKey: other, state: 'CANCELED' });
    expect(operationsCompletedCount + canceled).toBe(60);
    expect(await instances({ processDefinitionId: 'paused', state: 'ACTIVE' })).toBe(canceled);
  });

  it('give the jobs of incidents another try', async () => {
    await deploy('broken');
    await start('broken', 3);
    const { jobs } = await call<{ jobs: { jobKey: string }[] }>('POST', '/jobs/activation', {
      type: 'broken',
      timeout: 60_000,
      maxJobsToActivate: 10,
      requestTimeout: -1,
    });
    for (const { jobKey } of jobs) await call('POST', `/jobs/${jobKey}/failure`, { retries: 0, errorMessage: 'no' });
    expect(await count('/incidents', { processDefinitionId: 'broken', state: 'ACTIVE' })).toBe(3);
    const key = await begin('incident-resolution', { filter: { processDefinitionId: 'broken', hasIncident: true } });
    expect(await finish(key)).toMatchObject(done(3));
    expect(await count('/incidents', { processDefinitionId: 'broken', state: 'ACTIVE' })).toBe(0);
    const again = await call<{ jobs: { retries: number }[] }>('POST', '/jobs/activation', {
      type: 'broken',
      timeout: 60_000,
      maxJobsToActivate: 10,
      requestTimeout: -1,
    });
    expect(again.jobs.map(({ retries }) => retries)).toEqual([1, 1, 1]);
  });

  it('move tokens and migrate to another version', async () => {
    await deploy('moving');
    await start('moving', 4);
    const moved = await begin('modification', {
      filter: { processDefinitionId: 'moving' },
      moveInstructions: [{ sourceElementId: 'First', targetElementId: 'Second' }],
    });
    expect(await finish(moved)).toMatchObject(done(4));
    const atSecond = { processDefinitionId: 'moving', elementId: 'Second', state: 'ACTIVE' };
    expect(await count('/element-instances', atSecond)).toBe(4);

    await deploy('moving', 'New');
    const { items } = await call<{ items: { processDefinitionKey: string }[] }>('POST', '/process-definitions/search', {
      filter: { processDefinitionId: 'moving', version: 2 },
    });
    const target = items[0]?.processDefinitionKey;
    const migrated = await begin('migration', {
      filter: { processDefinitionId: 'moving' },
      migrationPlan: {
        targetProcessDefinitionKey: target,
        mappingInstructions: [{ sourceElementId: 'Second', targetElementId: 'SecondNew' }],
      },
    });
    expect(await finish(migrated)).toMatchObject(done(4));
    expect(await instances({ processDefinitionKey: target, state: 'ACTIVE' })).toBe(4);
    const end = await begin('cancellation', { filter: { processDefinitionKey: target } });
    expect(await finish(end)).toMatchObject(done(4));
  });
});
