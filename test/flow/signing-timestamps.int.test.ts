// Many signatures at one confirmation, and a time-stamping authority that takes its time or never answers: nobody waits for
// it but the queue. The authority stands behind a gate that this test opens or slams, so that nothing depends on seconds.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServices, type TestServices } from '../../server/adapters/signing/test-authority-services.ts';
import type { DocumentView } from '../../server/api/contract/index.ts';
import { toInstant } from '../support/clock.ts';
import { createInstallation, type Installation } from '../support/installation.ts';
import { createDraft, logInStaff, PIN, SENDER, type Staff } from '../support/staff.ts';

/** Holds each request until the test decides about it. */
class Gate {
  readonly #server: Server;
  readonly #waiting: { readonly body: Buffer; readonly response: ServerResponse }[] = [];
  #wake: (() => void) | null = null;

  constructor() {
    this.#server = createServer((request, response) => void this.#hold(request, response));
  }

  async #hold(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer); // no encoding is set, so the stream gives buffers
    this.#waiting.push({ body: Buffer.concat(parts), response });
    this.#wake?.();
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // a TCP server that listens
  }

  /** Until somebody stands at the gate. */
  async asked(): Promise<void> {
    if (this.#waiting.length > 0) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** The next in line is answered by the honest authority. */
  async letThrough(url: string): Promise<void> {
    await this.asked();
    const next = this.#waiting.shift();
    const headers = { 'content-type': 'application/timestamp-query' };
    const answer = await fetch(url, { method: 'POST', headers, body: next?.body ?? null });
    next?.response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
    next?.response.end(Buffer.from(await answer.arrayBuffer()));
  }

  /** The next in line gets no answer at all. */
  slam(): void {
    this.#waiting.shift()?.response.destroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

const gate = new Gate();
let installation: Installation;
let services: TestServices;
let staff: Staff;

beforeAll(async () => {
  const tsaUrl = await gate.open();
  installation = await createInstallation({ signing: { trustedHosts: ['127.0.0.1'], tsaUrl } });
  staff = await logInStaff(installation, SENDER);
  services = await startTestServices({
    port: 0,
    validFrom: toInstant('2018-01-01T00:00:00+07:00'),
    now: () => new Date(installation.clock.now()),
    keyKind: 'EC-P256',
  });
  await installation.database.pool.query(
    `insert into signing_authorities (root_certificate, issuing_certificate, created_at) values ($1, $1, now())`,
    [Buffer.from(services.rootCertificate)],
  );
});
afterAll(async () => {
  await gate.close();
  await services.close();
  await installation.close();
});

async function awaitingSignature(): Promise<string> {
  const id = await createDraft(staff);
  await staff.officer.complete('draft.prepare', id, {});
  await staff.leader.complete('draft.review', id, { outcome: 'approve', comment: '' });
  return id;
}
async function sealed(): Promise<string> {
  const id = await awaitingSignature();
  await staff.leader.complete('sign.personal', id, { outcome: 'sign', pin: PIN });
  await installation.settle();
  await staff.clerk.complete('sign.agency', id, { pin: PIN });
  return id;
}
const view = async (id: string): Promise<DocumentView> =>
  (await staff.leader.get(`/api/documents/${id}`)).body as unknown as DocumentView; // the contract of the route
const isDueFirst = (id: string) =>
  installation.database.pool.query(
    `update signature_upgrades set not_before = timestamptz '2000-01-01' where document_id = $1`,
    [id],
  );

describe('ten documents at one confirmation', () => {
  it('get a result each, and the one that cannot be signed stays as it was', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 10; index += 1) ids.push(await awaitingSignature());
    const tasks = (await Promise.all(ids.map((id) => staff.leader.task('sign.personal', id)))).map(({ key }) => key);
    const [unlucky = ''] = ids.splice(4, 1);
    await staff.leader.complete('sign.personal', unlucky, { outcome: 'return', comment: 'Xem lại nội dung' });
    const before = (await view(unlucky)).versions.map(({ sha256 }) => sha256);

    const batch = { taskKeys: tasks, provider: 'server-key', pin: PIN };
    const { status, body } = await staff.leader.send('POST', '/api/signing/batches', batch);

    expect(status).toBe(200);
    const items = body['items'] as { taskKey: string; isSigned: boolean; code: string | null }[];
    expect(items.map(({ taskKey }) => taskKey)).toEqual(tasks);
    const failed = items.filter(({ isSigned }) => !isSigned);
    expect(failed).toMatchObject([{ taskKey: tasks[4], code: 'TASK_NOT_OPEN' }]);
    const { rows } = await installation.database.pool.query<{ document_id: string }>(
      `select document_id from signatures where role = 'personal'`,
    );
    expect(rows.map((row) => row.document_id).sort()).toEqual([...ids].sort());
    expect((await view(unlucky)).versions.map(({ sha256 }) => sha256)).toEqual(before);
  });
});

describe('a time-stamping authority that does not answer', () => {
  it('holds up no signature, no dispatch and no other worker, and is asked again later', async () => {
    const first = await sealed();
    await isDueFirst(first);
    const waiting = installation.services.flow.upgradeNext();
    await gate.asked();

    // Its work is leased: the other worker does not ask a second time, and people go on.
    expect(await installation.services.flow.upgradeNext()).toBe(false);
    const second = await sealed();
    await installation.settle();
    expect(installation.failures).toEqual([]);
    expect((await view(first)).status).toBe('dispatched');
    expect((await view(second)).signatures).toHaveLength(2);
    expect((await view(first)).evidence).toMatchObject({ status: 'pending', reached: 'B-B' });

    installation.clock.advance(3 * 60_000);
    const before = (await view(first)).versions.map(({ sha256 }) => sha256);
    gate.slam();
    expect(await waiting).toBe(true);
    const after = await view(first);
    expect(after.evidence).toMatchObject({
      status: 'pending',
      reached: 'B-B',
      lastErrorCode: 'SIGNING_TSA_UNREACHABLE',
    });
    expect(after.versions.map(({ sha256 }) => sha256)).toEqual(before);
  });

  it('and answers after minutes gives its timestamp to the file as it is, which stays the beginning', async () => {
    const id = await sealed();
    await isDueFirst(id);
    const last = (await view(id)).versions.at(-1)?.version ?? 0;
    const waiting = installation.services.flow.upgradeNext();
    await gate.asked();
    installation.clock.advance(131_000);
    await gate.letThrough(`${services.url}/tsa`);
    expect(await waiting).toBe(true);

    expect((await view(id)).evidence).toMatchObject({ status: 'done', reached: 'B-LT', lastErrorCode: null });
    const source = (await staff.leader.get(`/api/documents/${id}/file?version=${last}`)).bytes;
    const extended = (await staff.leader.get(`/api/documents/${id}/file`)).bytes;
    expect(extended.length).toBeGreaterThan(source.length);
    expect(Buffer.compare(extended.subarray(0, source.length), source)).toBe(0);
    expect((await staff.leader.get(`/api/documents/${id}/signatures`)).body).toMatchObject({ verdict: 'valid' });
  });
});
