// The two ways to a PDF: a letter of any of the 14 types, and an uploaded file; both go the whole way to two valid
// signatures.

import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentTypeView, DocumentView, SignatureCheckView } from '../../server/api/contract/index.ts';
import { createInstallation, type Installation } from '../support/installation.ts';
import { createDraft, draftBody, logInStaff, PIN, RECIPIENT, SENDER, type Staff } from '../support/staff.ts';

describe('documents', () => {
  let installation: Installation;
  let staff: Staff;
  beforeAll(async () => {
    installation = await createInstallation();
    staff = await logInStaff(installation, SENDER);
  });
  afterAll(() => installation.close());

  const read = async <T>(path: string): Promise<T> => (await staff.clerk.get(path)).body as T; // the route's contract

  it('of each of the 14 types become a letter with the notation of its type', async () => {
    const { items: types } = await read<{ items: DocumentTypeView[] }>('/api/document-types');
    expect(types).toHaveLength(14);
    for (const type of types) {
      const id = await createDraft(staff, { documentTypeId: type.id });
      const view = await read<DocumentView>(`/api/documents/${id}`);
      expect(view.versions.map(({ kind, pageCount }) => ({ kind, pageCount }))).toEqual([
        { kind: 'draft', pageCount: 1 },
      ]);
      expect(view.notation).toBe(type.abbreviation === null ? 'UBND-KSTTHC' : `${type.abbreviation}-UBND`);
      const { bytes } = await staff.officer.get(`/api/documents/${id}/file`);
      expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    }
  });

  it('keep the letter in step with the metadata when they are changed', async () => {
    const id = await createDraft(staff);
    await staff.officer.send('PUT', `/api/documents/${id}`, draftBody(staff, { subject: 'V/v việc khác hẳn' }));
    const { versions } = await read<DocumentView>(`/api/documents/${id}`);
    expect(new Set(versions.map((version) => version.sha256)).size).toBe(versions.length);
    expect(versions).toHaveLength(2);
  });

  it('that were uploaded are signed, numbered and sealed as they are, and arrive byte for byte', async () => {
    // given
    const pdf = await PDFDocument.create();
    pdf.addPage([595, 842]);
    pdf.addPage([595, 842]);
    const bytes = Buffer.from(await pdf.save());
    const created = await staff.officer.send('POST', '/api/documents', draftBody(staff));
    const id = String(created.body['id']);
    expect((await staff.officer.upload(`/api/documents/${id}/file`, { name: 'Kế hoạch.pdf', bytes })).status).toBe(200);
    // when
    await staff.officer.complete('draft.prepare', id, {});
    await staff.leader.complete('draft.review', id, { outcome: 'approve', comment: '' });
    await staff.leader.complete('sign.personal', id, { outcome: 'sign', pin: PIN });
    await installation.settle();
    await staff.clerk.complete('sign.agency', id, { pin: PIN });
    await installation.settle();
    // then
    const sent = await staff.clerk.get(`/api/documents/${id}/file`);
    expect(sent.bytes.subarray(0, bytes.length).equals(bytes)).toBe(true);
    const check = await read<SignatureCheckView>(`/api/documents/${id}/signatures`);
    expect(check).toMatchObject({ verdict: 'valid', findings: [{ isIntact: true }, { isIntact: true }] });
    const recipient = await installation.logIn(`vt.${RECIPIENT}`);
    const { body } = await recipient.get('/api/documents?direction=incoming');
    const [arrived] = body['items'] as { id: string }[];
    expect((await recipient.get(`/api/documents/${arrived?.id ?? ''}/file`)).bytes.equals(sent.bytes)).toBe(true);
  });

  it('are read by byte ranges, so that a viewer can show the first page early', async () => {
    const id = await createDraft(staff);
    const whole = await staff.officer.get(`/api/documents/${id}/file`);
    const part = await staff.officer.get(`/api/documents/${id}/file`, { range: 'bytes=5-14' });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 5-14/${whole.bytes.length}`);
    expect(part.bytes.equals(whole.bytes.subarray(5, 15))).toBe(true);
    const tail = await staff.officer.get(`/api/documents/${id}/file`, { range: 'bytes=-4' });
    expect(tail.bytes.equals(whole.bytes.subarray(-4))).toBe(true);
    expect((await staff.officer.get(`/api/documents/${id}/file`, { range: 'bytes=99999999-' })).status).toBe(416);
  });
});
