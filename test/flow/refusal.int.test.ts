// A recipient that refuses: the sender's delivery shows why, somebody of the sender must act, and the sender's document
// is closed only then. And what the process model may not do: send what is not signed by both.

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstallation, type Installation } from '../support/installation.ts';
import { createDraft, dispatchDocument, logInStaff, PIN, RECIPIENT, SENDER, type Staff } from '../support/staff.ts';

describe('a delivery that is refused', () => {
  let installation: Installation;
  let sender: Staff;
  let recipient: Staff;
  let id: string;
  beforeAll(async () => {
    installation = await createInstallation();
    sender = await logInStaff(installation, SENDER);
    recipient = await logInStaff(installation, RECIPIENT);
    id = await dispatchDocument(installation, sender);
  });
  afterAll(() => installation.close());

  const arrivedId = async (): Promise<string> => {
    const { body } = await recipient.clerk.get('/api/documents?direction=incoming');
    return (body['items'] as { id: string }[])[0]?.id ?? '';
  };

  it('needs a coded ground and a reason', async () => {
    const refuse = (body: unknown) =>
      arrivedId().then((arrived) => recipient.clerk.complete('receive.register', arrived, body));
    expect((await refuse({ outcome: 'refuse' })).status).toBe(422);
    expect((await refuse({ outcome: 'refuse', reasonCode: 'NO_SUCH', reason: 'Không thuộc thẩm quyền' })).status).toBe(
      422,
    );
    expect(
      (await refuse({ outcome: 'refuse', reasonCode: 'SAI_NOI_NHAN', reason: 'Không thuộc thẩm quyền' })).status,
    ).toBe(200);
  });

  it('comes back to the sender with ground and reason, and asks the clerk to act', async () => {
    await installation.settle();
    const { body } = await sender.clerk.get(`/api/documents/${id}`);
    const [delivery] = body['deliveries'] as { status: string; history: { code: string; description: string }[] }[];
    expect(delivery?.status).toBe('refused');
    expect(delivery?.history.map((entry) => entry.code)).toEqual(['01', '02']);
    expect(delivery?.history[1]?.description).toBe('SAI_NOI_NHAN: Không thuộc thẩm quyền');
    expect(body['status']).toBe('dispatched');
    expect(await sender.clerk.task('generic', id)).toMatchObject({ name: 'Xử lý văn bản bị từ chối' });
  });

  it('is closed when the clerk has dealt with it', async () => {
    await sender.clerk.complete('generic', id, { outcome: 'approve', comment: 'Đã gửi lại cho Sở Nội vụ' });
    await installation.settle();
    expect((await sender.clerk.get(`/api/documents/${id}`)).body['status']).toBe('archived');
  });

  it('leaves no task and no number at the recipient', async () => {
    const { body } = await recipient.clerk.get(`/api/documents/${await arrivedId()}`);
    expect(body).toMatchObject({ status: 'refused', arrivalNumber: null });
    expect((await recipient.clerk.get('/api/tasks')).body).toEqual({ items: [] });
  });
});

describe('a process model that leaves the seal out', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation();
  });
  afterAll(() => installation.close());

  it('cannot send the document: it stops with an incident and nothing leaves the agency', async () => {
    // given: the number leads straight to the packages
    const xml = await readFile('workflows/outgoing-document/outgoing-document.bpmn', 'utf8');
    const shortcut = xml.replace(/(id="Flow_Numbered"[^>]*targetRef=")UserTask_Seal"/, '$1ServiceTask_Package"');
    await installation.deploy('outgoing-document/outgoing-document.bpmn', shortcut);
    const staff = await logInStaff(installation, SENDER);
    // when
    const id = await createDraft(staff);
    await staff.officer.complete('draft.prepare', id, {});
    await staff.leader.complete('draft.review', id, { outcome: 'approve', comment: '' });
    await staff.leader.complete('sign.personal', id, { outcome: 'sign', pin: PIN });
    await installation.settle();
    // then
    const { body } = await staff.clerk.get(`/api/documents/${id}`);
    expect(body).toMatchObject({ status: 'numbered', deliveries: [] });
    const { rows } = await installation.database.pool.query('select element_id from incidents where status = $1', [
      'active',
    ]);
    expect(rows).toEqual([{ element_id: 'ServiceTask_Package' }]);
  });
});
