// Work for machines: which job a worker gets, how many, for how long, and what is kept of who did it; what operators set
// about it, and the figures that Prometheus reads.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_SCOPES } from '../../../server/modules/agencies/index.ts';
import { model } from '../../support/model-builder.ts';
import { SENDER } from '../../support/staff.ts';
import { type LiveServer, startLiveServer } from './live-server.ts';

interface Job {
  readonly jobKey: string;
  readonly retries: number;
  readonly deadline: number;
  readonly variables: Readonly<Record<string, unknown>>;
}

let server: LiveServer;
beforeAll(async () => {
  server = await startLiveServer({ isTestMode: true });
});
afterAll(() => server.close());

const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH', path: string, body?: unknown) => {
  const answer = await fetch(`${server.baseUrl}${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text.startsWith('{') ? JSON.parse(text) : text) as Record<string, unknown> };
};

async function startJobs(type: string, ranks: readonly number[], priority: string | null = null): Promise<void> {
  const xml = model(type).start().serviceTask('Work', { type }).end().path('start', 'Work', 'end').toXml();
  const definition = `<zeebe:jobPriorityDefinition priority="${priority ?? ''}" />`;
  const ranked = xml.replace('<zeebe:taskDefinition', `${definition}<zeebe:taskDefinition`);
  await server.installation.deploy(`${type}.bpmn`, priority === null ? xml : ranked);
  for (const rank of ranks) {
    const started = await call('POST', '/v2/process-instances', { processDefinitionId: type, variables: { rank } });
    expect(started.status).toBe(200);
  }
}

async function take(type: string, maxJobsToActivate: number, more: Record<string, unknown> = {}): Promise<Job[]> {
  const asked = { type, worker: 'w-1', timeout: 60_000, maxJobsToActivate, requestTimeout: -1, ...more };
  const { status, body } = await call('POST', '/v2/jobs/activation', asked);
  expect(status).toBe(200);
  return body['jobs'] as Job[];
}
const complete = async (job: Job | undefined): Promise<void> =>
  expect((await call('POST', `/v2/jobs/${job?.jobKey ?? ''}/completion`, {})).status).toBe(204);
const ranksOf = (jobs: readonly Job[]): unknown[] => jobs.map(({ variables }) => variables['rank']);

describe('which jobs a worker gets', () => {
  it('gets the most urgent ones first and equals in the order of their creation', async () => {
    await startJobs('ranked', [1, 5, 3, 5], '=rank');
    expect(ranksOf(await take('ranked', 3))).toEqual([5, 5, 3]);
    expect(ranksOf(await take('ranked', 3))).toEqual([1]);
  });

  it('makes an incident of a priority that is no number', async () => {
    await startJobs('unranked', [1], '=&quot;high&quot;');
    const found = await call('POST', '/v2/incidents/search', { filter: { processDefinitionId: 'unranked' } });
    expect(found.body['items']).toMatchObject([{ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'Work' }]);
  });

  it('shares jobs among workers that ask at the same moment, each to one', async () => {
    await startJobs(
      'shared',
      Array.from({ length: 20 }, (_, index) => index),
    );
    const taken = await Promise.all(Array.from({ length: 12 }, () => take('shared', 2)));
    const keys = taken.flat().map(({ jobKey }) => jobKey);
    expect([keys.length, new Set(keys).size]).toEqual([20, 20]);
    expect(Math.max(...taken.map((jobs) => jobs.length))).toBe(2);
  });
});

describe('limits of a type', () => {
  it('give out no more than may be held at once, and the next one when one is done', async () => {
    await startJobs('held', [1, 2, 3]);
    expect((await call('PUT', '/v2/job-limits/held', { maxHeld: 2 })).status).toBe(204);
    const first = await take('held', 10);
    expect(first).toHaveLength(2);
    expect(await take('held', 10)).toEqual([]);
    const listed = await call('GET', '/v2/job-limits');
    expect(listed.body['items']).toMatchObject([{ type: 'held', maxHeld: 2, perSecond: null, held: 2 }]);
    const waiting = take('held', 10, { requestTimeout: 20_000 });
    await complete(first[0]);
    expect(ranksOf(await waiting)).toEqual([3]);
    expect((await call('DELETE', '/v2/job-limits/held')).status).toBe(204);
    expect((await call('DELETE', '/v2/job-limits/held')).status).toBe(404);
  });

  it('hold among workers that ask at the same moment', async () => {
    await startJobs('crowd', [1, 2, 3, 4, 5, 6]);
    await call('PUT', '/v2/job-limits/crowd', { maxHeld: 4 });
    const taken = await Promise.all(Array.from({ length: 10 }, () => take('crowd', 3)));
    expect(taken.flat()).toHaveLength(4);
  });

  it('are gone for the very next worker after they were taken away', async () => {
    await startJobs('freed', [1]);
    await call('PUT', '/v2/job-limits/freed', { maxHeld: 0 });
    expect(await take('freed', 1)).toEqual([]);
    await call('DELETE', '/v2/job-limits/freed');
    expect(await take('freed', 1)).toHaveLength(1);
  });

  it('give out no more per second than they say', async () => {
    await startJobs('rated', [1, 2, 3]);
    // The next one comes after a thousand seconds; the first is there at once.
    await call('PUT', '/v2/job-limits/rated', { perSecond: 0.001 });
    expect(await take('rated', 10)).toHaveLength(1);
    expect(await take('rated', 10)).toEqual([]);
    await call('PUT', '/v2/job-limits/rated', { perSecond: 1000 });
    const waited = await take('rated', 10, { requestTimeout: 20_000 });
    expect(waited.length).toBeGreaterThan(0);
  });

  it.each([
    [{}, 400],
    [{ maxHeld: -1 }, 400],
    [{ perSecond: 0 }, 400],
    [{ maxHeld: '2' }, 400],
    [{ maxHeld: 1, other: 1 }, 400],
  ])('refuse %j', async (body, status) => {
    expect((await call('PUT', '/v2/job-limits/bad', body)).status).toBe(status);
  });

  it('are not set by a client of one agency, nor for work of the server itself', async () => {
    const token = await server.createToken('one-agency', CLIENT_SCOPES, SENDER);
    const answer = await fetch(`${server.baseUrl}/v2/job-limits/x`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"maxHeld":1}',
    });
    expect(answer.status).toBe(403);
    expect((await call('PUT', '/v2/job-limits/sign.number', { maxHeld: 0 })).status).toBe(403);
  });
});

describe('a job in the hands of a worker', () => {
  it('stays longer when the worker asks for more time, and goes to another one when it does not', async () => {
    await startJobs('beats', [1]);
    const [job] = await take('beats', 1, { timeout: 10_000 });
    await call('PATCH', `/v2/jobs/${job?.jobKey ?? ''}`, { changeset: { timeout: 60_000 } });
    server.installation.clock.advance(30_000);
    expect(await take('beats', 1)).toEqual([]);
    server.installation.clock.advance(31_000);
    const [again] = await take('beats', 1, { worker: 'w-2' });
    expect(again?.jobKey).toBe(job?.jobKey);
    await complete(again);
    const found = await call('POST', '/v2/jobs/search', { filter: { jobKey: job?.jobKey } });
    expect(found.body['items']).toMatchObject([{ state: 'COMPLETED', worker: 'w-2' }]);
  });

  it('rests after a failure for as long as the worker says', async () => {
    await startJobs('backs-off', [1]);
    const [job] = await take('backs-off', 1);
    await call('POST', `/v2/jobs/${job?.jobKey ?? ''}/failure`, {
      retries: 2,
      retryBackOff: 30_000,
      errorMessage: 'later',
    });
    expect(await take('backs-off', 1)).toEqual([]);
    server.installation.clock.advance(31_000);
    expect(await take('backs-off', 1)).toMatchObject([{ jobKey: job?.jobKey, retries: 2 }]);
  });
});

describe('GET /metrics', () => {
  it('counts jobs by type for a client with the scope and without an agency', async () => {
    await startJobs('counted', [1, 2, 3]);
    const [job] = await take('counted', 2);
    await complete(job);
    const ask = async (token: string) =>
      fetch(`${server.baseUrl}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const answer = await ask(await server.createToken('prometheus', ['metrics']));
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('tram_jobs_activated_total{type="counted"} 2');
    expect(text).toContain('tram_jobs_ended_total{type="counted",outcome="completed"} 1');
    expect(text).toContain('tram_jobs{type="counted",state="held"} 1');
    expect(text).toContain('tram_jobs{type="counted",state="available"} 1');
    expect(text).toMatch(
      /tram_http_request_duration_seconds_count\{method="POST",route="\/v2\/jobs\/activation",status="200"\}/,
    );
    expect((await ask(await server.createToken('reader', ['read']))).status).toBe(403);
    expect((await ask(await server.createToken('agency', ['metrics'], SENDER))).status).toBe(403);
    expect((await ask('nonsense')).status).toBe(401);
  });
});
