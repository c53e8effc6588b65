// The people of the first journey, logged in, and the steps that many tests begin with.

import type { Caller, Installation } from './installation.ts';

export interface Staff {
  readonly officer: Caller;
  readonly leader: Caller;
  readonly clerk: Caller;
}

export const SENDER = 'ubnd-tinh';
export const RECIPIENT = 'so-tttt';
export const PIN = '123456';

export const logInStaff = async (installation: Installation, agencyId: string): Promise<Staff> => ({
  officer: await installation.logIn(`cv.${agencyId}`),
  leader: await installation.logIn(`ld.${agencyId}`),
  clerk: await installation.logIn(`vt.${agencyId}`),
});

export const draftBody = (staff: Staff, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  documentTypeId: 'official_letter',
  subject: 'V/v kiểm tra chứng thư số',
  urgency: 'normal',
  secrecy: 'none',
  recipientIds: [RECIPIENT],
  signerId: staff.leader.userId,
  signingCapacity: 'deputy',
  dueOn: null,
  ...changes,
});

/** A draft with its letter, not yet sent for review. */
export async function createDraft(staff: Staff, changes: Record<string, unknown> = {}): Promise<string> {
  const created = await staff.officer.send('POST', '/api/documents', draftBody(staff, changes));
  if (created.status !== 201) throw new Error(`The draft was refused: ${JSON.stringify(created.body)}`);
  const id = String(created.body['id']);
  await staff.officer.send('PUT', `/api/documents/${id}/letter`, {
    paragraphs: ['Đề nghị các cơ quan kiểm tra chứng thư số.'],
  });
  return id;
}

/** The draft, reviewed, signed, numbered, sealed and sent; the system work is done. */
export async function dispatchDocument(installation: Installation, staff: Staff): Promise<string> {
  const id = await createDraft(staff);
  await staff.officer.complete('draft.prepare', id, {});
  await staff.leader.complete('draft.review', id, { outcome: 'approve', comment: '' });
  await staff.leader.complete('sign.personal', id, { outcome: 'sign', pin: PIN });
  await installation.settle();
  await staff.clerk.complete('sign.agency', id, { pin: PIN });
  await installation.settle();
  return id;
}
