// Public clients, unmodified, against a listening server: @camunda8/sdk and @camunda8/orchestration-cluster-api with its
// strict validation of answers; without credentials (test mode), with Basic and with Bearer.

import { Camunda8 } from '@camunda8/sdk';
import createCamundaClient, { type CamundaClient } from '@camunda8/orchestration-cluster-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importUsers } from '../../../server/modules/agencies/index.ts';
import { createPasswordHasher } from '../../../server/adapters/ids/password-hasher.ts';
import type { AgencyId } from '../../../server/shared/ids.ts';
import { SENDER } from '../../support/staff.ts';
import { type LiveServer, orderProcess, startLiveServer } from './live-server.ts';

const NO_WAIT = { consistency: { waitUpToMs: 0 } } as const;
const ALL = ['read', 'deploy', 'start', 'work', 'tasks', 'operate'] as const;

describe('public clients', () => {
  let server: LiveServer;
  let bearer: string;
  beforeAll(async () => {
    server = await startLiveServer({ isTestMode: true });
    bearer = await server.createToken('machine', ALL);
    const passwordHash = await createPasswordHasher().hash('secret');
    const admin = { username: 'quan.tri', fullName: 'Quản trị (mẫu)', position: 'Quản trị', isSample: true };
    await server.installation.database.transactions.run((tx) =>
      importUsers(tx, [{ ...admin, agencyId: SENDER as AgencyId, roles: ['admin'], passwordHash }]),
    );
  });
  afterAll(() => server.close());

  const sdk = (auth: Record<string, string>) =>
    new Camunda8({
      ZEEBE_REST_ADDRESS: server.baseUrl,
      CAMUNDA_LOG_LEVEL: 'none',
      ...auth,
    } as ConstructorParameters<typeof Camunda8>[0]).getCamundaRestClient(); // its own type lists hundreds of settings

  const cluster = (auth: Record<string, string>): CamundaClient =>
    createCamundaClient({
      // This version of the client validates the answer style of its own time.
      config: {
        CAMUNDA_REST_ADDRESS: `${server.baseUrl}/8.8`,
        CAMUNDA_SDK_VALIDATION: 'req:strict,res:strict',
        ...auth,
      },
    });

  it.each([
    ['none', { CAMUNDA_AUTH_STRATEGY: 'NONE' }],
    ['basic', basicAuth()],
    ['bearer', {}],
  ])('the SDK deploys, works, correlates and completes with authentication %s', async (name, given) => {
    const auth = name === 'bearer' ? { CAMUNDA_AUTH_STRATEGY: 'BEARER', CAMUNDA_OAUTH_TOKEN: bearer } : given;
    const client = sdk(auth);
    const id = `sdk-${name}`;
    const deployed = await client.deployResources([{ content: orderProcess(id), name: `${id}.bpmn` }]);
    expect(deployed.processes).toHaveLength(1);

    const done = new Promise<unknown>((resolve) => {
      const worker = client.createJobWorker({
        type: `${id}-work`,
        worker: 'test',
        timeout: 30_000,
        maxJobsToActivate: 5,
        jobHandler: async (job) => {
          const answer = await job.complete({ price: 12 });
          void worker.stop();
          resolve(job.customHeaders);
          return answer;
        },
      });
    });
    const started = await client.createProcessInstance({ processDefinitionId: id, variables: { order: `${id}-1` } });
    expect(await done).toEqual({ desk: '7' });
    await client.publishMessage({
      name: `${id}-paid`,
      correlationKey: `${id}-1`,
      variables: { paid: true },
      timeToLive: 60_000,
      messageId: `${id}-1`,
    });
    const task = await findTask(() =>
      client.searchUserTasks({ filter: { processInstanceKey: started.processInstanceKey, state: 'CREATED' } }),
    );
    await client.assignUserTask({ userTaskKey: task, assignee: 'somebody', allowOverride: true });
    await client.completeUserTask({ userTaskKey: task, variables: { isGood: true } });
    const { items } = await client.searchProcessInstances({
      filter: { processInstanceKey: started.processInstanceKey },
    } as Parameters<typeof client.searchProcessInstances>[0]); // its type wants a page, the server does not
    expect(items[0]).toMatchObject({ state: 'COMPLETED' });
  });

  it('the SDK moves an instance to another element and to another version', async () => {
    const client = sdk({ CAMUNDA_AUTH_STRATEGY: 'NONE' });
    await client.deployResources([{ content: orderProcess('moves'), name: 'moves.bpmn' }]);
    const { processInstanceKey } = await client.createProcessInstance({
      processDefinitionId: 'moves',
      variables: { order: 'm' },
    });
    const { items } = await client.searchElementInstances({
      filter: { processInstanceKey, elementId: 'work' },
    } as Parameters<typeof client.searchElementInstances>[0]); // as above
    await client.modifyProcessInstance({
      processInstanceKey,
      activateInstructions: [{ elementId: 'check' }],
      terminateInstructions: [{ elementInstanceKey: String(items[0]?.elementInstanceKey) }],
    } as Parameters<typeof client.modifyProcessInstance>[0]); // as above
    const second = await client.deployResources([{ content: orderProcess('moves', 2), name: 'moves.bpmn' }]);
    const targetProcessDefinitionKey = second.processes[0]?.processDefinitionKey ?? '';
    await client.migrateProcessInstance({
      processInstanceKey,
      targetProcessDefinitionKey,
      mappingInstructions: [{ sourceElementId: 'check', targetElementId: 'check' }],
    });
    const instance = await server.installation.app.inject(`/v2/process-instances/${processInstanceKey}`);
    expect(instance.json()).toMatchObject({ processDefinitionVersion: 2, state: 'ACTIVE' });
    await client.cancelProcessInstance({ processInstanceKey });
  });

  it.each([
    ['none', () => ({ CAMUNDA_AUTH_STRATEGY: 'NONE' })],
    ['basic', () => basicAuth()],
  ])('the cluster client works with strict validation and authentication %s', async (name, auth) => {
    const client = cluster(auth());
    const id = `oca-${name}`;
    const file = new File([orderProcess(id)], `${id}.bpmn`, { type: 'application/xml' });
    const { processes } = await client.createDeployment({ resources: [file] });
    expect(processes).toHaveLength(1);
    const topology = await client.getTopology();
    expect(topology.brokers).toHaveLength(1);

    const started = await client.createProcessInstance({
      processDefinitionKey: processes[0]?.processDefinitionKey as never, // branded by the client itself
      variables: { order: `${id}-1` },
      tags: ['sample' as never], // branded by the client
    });
    const { jobs } = await client.activateJobs({
      type: `${id}-work`,
      worker: 'test',
      timeout: 60_000,
      maxJobsToActivate: 1,
    });
    expect(jobs[0]).toMatchObject({ kind: 'BPMN_ELEMENT', tags: ['sample'] });
    await client.completeJob({ jobKey: jobs[0]?.jobKey as never, variables: { price: 1 } }); // branded by the client
    await client.correlateMessage({ name: `${id}-paid`, correlationKey: `${id}-1` });
    const task = await findTask(() =>
      client.searchUserTasks({ filter: { processInstanceKey: started.processInstanceKey, state: 'CREATED' } }, NO_WAIT),
    );
    await client.completeUserTask({ userTaskKey: task as never }); // branded by the client
    const found = await client.getProcessInstance({ processInstanceKey: started.processInstanceKey }, NO_WAIT);
    expect(found).toMatchObject({ state: 'COMPLETED', tags: ['sample'] });
    const variables = await client.searchVariables(
      { filter: { processInstanceKey: started.processInstanceKey } },
      NO_WAIT,
    );
    expect(variables.items.map((variable) => variable.name).sort()).toEqual(['order', 'price']);
  });

  it('the cluster client reads the answers of awaited starts, decisions and expressions', async () => {
    const client = cluster({ CAMUNDA_AUTH_STRATEGY: 'NONE' });
    await expect(
      client.createProcessInstance({ processDefinitionId: 'nowhere' as never }), // branded by the client
    ).rejects.toMatchObject({ status: 404, title: 'NOT_FOUND' });
    const signal = await client.broadcastSignal({ signalName: 'nobody-waits' });
    expect(signal.signalKey).toMatch(/^\d+$/);
    expect(await client.getLicense()).toMatchObject({ isCommercial: false });
  });
});

function basicAuth(): Record<string, string> {
  return {
    CAMUNDA_AUTH_STRATEGY: 'BASIC',
    CAMUNDA_BASIC_AUTH_USERNAME: 'quan.tri',
    CAMUNDA_BASIC_AUTH_PASSWORD: 'secret',
  };
}

/** The message travels as work of its own: asked again until the task is there. */
async function findTask(
  search: () => Promise<{ readonly items: readonly { readonly userTaskKey: string | number }[] }>,
): Promise<string> {
  for (let round = 0; round < 200; round += 1) {
    const [task] = (await search()).items;
    if (task !== undefined) return String(task.userTaskKey);
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('No open user task');
}
