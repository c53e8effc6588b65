// Signing with keys that are not on the server, over the real API: certificates and their services come from a test
// authority on loopback, the keys stay in this test, as they would stay in a browser or a token.

import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredentialOpener } from '../../server/adapters/signing/pkcs12.ts';
import { startTestServices, type TestServices } from '../../server/adapters/signing/test-authority-services.ts';
import type { DocumentView, SigningSessionView } from '../../server/api/contract/index.ts';
import type { SigningCredential } from '../../server/modules/signing/ports.ts';
import { toInstant } from '../support/clock.ts';
import { createInstallation, type Answer, type Caller, type Installation } from '../support/installation.ts';
import { createDraft, logInStaff, PIN, RECIPIENT, SENDER, type Staff } from '../support/staff.ts';
import { signWith } from '../adapters/signing/authority.ts';

let installation: Installation;
let services: TestServices;
let staff: Staff;
let leaderName: string;
const credentials = new Map<string, SigningCredential>();

beforeAll(async () => {
  installation = await createInstallation({
    signing: { trustedHosts: ['127.0.0.1'], localServiceOrigin: 'ws://127.0.0.1:8987' },
  });
  staff = await logInStaff(installation, SENDER);
  const people = (await staff.leader.get('/api/session')).body as { user: { fullName: string } };
  leaderName = people.user.fullName;
  services = await startTestServices({
    port: 0,
    validFrom: toInstant('2018-01-01T00:00:00+07:00'),
    now: () => new Date(installation.clock.now()),
    keyKind: 'EC-P256',
  });
  await trust(services.rootCertificate);
  credentials.set('own', await issue({}));
});
afterAll(async () => {
  await services.close();
  await installation.close();
});

const trust = (root: Uint8Array) =>
  installation.database.pool.query(
    `insert into signing_authorities (root_certificate, issuing_certificate, created_at) values ($1, $1, now())`,
    [Buffer.from(root)],
  );

async function issue(
  changes: { name?: string; validTo?: string; keyKind?: 'EC-P256' | 'RSA-2048'; rsaPadding?: 'PSS' },
  by = services,
) {
  const { pkcs12 } = await by.issue({
    commonName: changes.name ?? leaderName,
    organization: 'Ủy ban nhân dân tỉnh Đắk Lắk',
    title: null,
    validFrom: toInstant('2018-01-01T00:00:00+07:00'),
    validTo: toInstant(changes.validTo ?? '2030-01-01T00:00:00+07:00'),
    pin: PIN,
    keyKind: changes.keyKind ?? 'EC-P256',
  });
  return createCredentialOpener().open(pkcs12, PIN, { rsaPadding: changes.rsaPadding ?? 'PKCS1' });
}

const own = (): SigningCredential => {
  const credential = credentials.get('own');
  if (credential === undefined) throw new Error('Issued before the tests');
  return credential;
};
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function awaitingSignature(): Promise<{ id: string; taskKey: string }> {
  const id = await createDraft(staff);
  await staff.officer.complete('draft.prepare', id, {});
  await staff.leader.complete('draft.review', id, { outcome: 'approve', comment: '' });
  return { id, taskKey: (await staff.leader.task('sign.personal', id)).key };
}

const open = (taskKey: string, credential = own(), changes: Record<string, unknown> = {}): Promise<Answer> =>
  staff.leader.send('POST', '/api/signing/sessions', {
    taskKey,
    provider: 'browser-key',
    certificate: base64(credential.certificate),
    chain: credential.chain.map(base64),
    ...changes,
  });
const sessionOf = (answer: Answer): SigningSessionView => {
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body as unknown as SigningSessionView; // the contract of POST /api/signing/sessions
};
async function answer(session: SigningSessionView, credential = own(), who: Caller = staff.leader): Promise<Answer> {
  const attributes = Buffer.from(session.hash?.signedAttributes ?? '', 'base64');
  const signature = base64(await credential.sign(attributes));
  return who.send('POST', `/api/signing/sessions/${session.sessionId}/signature`, { signature });
}
const view = async (id: string): Promise<DocumentView> =>
  (await staff.leader.get(`/api/documents/${id}`)).body as unknown as DocumentView; // the contract of the route
const hashesOf = async (id: string): Promise<readonly string[]> =>
  (await view(id)).versions.map(({ sha256 }) => sha256);

describe('a signing session', () => {
  it('hands out what the key signs, and its one answer signs the document and completes the task', async () => {
    const { id, taskKey } = await awaitingSignature();
    const session = sessionOf(await open(taskKey));
    expect(session).toMatchObject({ status: 'open', documentId: id, signerName: leaderName });
    expect(session.sourceSha256).toBe((await hashesOf(id)).at(-1));

    expect(await answer(session)).toMatchObject({ status: 200, body: { status: 'completed', hash: null } });
    await installation.settle();

    const document = await view(id);
    expect(document.status).toBe('numbered');
    expect(document.signatures).toMatchObject([{ role: 'personal', provider: 'browser-key', signerName: leaderName }]);
    const check = await staff.leader.get(`/api/documents/${id}/signatures`);
    expect(check.body).toMatchObject({ verdict: 'valid', findings: [{ isIntact: true, isTrusted: true }] });
  });

  it('signs with an RSA key and PSS when the page asks for it', async () => {
    const { id, taskKey } = await awaitingSignature();
    const credential = await issue({ keyKind: 'RSA-2048', rsaPadding: 'PSS' });
    const scheme = { algorithm: 'RSASSA-PSS', hash: 'SHA-256' };
    const session = sessionOf(await open(taskKey, credential, { scheme }));
    expect(session.hash?.scheme).toEqual(scheme);
    expect((await answer(session, credential)).status).toBe(200);
    expect((await view(id)).signatures).toHaveLength(1);
  });

  it.each([
    ['of another person', { name: 'Người Khác' }, 'SIGNING_CERTIFICATE_OWNER'],
    ['that has expired', { validTo: '2019-01-01T00:00:00+07:00' }, 'SIGNING_CERTIFICATE_EXPIRED'],
  ])('is not opened for a certificate %s, and no hash is handed out', async (_what, changes, code) => {
    const { id, taskKey } = await awaitingSignature();
    const before = await hashesOf(id);
    const refused = await open(taskKey, await issue(changes));
    expect(refused).toMatchObject({ status: 422, body: { code } });
    expect(JSON.stringify(refused.body)).not.toContain('signedAttributes');
    expect(await hashesOf(id)).toEqual(before);
  });

  it('is not opened for a revoked certificate, nor for one whose status nobody can tell', async () => {
    const { taskKey } = await awaitingSignature();
    const gone = await issue({});
    services.revoke(gone.serialNumber, new Date('2019-01-02T00:00:00Z'));
    expect(await open(taskKey, gone)).toMatchObject({ status: 422, body: { code: 'SIGNING_CERTIFICATE_REVOKED' } });

    const silent = await startTestServices({
      port: 0,
      validFrom: toInstant('2018-01-01T00:00:00+07:00'),
      now: () => new Date(installation.clock.now()),
      keyKind: 'EC-P256',
    });
    await trust(silent.rootCertificate);
    const unknown = await issue({}, silent);
    await silent.close();
    expect(await open(taskKey, unknown)).toMatchObject({ status: 422, body: { code: 'SIGNING_REVOCATION_UNKNOWN' } });
  });

  it('is not opened for a certificate of an authority that nobody trusts', async () => {
    const { taskKey } = await awaitingSignature();
    const foreign = await startTestServices({
      port: 0,
      validFrom: toInstant('2018-01-01T00:00:00+07:00'),
      now: () => new Date(installation.clock.now()),
      keyKind: 'EC-P256',
    });
    const stranger = await issue({}, foreign);
    expect(await open(taskKey, stranger)).toMatchObject({ body: { code: 'SIGNING_CERTIFICATE_UNTRUSTED' } });
    await foreign.close();
  });

  it('that has expired keeps the late answer in quarantine with a notice, and the document stays as it was', async () => {
    const { id, taskKey } = await awaitingSignature();
    const before = await hashesOf(id);
    const session = sessionOf(await open(taskKey));
    installation.clock.advance(10 * 60_000 + 1);
    expect(await answer(session)).toMatchObject({ status: 409, body: { code: 'SIGNING_SESSION_EXPIRED' } });
    expect(await hashesOf(id)).toEqual(before);

    const { body } = await staff.clerk.get('/api/signing/quarantine');
    const items = body['items'] as { id: string; documentId: string; reason: string }[];
    const notice = items.find(({ documentId }) => documentId === id);
    expect(notice).toMatchObject({ reason: 'late', signerName: leaderName });
    const timeline = (await staff.leader.get(`/api/documents/${id}/timeline`)).body['items'] as { action: string }[];
    expect(timeline.map(({ action }) => action)).toContain('signature.quarantined');
    expect((await staff.clerk.send('POST', `/api/signing/quarantine/${notice?.id ?? ''}/handled`)).status).toBe(204);
    const left = (await staff.clerk.get('/api/signing/quarantine')).body['items'] as { documentId: string }[];
    expect(left.some(({ documentId }) => documentId === id)).toBe(false);
  });

  it('accepts no second answer', async () => {
    const { id, taskKey } = await awaitingSignature();
    const session = sessionOf(await open(taskKey));
    expect((await answer(session)).status).toBe(200);
    const before = await hashesOf(id);
    expect(await answer(session)).toMatchObject({ status: 409, body: { code: 'SIGNING_SESSION_USED' } });
    expect(await hashesOf(id)).toEqual(before);
  });

  it('of two answers at once accepts one and keeps the other aside', async () => {
    const { id, taskKey } = await awaitingSignature();
    const session = sessionOf(await open(taskKey));
    const answers = await Promise.all([answer(session), answer(session)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await view(id)).signatures).toHaveLength(1);
  });

  it('that was cancelled, or replaced by a newer one, accepts nothing', async () => {
    const { taskKey } = await awaitingSignature();
    const first = sessionOf(await open(taskKey));
    const second = sessionOf(await open(taskKey));
    expect(await answer(first)).toMatchObject({ body: { code: 'SIGNING_SESSION_CANCELLED' } });
    const cancel = await staff.leader.send('POST', `/api/signing/sessions/${second.sessionId}/cancel`);
    expect(cancel).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(await answer(second)).toMatchObject({ body: { code: 'SIGNING_SESSION_CANCELLED' } });
  });

  it('belongs to one person: for others it does not exist', async () => {
    const { taskKey } = await awaitingSignature();
    const session = sessionOf(await open(taskKey));
    const foreign = await installation.logIn('ld.so-noi-vu');
    expect(await answer(session, own(), foreign)).toMatchObject({ body: { code: 'SIGNING_SESSION_NOT_FOUND' } });
    expect((await answer(session)).status).toBe(200);
  });

  it('ends with the first wrong value, and the document stays as it was', async () => {
    const { id, taskKey } = await awaitingSignature();
    const before = await hashesOf(id);
    const session = sessionOf(await open(taskKey));
    const stranger = await issue({});
    expect(await answer(session, stranger)).toMatchObject({
      status: 422,
      body: { code: 'SIGNING_SIGNATURE_MISMATCH' },
    });
    expect(await answer(session)).toMatchObject({ body: { code: 'SIGNING_SESSION_USED' } });
    expect(await hashesOf(id)).toEqual(before);
  });

  it('does not sign a document that has changed since it was opened', async () => {
    const { id, taskKey } = await awaitingSignature();
    const session = sessionOf(await open(taskKey));
    // What no command can do at this point, an operator at the database could.
    await installation.database.pool.query(
      `insert into document_versions (document_id, version, kind, file_name, sha256, page_count, anchors, created_at)
       select document_id, version + 1, kind, file_name, sha256, page_count, anchors, created_at
         from document_versions where document_id = $1 order by version desc limit 1`,
      [id],
    );
    const before = await hashesOf(id);
    expect(await answer(session)).toMatchObject({ status: 409, body: { code: 'SIGNING_SOURCE_CHANGED' } });
    expect(await hashesOf(id)).toEqual(before);
  });

  it('is open to no one for a task that is not about signing', async () => {
    const id = await createDraft(staff);
    await staff.officer.complete('draft.prepare', id, {});
    const { key } = await staff.leader.task('draft.review', id);
    expect(await open(key)).toMatchObject({ status: 409, body: { code: 'SIGNING_TASK_UNSUITABLE' } });
  });
});

describe('a local signing service', () => {
  interface Handed {
    readonly id: string;
    readonly session: SigningSessionView;
    readonly path: string;
    readonly pdf: Uint8Array;
  }

  async function handOut(): Promise<Handed> {
    const { id, taskKey } = await awaitingSignature();
    const session = sessionOf(await open(taskKey, own(), { provider: 'local-service' }));
    const message = session.service?.message ?? {};
    expect(session.service?.url).toBe('ws://127.0.0.1:8987/SignApproved');
    const path = new URL(String(message['FileName'])).pathname;
    const download = await nobody.get(path);
    expect(download.status).toBe(200);
    return { id, session, path, pdf: new Uint8Array(download.bytes) };
  }

  let nobody: Caller;
  beforeAll(async () => {
    const { createCaller } = await import('../support/installation.ts');
    nobody = createCaller(installation.app, '');
  });
  const upload = (path: string, bytes: Uint8Array): Promise<Answer> =>
    nobody.upload(path, { name: 'a.signed.pdf', bytes });

  it('fetches the file by a one-time address, brings it back signed, and the task is done', async () => {
    const { id, session, path, pdf } = await handOut();
    expect(session.service?.message).toMatchObject({ SessionId: session.sessionId, JWTToken: '' });
    const signed = await signWith(pdf, own(), { fieldName: 'KyDuyet-1' });
    expect(await upload(path, signed)).toMatchObject({ status: 200, body: { Status: true } });
    const document = await view(id);
    expect(document.signatures).toMatchObject([{ provider: 'local-service', signerName: leaderName }]);
    expect(document.versions.at(-1)).toMatchObject({ kind: 'signed' });
    // The address has served its purpose.
    expect((await nobody.get(path)).status).toBe(409);
    expect(await upload(path, signed)).toMatchObject({ status: 409, body: { code: 'SIGNING_SESSION_USED' } });
  });

  it.each<[string, string, (pdf: Uint8Array) => Promise<Uint8Array>]>([
    [
      'does not begin with the one handed out',
      'SIGNING_FILE_NOT_EXTENDED',
      async (pdf) => {
        const other = await PDFDocument.load(pdf);
        return signWith(await other.save({ useObjectStreams: false }), own(), { fieldName: 'KyDuyet-1' });
      },
    ],
    [
      'is not signed at all',
      'SIGNING_FILE_UNEXPECTED',
      (pdf) => Promise.resolve(new Uint8Array(Buffer.concat([pdf, Buffer.from('\n% thừa\n')]))),
    ],
    [
      'is signed twice',
      'SIGNING_FILE_UNEXPECTED',
      async (pdf) =>
        signWith(await signWith(pdf, own(), { fieldName: 'KyDuyet-1' }), own(), { fieldName: 'KyDuyet-2' }),
    ],
    ['is signed in another field', 'SIGNING_FILE_UNEXPECTED', (pdf) => signWith(pdf, own(), { fieldName: 'Khac-1' })],
    [
      'has a changed page',
      'SIGNING_FILE_UNEXPECTED',
      async (pdf) => {
        const changed = await PDFDocument.load(pdf, { forIncrementalUpdate: true, updateMetadata: false });
        changed.getPage(0).drawRectangle({ x: 10, y: 10, width: 50, height: 50 });
        const bytes = await changed.commit({ useObjectStreams: false });
        return signWith(bytes, own(), { fieldName: 'KyDuyet-1' });
      },
    ],
    [
      'is signed with another certificate',
      'SIGNING_FILE_SIGNER',
      async (pdf) => signWith(pdf, await issue({}), { fieldName: 'KyDuyet-1' }),
    ],
    ['is no PDF', 'SIGNING_FILE_NOT_EXTENDED', () => Promise.resolve(new Uint8Array(Buffer.from('không phải PDF')))],
  ])('is refused when its file %s, and the document stays as it was', async (_what, code, make) => {
    const { id, path, pdf } = await handOut();
    const before = await hashesOf(id);
    expect(await upload(path, await make(pdf))).toMatchObject({ status: 422, body: { code } });
    expect(await hashesOf(id)).toEqual(before);
  });

  it('that comes back too late is refused, its file is kept aside, and the document stays as it was', async () => {
    const { id, path, pdf } = await handOut();
    const before = await hashesOf(id);
    const signed = await signWith(pdf, own(), { fieldName: 'KyDuyet-1' });
    installation.clock.advance(10 * 60_000 + 1);
    expect(await upload(path, signed)).toMatchObject({ status: 409, body: { code: 'SIGNING_SESSION_EXPIRED' } });
    expect(await hashesOf(id)).toEqual(before);
    const { body } = await staff.clerk.get('/api/signing/quarantine');
    const items = body['items'] as { documentId: string; reason: string }[];
    expect(items.find(({ documentId }) => documentId === id)).toMatchObject({ reason: 'late' });
    const { rows } = await installation.database.pool.query(
      `select status from signing_sessions where document_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ status: 'expired' }]);
  });

  it('gets nothing by an address that was never given', async () => {
    expect((await nobody.get(`/api/signing/files/${'x'.repeat(43)}`)).status).toBe(404);
  });
});

describe('many documents at one confirmation', () => {
  it('give a result for each; what cannot be signed does not keep the others from being signed', async () => {
    const documents = [await awaitingSignature(), await awaitingSignature(), await awaitingSignature()];
    const [first, second, third] = documents;
    if (first === undefined || second === undefined || third === undefined) throw new Error('Three were made');
    await staff.leader.complete('sign.personal', second.id, { outcome: 'return', comment: 'Xem lại nội dung' });

    const { status, body } = await staff.leader.send('POST', '/api/signing/batches', {
      taskKeys: documents.map(({ taskKey }) => taskKey),
      provider: 'server-key',
      pin: PIN,
    });

    expect(status).toBe(200);
    expect(body['items']).toMatchObject([
      { taskKey: first.taskKey, isSigned: true, documentId: first.id, code: null },
      { taskKey: second.taskKey, isSigned: false, code: 'TASK_NOT_OPEN' },
      { taskKey: third.taskKey, isSigned: true, documentId: third.id },
    ]);
    expect((await view(first.id)).signatures).toHaveLength(1);
    expect((await view(second.id)).signatures).toHaveLength(0);
  });

  it('stop at a wrong PIN, and say how many tries are left until the key is locked', async () => {
    const documents = [await awaitingSignature(), await awaitingSignature()];
    const before = await Promise.all(documents.map(({ id }) => hashesOf(id)));
    const send = (pin: string) =>
      staff.leader.send('POST', '/api/signing/batches', {
        taskKeys: documents.map(({ taskKey }) => taskKey),
        provider: 'server-key',
        pin,
      });
    expect((await send('000000')).body['items']).toMatchObject([
      { code: 'SIGNING_PIN_WRONG', isSigned: false },
      { code: 'SIGNING_BATCH_STOPPED', isSigned: false },
    ]);
    const [first] = documents;
    const wrong = () => staff.leader.complete('sign.personal', first?.id ?? '', { outcome: 'sign', pin: '000000' });
    expect(await wrong()).toMatchObject({
      status: 422,
      body: { code: 'SIGNING_PIN_WRONG', details: { triesLeft: 3 } },
    });
    await wrong();
    expect(await wrong()).toMatchObject({ body: { details: { triesLeft: 1 } } });
    expect(await wrong()).toMatchObject({ body: { code: 'SIGNING_PIN_LOCKED' } });
    expect((await send(PIN)).body['items']).toMatchObject([{ code: 'SIGNING_PIN_LOCKED' }, {}]);
    expect(await Promise.all(documents.map(({ id }) => hashesOf(id)))).toEqual(before);

    installation.clock.advance(15 * 60_000 + 1);
    expect((await send(PIN)).body['items']).toMatchObject([{ isSigned: true }, { isSigned: true }]);
  });
});

describe('timestamps and evidence', () => {
  it('come after sealing as new versions that begin with the signed file, up to B-LT and B-LTA', async () => {
    const { id } = await awaitingSignature();
    await staff.leader.complete('sign.personal', id, { outcome: 'sign', pin: PIN });
    await installation.settle();
    await staff.clerk.complete('sign.agency', id, { pin: PIN });
    expect((await view(id)).evidence).toMatchObject({ status: 'pending', reached: 'B-B', target: 'B-LT' });
    const sealed = (await view(id)).versions.at(-1);

    await installation.upgradeAll();

    const extended = await view(id);
    expect(extended.evidence).toMatchObject({ status: 'done', reached: 'B-LT' });
    expect(extended.versions.at(-1)).toMatchObject({ kind: 'extended' });
    const sealedBytes = (await staff.leader.get(`/api/documents/${id}/file?version=${sealed?.version ?? 0}`)).bytes;
    const now = (await staff.leader.get(`/api/documents/${id}/file`)).bytes;
    expect(Buffer.compare(now.subarray(0, sealedBytes.length), sealedBytes)).toBe(0);
    expect((await staff.leader.get(`/api/documents/${id}/signatures`)).body).toMatchObject({ verdict: 'valid' });

    // The process goes on as if nothing had been appended, and the archive asks for the last level.
    await installation.settle();
    expect(installation.failures).toEqual([]);
    const recipient = await installation.logIn(`vt.${RECIPIENT}`);
    const arrived = (await recipient.get('/api/documents?direction=incoming')).body['items'] as { id: string }[];
    const incoming = (await recipient.get(`/api/documents/${arrived[0]?.id ?? ''}`)).body;
    expect(incoming).toMatchObject({ evidence: { status: 'pending', target: 'B-LT' } });
    await installation.upgradeAll();
    const refusal = { outcome: 'refuse', reasonCode: 'SAI_NOI_NHAN', reason: 'Gửi nhầm nơi nhận' };
    await recipient.complete('receive.register', arrived[0]?.id ?? '', refusal);
    await installation.settle();
    const kept = (await recipient.get(`/api/documents/${arrived[0]?.id ?? ''}`)).body;
    expect(kept).toMatchObject({ evidence: { status: 'done', reached: 'B-LT' } });
    await staff.clerk.complete('generic', id, { outcome: 'approve', comment: 'Đã gửi lại đúng nơi nhận' });
    await installation.settle();
    expect((await view(id)).status).toBe('archived');
    expect((await view(id)).evidence).toMatchObject({ status: 'pending', target: 'B-LTA' });
    await installation.upgradeAll();
    expect((await view(id)).evidence).toMatchObject({ status: 'done', reached: 'B-LTA' });
    expect((await staff.leader.get(`/api/documents/${id}/signatures`)).body).toMatchObject({ verdict: 'valid' });
    // From the first signature to the last timestamp, each file begins with the one before it.
    const signed = (await view(id)).versions.filter(({ kind }) => kind !== 'draft');
    const files = await Promise.all(
      signed.map(async ({ version }) => (await staff.leader.get(`/api/documents/${id}/file?version=${version}`)).bytes),
    );
    expect(signed.map(({ kind }) => kind)).toEqual(['signed', 'numbered', 'sealed', 'extended', 'extended']);
    const grown = files.slice(1).map((file, index) => {
      const earlier = files[index] ?? Buffer.alloc(0);
      return file.length > earlier.length && file.subarray(0, earlier.length).equals(earlier);
    });
    expect(grown).toEqual([true, true, true, true]);
  });
});
