// A new step needs no code: "Thẩm định" is put into the process of outgoing documents by editing the BPMN file alone.
// Documents under way keep the version they began with.

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstallation, type Installation } from '../support/installation.ts';
import { createDraft, logInStaff, PIN, SENDER, type Staff } from '../support/staff.ts';

const APPRAISE = `<bpmn:userTask id="UserTask_Appraise" name="Thẩm định">
  <bpmn:extensionElements>
    <zeebe:userTask />
    <zeebe:assignmentDefinition candidateGroups="=[agencyId + &#34;:clerk&#34;]" />
  </bpmn:extensionElements>
</bpmn:userTask>
<bpmn:sequenceFlow id="Flow_Appraised" sourceRef="UserTask_Appraise" targetRef="UserTask_Sign" />`;

/** The shipped model with one more task between the approval and the signature. */
async function modelWithAppraisal(): Promise<string> {
  const xml = await readFile('workflows/outgoing-document/outgoing-document.bpmn', 'utf8');
  const moved = xml.replace(
    /(<bpmn:sequenceFlow id="Flow_Approved"[^>]*targetRef=")UserTask_Sign"/,
    '$1UserTask_Appraise"',
  );
  return moved.replace(/(<bpmn:userTask id="UserTask_Sign")/, `${APPRAISE}$1`);
}

describe('a step added by editing the BPMN file', () => {
  let installation: Installation;
  let staff: Staff;
  let before: string;
  let after: string;
  beforeAll(async () => {
    installation = await createInstallation();
    staff = await logInStaff(installation, SENDER);
    before = await createDraft(staff);
    await installation.deploy('outgoing-document/outgoing-document.bpmn', await modelWithAppraisal());
    after = await createDraft(staff);
  });
  afterAll(() => installation.close());

  const approve = async (id: string): Promise<void> => {
    await staff.officer.complete('draft.prepare', id, {});
    await staff.leader.complete('draft.review', id, { outcome: 'approve', comment: '' });
  };

  it('is offered to its people with the plain outcome-and-comment screen', async () => {
    await approve(after);
    const task = await staff.clerk.task('generic', after);
    expect(task).toMatchObject({ name: 'Thẩm định', action: 'generic', candidateRoles: ['clerk'] });
    await expect(staff.leader.task('sign.personal', after)).rejects.toThrow(/No open task/);
  });

  it('lets the document go on, and stands in its history with the comment', async () => {
    const answer = await staff.clerk.complete('generic', after, { outcome: 'approve', comment: 'Đúng thể thức' });
    expect(answer.status).toBe(200);
    expect((await staff.leader.complete('sign.personal', after, { outcome: 'sign', pin: PIN })).status).toBe(200);
    const { body } = await staff.clerk.get(`/api/documents/${after}/timeline`);
    const titles = (body['items'] as { title: string }[]).map((entry) => entry.title);
    expect(titles).toContain('Thẩm định — đồng ý — Đúng thể thức');
  });

  it('does not touch a document that began before', async () => {
    await approve(before);
    expect((await staff.leader.task('sign.personal', before)).name).toBe('Ký số');
    await expect(staff.clerk.task('generic', before)).rejects.toThrow(/No open task/);
  });
});
