// The operators' pages over HTTP: what is shown, that a preview changes nothing and tells what the change then does, and
// that every change stands in the log with its reason.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, createInstallation, type Installation } from '../support/installation.ts';
import { createDraft, logInStaff, SENDER, type Staff } from '../support/staff.ts';

const REASON = 'Kiểm thử thao tác của người vận hành';

let installation: Installation;
let staff: Staff;
let admin: Caller;
let foreignAdmin: Caller;
beforeAll(async () => {
  installation = await createInstallation();
  staff = await logInStaff(installation, SENDER);
  admin = await installation.logIn(`qt.${SENDER}`);
  foreignAdmin = await installation.logIn('qt.so-tttt');
});
afterAll(() => installation.close());

interface One {
  readonly instance: { key: string; state: string; documentId: string };
  readonly steps: readonly { key: string; elementId: string; state: string }[];
  readonly elements: readonly { elementId: string; active: number }[];
  readonly changes: readonly { kind: string; reason: string; actorName: string }[];
  readonly xml: string;
}

async function instanceOf(documentId: string): Promise<string> {
  const { body } = await admin.get('/api/operations/instances?queue=active');
  const items = body['items'] as { key: string; documentId: string }[];
  const found = items.find((item) => item.documentId === documentId);
  if (found === undefined) throw new Error('The flow of the document is not listed');
  return found.key;
}

const read = async (key: string): Promise<One> =>
  (await admin.get(`/api/operations/instances/${key}`)).body as unknown as One; // the route's schema holds the shape

const change = (who: Caller, key: string, body: Record<string, unknown>) =>
  who.send('POST', `/api/operations/instances/${key}/changes`, { reason: REASON, ...body });

describe('operators of an agency', () => {
  it('see where a flow of their agency stands, with its diagram', async () => {
    const key = await instanceOf(await createDraft(staff));
    const one = await read(key);
    expect(one.instance.state).toBe('active');
    expect(one.xml).toContain('BPMNDiagram');
    const waiting = one.steps.filter((step) => step.state === 'active').map((step) => step.elementId);
    expect(waiting.length).toBeGreaterThan(0);
    expect(
      one.elements
        .filter((element) => element.active > 0)
        .map((element) => element.elementId)
        .sort(),
    ).toEqual([...new Set(waiting)].sort());
  });

  it('count as many flows as the list behind the count holds', async () => {
    await createDraft(staff);
    const { body } = await admin.get('/api/operations/instances?queue=active');
    const counts = body['counts'] as { queue: string; count: number }[];
    expect(counts.find((count) => count.queue === 'active')?.count).toBe((body['items'] as unknown[]).length);
  });

  it('preview a cancellation without changing anything, and then it happens as previewed', async () => {
    const key = await instanceOf(await createDraft(staff));
    const before = await read(key);
    const preview = await admin.send('POST', `/api/operations/instances/${key}/previews`, {
      change: { kind: 'cancel' },
    });
    expect(await read(key)).toEqual(before);

    expect((await change(admin, key, { change: { kind: 'cancel' } })).status).toBe(204);
    const after = await read(key);
    expect(after.instance.state).toBe('terminated');
    const ended = (preview.body['effects'] as { kind: string; elementId: string }[])
      .filter((effect) => effect.kind === 'ended')
      .map((effect) => effect.elementId);
    expect(ended.sort()).toEqual(
      before.steps
        .filter((step) => step.state === 'active')
        .map((step) => step.elementId)
        .sort(),
    );
    expect(after.changes).toMatchObject([{ kind: 'cancel', reason: REASON }]);
  });

  it('suspend and resume; a person cannot finish a task meanwhile', async () => {
    const documentId = await createDraft(staff);
    const key = await instanceOf(documentId);
    await change(admin, key, { change: { kind: 'suspend' } });
    expect((await read(key)).instance.state).toBe('suspended');
    const task = await staff.officer.task('draft.prepare', documentId);
    expect((await staff.officer.send('POST', `/api/tasks/${task.key}/complete`, {})).status).toBe(409);
    await change(admin, key, { change: { kind: 'resume' } });
    expect((await staff.officer.send('POST', `/api/tasks/${task.key}/complete`, {})).status).toBe(200);
  });

  it('move a flow back to an earlier step', async () => {
    const documentId = await createDraft(staff);
    const key = await instanceOf(documentId);
    const prepared = (await read(key)).steps.find((step) => step.state === 'active');
    await staff.officer.complete('draft.prepare', documentId, {});
    const review = (await read(key)).steps.find(
      (step) => step.state === 'active' && step.elementId !== prepared?.elementId,
    );
    const wanted = { kind: 'move', fromKey: review?.key, toElementId: prepared?.elementId };
    expect((await change(admin, key, { change: wanted })).status).toBe(204);
    const active = (await read(key)).steps.filter((step) => step.state === 'active').map((step) => step.elementId);
    expect(active).toContain(prepared?.elementId);
    expect(active).not.toContain(review?.elementId);
  });

  it('are refused a change without a reason, a retry of nothing, and everything of another agency', async () => {
    const key = await instanceOf(await createDraft(staff));
    expect((await change(admin, key, { change: { kind: 'cancel' }, reason: 'ngắn' })).status).toBe(400);
    expect(await change(admin, key, { change: { kind: 'retry' } })).toMatchObject({
      status: 409,
      body: { code: 'INSTANCE_WITHOUT_INCIDENT' },
    });
    expect((await foreignAdmin.get(`/api/operations/instances/${key}`)).status).toBe(404);
    expect((await change(foreignAdmin, key, { change: { kind: 'cancel' } })).status).toBe(404);
    const { body } = await foreignAdmin.get('/api/operations/instances?queue=active');
    expect(body['items']).toEqual([]);
    expect((body['counts'] as { count: number }[]).map(({ count }) => count)).toEqual([0, 0, 0, 0, 0]);
  });

  it('repeat a change with the same idempotency key only once', async () => {
    const key = await instanceOf(await createDraft(staff));
    const send = () =>
      installation.app.inject({
        method: 'POST',
        url: `/api/operations/instances/${key}/changes`,
        headers: { authorization: `Bearer ${admin.token}`, 'idempotency-key': 'operator-change-1' },
        payload: { change: { kind: 'suspend' }, reason: REASON },
      });
    expect([(await send()).statusCode, (await send()).statusCode]).toEqual([204, 204]);
    expect((await read(key)).changes).toHaveLength(1);
  });
});
