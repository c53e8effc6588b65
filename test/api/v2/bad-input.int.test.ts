// Bad input to /v2: each case is refused with a problem that says why, never with a 5xx, and changes nothing. "Nothing"
// is checked: a checksum over everything that a command could write, before and after.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderProcess, startLiveServer, type LiveServer } from './live-server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const TABLES = [
  'process_definitions',
  'process_instances',
  'engine_events',
  'user_tasks',
  'jobs',
  'incidents',
  'messages',
  'message_subscriptions',
  'batch_operations',
  'resources',
  'forms',
];

let server: LiveServer;
let instanceKey: string;
beforeAll(async () => {
  server = await startLiveServer({ isTestMode: true });
  await server.installation.deploy('bad.bpmn', orderProcess('bad'));
  const started = await send(
    '/process-instances',
    JSON.stringify({ processDefinitionId: 'bad', variables: { order: '1' } }),
  );
  ({ processInstanceKey: instanceKey } = (await started.json()) as { processInstanceKey: string });
});
afterAll(() => server.close());

const send = (
  url: string,
  body: string | FormData | null,
  headers: Record<string, string> = JSON_TYPE,
  method = 'POST',
) => fetch(`${server.baseUrl}/v2${url}`, { method, headers, body });

async function stateOf(): Promise<string> {
  const hash = createHash('sha256');
  for (const table of TABLES) {
    const { rows } = await server.installation.database.pool.query<{ text: string }>(
      `select coalesce(string_agg(t::text, '|' order by t::text), '') as text from ${table} t`,
    );
    hash.update(rows[0]?.text ?? '');
  }
  return hash.digest('hex');
}

async function expectRefused(attempt: () => Promise<Response>, status: number): Promise<void> {
  const before = await stateOf();
  const answer = await attempt();
  const problem = (await answer.json()) as Record<string, unknown>;
  expect([answer.status, problem['status'], problem['detail']]).toEqual([status, status, expect.stringMatching(/\S/)]);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await stateOf()).toBe(before);
}

describe('what cannot be read', () => {
  const start = '/process-instances';
  it.each<[string, string, string, Record<string, string>, number]>([
    ['half a JSON', start, '{"processDefinitionId":"bad"', JSON_TYPE, 400],
    ['two JSON in one', start, '{"processDefinitionId":"bad"}{}', JSON_TYPE, 400],
    ['a comment', start, '{/* */"processDefinitionId":"bad"}', JSON_TYPE, 400],
    ['no body where one is needed', start, '', JSON_TYPE, 400],
    ['null for a body', start, 'null', JSON_TYPE, 400],
    ['a list for a body', start, '[]', JSON_TYPE, 400],
    ['a text for a body', start, '"bad"', JSON_TYPE, 400],
    ['form fields', start, 'processDefinitionId=bad', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['XML', start, '<start/>', { 'content-type': 'application/xml' }, 415],
    ['a content type that is none', start, '{}', { 'content-type': '/' }, 415],
    ['an unknown property', start, '{"processDefinitionId":"bad","tenant":"x"}', JSON_TYPE, 400],
    ['an unknown property below', '/jobs/search', '{"filter":{"nothing":1}}', JSON_TYPE, 400],
    [
      'a poisoned prototype in variables',
      start,
      '{"processDefinitionId":"bad","variables":{"__proto__":{}}}',
      JSON_TYPE,
      400,
    ],
    ['a body above the limit', start, `{"processDefinitionId":"${'x'.repeat(5 << 20)}"}`, JSON_TYPE, 413],
  ])('is refused: %s', async (...[, url, body, headers, status]) => {
    await expectRefused(() => send(url, body, headers), status);
  });
});

describe('what is read and not possible', () => {
  it.each<[string, string, object, number]>([
    ['a limit below zero', '/process-instances/search', { page: { limit: -1 } }, 400],
    ['a limit beyond all bounds', '/process-instances/search', { page: { limit: 1e9 } }, 400],
    ['a place below zero', '/process-instances/search', { page: { from: -5 } }, 400],
    ['a cursor that is none', '/process-instances/search', { page: { after: 'garbage!' } }, 400],
    ['a sort field that is none', '/process-instances/search', { sort: [{ field: "key'; --" }] }, 400],
    ['a key of 30 digits', '/process-instances', { processDefinitionKey: '9'.repeat(30) }, 400],
    ['a key of letters', '/jobs/abc/completion', {}, 400],
    ['no job at all', '/jobs/999999/completion', {}, 404],
    ['jobs in negative numbers', '/jobs/activation', { type: 'bad-work', timeout: 1000, maxJobsToActivate: -1 }, 400],
    ['a time below zero', '/jobs/activation', { type: 'bad-work', timeout: -1, maxJobsToActivate: 1 }, 400],
    ['an empty type', '/jobs/activation', { type: ' ', timeout: 1000, maxJobsToActivate: 1 }, 400],
    ['a definition that is unknown', '/process-instances', { processDefinitionId: 'nowhere' }, 404],
    ['another tenant', '/process-instances', { processDefinitionId: 'bad', tenantId: 'so-a' }, 400],
    ['an instance that is unknown', '/process-instances/1/cancellation', {}, 404],
    ['a batch whose key is no number', '/batch-operations/abc/cancellation', {}, 404],
  ])('is refused: %s', async (...[, url, body, status]) => {
    await expectRefused(() => send(url, JSON.stringify(body)), status);
  });

  it('is refused: deleting an instance that runs, twice at a time', async () => {
    const url = `/process-instances/${instanceKey}/deletion`;
    await expectRefused(() => send(url, '{}'), 409);
    const answers = await Promise.all([send(url, '{}'), send(url, '{}')]);
    expect(answers.map(({ status }) => status)).toEqual([409, 409]);
  });

  it('takes the last of two equal names, as every reader of JSON does', async () => {
    const answer = await send('/process-instances/search', '{"page":{"limit":-1},"page":{"limit":1}}');
    expect(answer.status).toBe(200);
  });
});

describe('files', () => {
  const upload = (name: string, bytes: Uint8Array<ArrayBuffer>) => () => {
    const form = new FormData();
    form.append('resources', new Blob([bytes]), name);
    return send('/deployments', form, {});
  };

  it('above the limit are refused while they come in', async () => {
    await expectRefused(upload('big.bpmn', new Uint8Array(11 << 20)), 413);
  });

  it.each([
    ['without a boundary', 'x', 'multipart/form-data', 400],
    ['that end in the middle', '--b\r\ncontent-disposition: form-data; na', 'multipart/form-data; boundary=b', 400],
    ['whose parts have no name', '--b\r\n\r\nx\r\n--b--\r\n', 'multipart/form-data; boundary=b', 400],
    ['without any part', '', 'multipart/form-data; boundary=b', 400],
    ['as JSON', '{}', 'application/json', 415],
  ])('are refused %s', async (...[, body, type, status]) => {
    await expectRefused(() => send('/deployments', body, { 'content-type': type }), status);
  });

  it('that claim to be models are refused: bytes, broken XML, an entity that would grow without end', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}">]><a>&b;</a>`;
    for (const bytes of [new Uint8Array([0, 255, 254]), strToU8('<bpmn'), strToU8(bomb)]) {
      await expectRefused(upload('model.bpmn', new Uint8Array(bytes)), 400);
    }
  });

  it('that are archives are kept as they are and never unpacked', async () => {
    const bomb = new Uint8Array(zipSync({ zeros: new Uint8Array(20 << 20) }));
    const answer = await upload('bomb.zip', bomb)();
    expect(answer.status).toBe(200);
    const { rows } = await server.installation.database.pool.query<{ size: number }>(
      `select length(content) as size from resources where resource_name = 'bomb.zip'`,
    );
    expect(rows).toEqual([{ size: bomb.length }]);
  });
});

describe('clients that do not behave', () => {
  const openSocket = async (): Promise<Socket> => {
    const { hostname, port } = new URL(server.baseUrl);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return socket;
  };
  const request = (body: string, length = Buffer.byteLength(body)): string =>
    `POST /v2/jobs/activation HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;

  it('hold nobody up by sending half a request, and change nothing by hanging up in it', async () => {
    const before = await stateOf();
    const socket = await openSocket();
    socket.write(request('{"type":"bad-work",', 1_000));
    expect((await send('/topology', null, {}, 'GET')).status).toBe(200);
    socket.destroy();
    await once(socket, 'close');
    expect(await stateOf()).toBe(before);
  });

  it('that hang up while they wait lock no job', async () => {
    const body = { type: 'later-work', timeout: 60_000, maxJobsToActivate: 5, requestTimeout: 60_000 };
    const socket = await openSocket();
    socket.write(request(JSON.stringify(body)));
    // It stands in the queue when the server has read it; what is asked for afterwards comes after it.
    await send('/jobs/activation', JSON.stringify({ ...body, requestTimeout: -1 }));
    socket.destroy();
    await once(socket, 'close');
    await server.installation.deploy('later.bpmn', orderProcess('later'));
    await send('/process-instances', JSON.stringify({ processDefinitionId: 'later', variables: { order: '2' } }));
    // Whatever the one who left may have been given comes back.
    const jobs = await vi.waitFor(async () => {
      const answer = await send('/jobs/activation', JSON.stringify({ ...body, requestTimeout: 1_000 }));
      const { jobs } = (await answer.json()) as { jobs: readonly { type: string }[] };
      expect(jobs).toHaveLength(1);
      return jobs;
    }, 10_000);
    expect(jobs[0]?.type).toBe('later-work');
  });

  it('that complete one job at the same time are answered once with success', async () => {
    const wanted = { type: 'bad-work', timeout: 60_000, maxJobsToActivate: 1, requestTimeout: 5_000 };
    const answer = await send('/jobs/activation', JSON.stringify(wanted));
    const [job] = ((await answer.json()) as { jobs: readonly { jobKey: string }[] }).jobs;
    const complete = () => send(`/jobs/${job?.jobKey}/completion`, '{}');
    const answers = await Promise.all(Array.from({ length: 8 }, complete));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 7 }, () => 404)]);
  });
});
