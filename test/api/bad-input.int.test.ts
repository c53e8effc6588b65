// Bad input through the public interface: each case answers its documented code with a Vietnamese text and changes
// nothing. "Nothing" is checked: the whole of the domain tables before and after are the same.

import { PDFDocument } from '@cantoo/pdf-lib';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCaller, createInstallation, type Answer, type Installation } from '../support/installation.ts';
import {
  createDraft,
  dispatchDocument,
  draftBody,
  logInStaff,
  PIN,
  RECIPIENT,
  SENDER,
  type Staff,
} from '../support/staff.ts';

describe('bad input', () => {
  let installation: Installation;
  let sender: Staff;
  let recipient: Staff;
  beforeAll(async () => {
    installation = await createInstallation();
    sender = await logInStaff(installation, SENDER);
    recipient = await logInStaff(installation, RECIPIENT);
  });
  afterAll(() => installation.close());

  /** A checksum over every row that a command could change. */
  async function stateOf(): Promise<string> {
    const tables = [
      'documents',
      'document_versions',
      'document_recipients',
      'contents',
      'register_entries',
      'signatures',
      'outgoing_packages',
      'process_instances',
      'user_tasks',
      'jobs',
      'audit_entries',
      'idempotency_keys',
    ];
    const hash = createHash('sha256');
    for (const table of tables) {
      const { rows } = await installation.database.pool.query<{ text: string }>(
        `select coalesce(string_agg(t::text, '|' order by t::text), '') as text from ${table} t`,
      );
      hash.update(rows[0]?.text ?? '');
    }
    return hash.digest('hex');
  }

  async function expectRefused(attempt: () => Promise<Answer>, status: number, code: string): Promise<void> {
    const before = await stateOf();
    const answer = await attempt();
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
    expect(String(answer.body['message'])).toMatch(/[à-ỹđ]/i);
    expect(String(answer.body['action'])).not.toBe('');
    expect(await stateOf()).toBe(before);
  }

  const draft = (changes: Record<string, unknown>) => () =>
    sender.officer.send('POST', '/api/documents', draftBody(sender, changes));

  it.each<[string, Record<string, unknown>, number, string]>([
    ['an unknown document type', { documentTypeId: 'no_such_type' }, 422, 'DOCUMENT_TYPE_UNKNOWN'],
    ['a secret document', { secrecy: 'secret' }, 422, 'DOCUMENT_SECRET_REFUSED'],
    ['a secrecy mark in the subject', { subject: 'TỐI MẬT V/v bố trí' }, 422, 'DOCUMENT_SECRET_REFUSED'],
    ['an empty subject', { subject: '' }, 400, 'REQUEST_INVALID'],
    ['a subject of 501 characters', { subject: 'à'.repeat(501) }, 400, 'REQUEST_INVALID'],
    ['no recipient', { recipientIds: [] }, 400, 'REQUEST_INVALID'],
    ['an unknown recipient', { recipientIds: ['nowhere'] }, 422, 'DOCUMENT_RECIPIENT_UNKNOWN'],
    ['an unknown urgency', { urgency: 'panic' }, 400, 'REQUEST_INVALID'],
    [
      'a signer who is not a leader',
      { signerId: '00000000-0000-4000-8000-000000000000' },
      422,
      'DOCUMENT_SIGNER_UNKNOWN',
    ],
    ['a misspelt field', { sbject: 'x' }, 400, 'REQUEST_INVALID'],
    ['a number where a text belongs', { subject: 7 }, 400, 'REQUEST_INVALID'],
  ])('refuses %s', async (_name, changes, status, code) => {
    await expectRefused(draft(changes), status, code);
  });

  it('refuses a body that is no JSON', async () => {
    await expectRefused(
      () => sender.officer.send('POST', '/api/documents', '{"subject":', { 'content-type': 'application/json' }),
      400,
      'REQUEST_INVALID',
    );
  });

  describe('files', () => {
    let id: string;
    beforeAll(async () => {
      id = await createDraft(sender);
    });
    const upload = (bytes: Uint8Array) => () =>
      sender.officer.upload(`/api/documents/${id}/file`, { name: 'van-ban.pdf', bytes });

    it('refuses a file that is no PDF', async () => {
      await expectRefused(upload(Buffer.from('PK not a pdf')), 422, 'FILE_NOT_PDF');
    });

    it('refuses a damaged PDF', async () => {
      const pdf = await PDFDocument.create();
      pdf.addPage([595, 842]);
      const whole = await pdf.save();
      await expectRefused(upload(whole.slice(0, whole.length - 200)), 422, 'PDF_CORRUPT');
    });

    it('refuses an encrypted PDF', async () => {
      const pdf = await PDFDocument.create();
      pdf.addPage([595, 842]);
      pdf.encrypt({ userPassword: 'x', ownerPassword: 'y' });
      await expectRefused(upload(await pdf.save()), 422, 'PDF_ENCRYPTED');
    });

    it('refuses a file above the limit while it is still coming in', async () => {
      await expectRefused(upload(Buffer.alloc(6 * 1024 * 1024, '%PDF-1.7 ')), 413, 'FILE_TOO_LARGE');
    });

    it('refuses a request without a file', async () => {
      await expectRefused(() => sender.officer.send('POST', `/api/documents/${id}/file`, {}), 400, 'FILE_MISSING');
    });
  });

  describe('tasks', () => {
    let id: string;
    beforeAll(async () => {
      id = await createDraft(sender);
    });

    it('refuses a task completed by a colleague who may not', async () => {
      const { key } = await sender.officer.task('draft.prepare', id);
      await expectRefused(() => sender.leader.send('POST', `/api/tasks/${key}/complete`, {}), 403, 'TASK_NOT_YOURS');
    });

    it('answers another agency as if the task did not exist', async () => {
      const { key } = await sender.officer.task('draft.prepare', id);
      await expectRefused(
        () => recipient.officer.send('POST', `/api/tasks/${key}/complete`, {}),
        404,
        'TASK_NOT_FOUND',
      );
      await expectRefused(() => recipient.officer.send('POST', '/api/tasks/999/complete', {}), 404, 'TASK_NOT_FOUND');
    });

    it('refuses a body of another kind of task', async () => {
      const { key } = await sender.officer.task('draft.prepare', id);
      await expectRefused(
        () => sender.officer.send('POST', `/api/tasks/${key}/complete`, { pin: PIN }),
        400,
        'REQUEST_INVALID',
      );
    });

    it('refuses a task completed twice', async () => {
      const { key } = await sender.officer.task('draft.prepare', id);
      expect((await sender.officer.send('POST', `/api/tasks/${key}/complete`, {})).status).toBe(200);
      await expectRefused(() => sender.officer.send('POST', `/api/tasks/${key}/complete`, {}), 409, 'TASK_NOT_OPEN');
    });

    it('refuses a return without a reason', async () => {
      const { key } = await sender.leader.task('draft.review', id);
      await expectRefused(
        () => sender.leader.send('POST', `/api/tasks/${key}/complete`, { outcome: 'return', comment: '' }),
        422,
        'DOCUMENT_REASON_TOO_SHORT',
      );
    });

    it('refuses a wrong PIN', async () => {
      await sender.leader.complete('draft.review', id, { outcome: 'approve', comment: '' });
      const { key } = await sender.leader.task('sign.personal', id);
      await expectRefused(
        () => sender.leader.send('POST', `/api/tasks/${key}/complete`, { outcome: 'sign', pin: '000000' }),
        422,
        'SIGNING_PIN_WRONG',
      );
    });

    it('refuses a draft without a file', async () => {
      const created = await sender.officer.send('POST', '/api/documents', draftBody(sender));
      const { key } = await sender.officer.task('draft.prepare', String(created.body['id']));
      await expectRefused(
        () => sender.officer.send('POST', `/api/tasks/${key}/complete`, {}),
        422,
        'DOCUMENT_FILE_MISSING',
      );
    });
  });

  describe('idempotency keys', () => {
    it('give the first answer to a repetition and create one document', async () => {
      const headers = { 'idempotency-key': 'same-key-0001' };
      const first = await sender.officer.send('POST', '/api/documents', draftBody(sender), headers);
      const second = await sender.officer.send('POST', '/api/documents', draftBody(sender), headers);
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.body['id']).toBe(first.body['id']);
    });

    it('give one document to simultaneous repetitions', async () => {
      const headers = { 'idempotency-key': 'same-key-0002' };
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => sender.officer.send('POST', '/api/documents', draftBody(sender), headers)),
      );
      expect(new Set(answers.map((answer) => answer.body['id'])).size).toBe(1);
    });

    it('refuse a key that is used for another body', async () => {
      const headers = { 'idempotency-key': 'same-key-0001' };
      await expectRefused(
        () => sender.officer.send('POST', '/api/documents', draftBody(sender, { subject: 'V/v việc khác' }), headers),
        422,
        'IDEMPOTENCY_KEY_REUSED',
      );
    });

    it('belong to one person: another one may use the same text', async () => {
      const headers = { 'idempotency-key': 'same-key-0001' };
      const other = await recipient.officer.send(
        'POST',
        '/api/documents',
        draftBody(recipient, { recipientIds: [SENDER] }),
        headers,
      );
      expect(other.status).toBe(201);
    });
  });

  it('refuses a wrong password and an unknown user in the same words', async () => {
    const nobody = createCaller(installation.app, '');
    const wrong = await nobody.send('POST', '/api/session', { username: 'cv.ubnd-tinh', password: 'wrong' });
    const unknown = await nobody.send('POST', '/api/session', { username: 'nobody', password: 'wrong' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'LOGIN_FAILED' } });
    expect(unknown.body).toEqual(wrong.body);
  });

  it('a signed document can no longer be edited', async () => {
    const id = await dispatchDocument(installation, sender);
    await expectRefused(
      () => sender.officer.send('PUT', `/api/documents/${id}`, draftBody(sender)),
      409,
      'DOCUMENT_STATE',
    );
    await expectRefused(
      () => sender.officer.send('PUT', `/api/documents/${id}/letter`, { paragraphs: ['Nội dung khác'] }),
      409,
      'DOCUMENT_STATE',
    );
  });
});
