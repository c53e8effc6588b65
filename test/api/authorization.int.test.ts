// The authorisation matrix: every route, as nobody, as another agency, as a colleague without the role, and as somebody
// who may. A route without a row here fails, so that no route can be added without saying who may call it.

import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerAccess } from '../../server/api/plugins/access.ts';
import type { ApiDeps, App } from '../../server/api/types.ts';
import {
  createCaller,
  createInstallation,
  type Answer,
  type Caller,
  type Installation,
} from '../support/installation.ts';
import {
  createDraft,
  dispatchDocument,
  draftBody,
  logInStaff,
  RECIPIENT,
  SENDER,
  type Staff,
} from '../support/staff.ts';

type Who = 'nobody' | 'foreigner' | 'colleague' | 'permitted';

interface Row {
  /** As Fastify prints it. */
  readonly route: string;
  readonly call: (who: Caller) => Promise<Answer>;
  /** Expected status per caller. A permitted caller passes the guard; 4xx of the command itself are named. */
  readonly expected: Readonly<Record<Who, number>>;
  /** Who may, where it is not the sender's officer. */
  readonly permitted?: Caller;
}

const PUBLIC = { nobody: 200, foreigner: 200, colleague: 200, permitted: 200 };
const ANY_SESSION = { nobody: 401, foreigner: 200, colleague: 200, permitted: 200 };
/** Nobody of these is an administrator of the node. */
const ONLY_ADMIN = { nobody: 401, foreigner: 403, colleague: 403, permitted: 403 };
/** One's own agency's thing: for others it does not exist. */
const OWN_AGENCY = { nobody: 401, foreigner: 404, colleague: 200, permitted: 200 };
/** Officers do not sign; a clerk may, but this task has been done. */
const NO_SIGNER = { nobody: 401, foreigner: 403, colleague: 409, permitted: 403 };
/** A session or notice that does not exist, for those who may sign at all. */
const NO_SESSION = { nobody: 401, foreigner: 403, colleague: 404, permitted: 403 };
const ABSENT = { nobody: 404, foreigner: 404, colleague: 404, permitted: 404 };

/** A door of machine clients. */
const NO_PERSON = { nobody: 401, foreigner: 403, colleague: 403, permitted: 403 };

/** Operators' pages: administrators only, even in the own agency. */
const ADMINS = { nobody: 401, foreigner: 403, colleague: 403, permitted: 200 };

describe('who may call what', () => {
  let installation: Installation;
  let sender: Staff;
  let foreign: Staff;
  let sentId: string;
  let draftId: string;
  let packageId: string;
  let caseFileId: string;
  let taskKey: string;
  let admin: Caller;
  let instanceKey: string;

  beforeAll(async () => {
    installation = await createInstallation();
    sender = await logInStaff(installation, SENDER);
    foreign = await logInStaff(installation, 'so-noi-vu');
    sentId = await dispatchDocument(installation, sender);
    draftId = await createDraft(sender);
    taskKey = (await sender.officer.task('draft.prepare', draftId)).key;
    const view = await sender.clerk.get(`/api/documents/${sentId}`);
    packageId = (view.body['deliveries'] as { packageId: string }[])[0]?.packageId ?? '';
    caseFileId = String(view.body['caseFileId']);
    admin = await installation.logIn(`qt.${SENDER}`);
    const flows = await admin.get('/api/operations/instances?queue=active');
    instanceKey = (flows.body['items'] as { key: string }[])[0]?.key ?? '';
  });
  afterAll(() => installation.close());

  const rows = (): readonly Row[] => [
    {
      route: 'POST /api/session',
      call: (who) => who.send('POST', '/api/session', { username: 'vt.so-y-te', password: 'tram-2019' }),
      expected: PUBLIC,
    },
    { route: 'GET /api/session', call: (who) => who.get('/api/session'), expected: ANY_SESSION },
    {
      route: 'POST /api/validation',
      call: (who) => who.upload('/api/validation', { name: 'a.pdf', bytes: Buffer.from('x') }),
      expected: PUBLIC,
    },
    { route: 'GET /api/trust-anchors', call: (who) => who.get('/api/trust-anchors'), expected: ONLY_ADMIN },
    {
      route: 'POST /api/trust-anchors',
      call: (who) =>
        who.send('POST', '/api/trust-anchors', { certificate: 'x'.repeat(100), sha256: '0'.repeat(64), reason: 'x' }),
      expected: ONLY_ADMIN,
    },
    {
      route: 'POST /api/trust-anchors/:sha256/retire',
      call: (who) => who.send('POST', `/api/trust-anchors/${'0'.repeat(64)}/retire`, { reason: 'x' }),
      expected: ONLY_ADMIN,
    },
    { route: 'GET /api/health', call: (who) => who.get('/api/health'), expected: PUBLIC },
    // A person's session opens nothing here: test/api/v2/work proves which tokens do.
    { route: 'GET /metrics', call: (who) => who.get('/metrics'), expected: NO_PERSON },
    { route: 'GET /api/document-types', call: (who) => who.get('/api/document-types'), expected: ANY_SESSION },
    { route: 'GET /api/agencies', call: (who) => who.get('/api/agencies'), expected: ANY_SESSION },
    { route: 'GET /api/people', call: (who) => who.get('/api/people'), expected: ANY_SESSION },
    { route: 'GET /api/tasks', call: (who) => who.get('/api/tasks'), expected: ANY_SESSION },
    { route: 'GET /api/tasks/:taskKey', call: (who) => who.get(`/api/tasks/${taskKey}`), expected: OWN_AGENCY },
    {
      route: 'POST /api/tasks/:taskKey/claim',
      call: (who) => who.send('POST', `/api/tasks/${taskKey}/claim`),
      expected: { nobody: 401, foreigner: 404, colleague: 403, permitted: 204 },
    },
    {
      route: 'POST /api/tasks/:taskKey/complete',
      call: (who) => who.send('POST', `/api/tasks/${taskKey}/complete`, {}),
      expected: { nobody: 401, foreigner: 404, colleague: 403, permitted: 200 },
    },
    { route: 'GET /api/documents', call: (who) => who.get('/api/documents'), expected: ANY_SESSION },
    {
      route: 'POST /api/documents',
      call: (who) => who.send('POST', '/api/documents', draftBody(sender)),
      // A foreign officer may draft for his own agency, but the signer named here is none of his leaders.
      expected: { nobody: 401, foreigner: 422, colleague: 403, permitted: 201 },
    },
    { route: 'GET /api/documents/:id', call: (who) => who.get(`/api/documents/${sentId}`), expected: OWN_AGENCY },
    {
      route: 'PUT /api/documents/:id',
      call: (who) => who.send('PUT', `/api/documents/${sentId}`, draftBody(sender)),
      expected: { nobody: 401, foreigner: 404, colleague: 403, permitted: 409 },
    },
    {
      route: 'PUT /api/documents/:id/letter',
      call: (who) => who.send('PUT', `/api/documents/${sentId}/letter`, { paragraphs: ['x'] }),
      expected: { nobody: 401, foreigner: 404, colleague: 403, permitted: 409 },
    },
    {
      route: 'POST /api/documents/:id/file',
      call: (who) => who.upload(`/api/documents/${sentId}/file`, { name: 'a.pdf', bytes: Buffer.from('x') }),
      expected: { nobody: 401, foreigner: 404, colleague: 403, permitted: 409 },
    },
    {
      route: 'GET /api/documents/:id/file',
      call: (who) => who.get(`/api/documents/${sentId}/file`),
      expected: OWN_AGENCY,
    },
    {
      route: 'GET /api/documents/:id/signatures',
      call: (who) => who.get(`/api/documents/${sentId}/signatures`),
      expected: OWN_AGENCY,
    },
    {
      route: 'GET /api/documents/:id/timeline',
      call: (who) => who.get(`/api/documents/${sentId}/timeline`),
      expected: OWN_AGENCY,
    },
    {
      route: 'GET /api/documents/:id/packages/:packageId',
      call: (who) => who.get(`/api/documents/${sentId}/packages/${packageId}`),
      expected: OWN_AGENCY,
    },
    {
      route: 'GET /api/signing/tasks/:taskKey',
      call: (who) => who.get(`/api/signing/tasks/${taskKey}`),
      expected: NO_SIGNER,
    },
    {
      route: 'POST /api/signing/sessions',
      call: (who) =>
        who.send('POST', '/api/signing/sessions', { taskKey, provider: 'browser-key', certificate: 'AA==', chain: [] }),
      expected: NO_SIGNER,
    },
    {
      route: 'GET /api/signing/sessions/:id',
      call: (who) => who.get(`/api/signing/sessions/${draftId}`),
      expected: NO_SESSION,
    },
    {
      route: 'POST /api/signing/sessions/:id/signature',
      call: (who) => who.send('POST', `/api/signing/sessions/${draftId}/signature`, { signature: 'AA==' }),
      expected: NO_SESSION,
    },
    {
      route: 'POST /api/signing/sessions/:id/cancel',
      call: (who) => who.send('POST', `/api/signing/sessions/${draftId}/cancel`),
      expected: NO_SESSION,
    },
    {
      route: 'POST /api/signing/token',
      call: (who) => who.send('POST', '/api/signing/token', { taskKey, pin: 'x' }),
      // No device is configured on this server.
      expected: { nobody: 401, foreigner: 403, colleague: 422, permitted: 403 },
    },
    {
      route: 'POST /api/signing/batches',
      call: (who) =>
        who.send('POST', '/api/signing/batches', { taskKeys: [taskKey], provider: 'server-key', pin: 'x' }),
      // Each document has its own result; the request itself is answered.
      expected: { nobody: 401, foreigner: 403, colleague: 200, permitted: 403 },
    },
    {
      route: 'GET /api/signing/files/:token',
      call: (who) => who.get(`/api/signing/files/${'x'.repeat(43)}`),
      expected: ABSENT,
    },
    {
      route: 'POST /api/signing/files/:token',
      call: (who) => who.upload(`/api/signing/files/${'x'.repeat(43)}`, { name: 'a.pdf', bytes: Buffer.from('x') }),
      expected: ABSENT,
    },
    { route: 'GET /api/signing/quarantine', call: (who) => who.get('/api/signing/quarantine'), expected: ANY_SESSION },
    {
      route: 'POST /api/signing/quarantine/:id/handled',
      call: (who) => who.send('POST', `/api/signing/quarantine/${draftId}/handled`),
      expected: NO_SESSION,
    },
    { route: 'GET /api/case-files', call: (who) => who.get('/api/case-files'), expected: ANY_SESSION },
    {
      route: 'GET /api/case-files/:id/package',
      call: (who) => who.get(`/api/case-files/${caseFileId}/package`),
      expected: OWN_AGENCY,
    },
    {
      route: 'GET /api/operations/instances',
      call: (who) => who.get('/api/operations/instances?queue=active'),
      expected: ADMINS,
      permitted: admin,
    },
    {
      route: 'GET /api/operations/instances/:key',
      call: (who) => who.get(`/api/operations/instances/${instanceKey}`),
      expected: ADMINS,
      permitted: admin,
    },
    {
      route: 'POST /api/operations/instances/:key/previews',
      call: (who) =>
        who.send('POST', `/api/operations/instances/${instanceKey}/previews`, { change: { kind: 'suspend' } }),
      expected: ADMINS,
      permitted: admin,
    },
    {
      route: 'POST /api/operations/instances/:key/changes',
      call: (who) =>
        who.send('POST', `/api/operations/instances/${instanceKey}/changes`, {
          change: { kind: 'suspend' },
          reason: 'Kiểm tra quyền của người vận hành',
        }),
      expected: { ...ADMINS, permitted: 204 },
      permitted: admin,
    },
    {
      route: 'DELETE /api/session',
      call: async (who) => {
        if (who.token === '') return who.send('DELETE', '/api/session');
        const own = await installation.logIn('vt.so-y-te');
        return own.send('DELETE', '/api/session');
      },
      expected: { nobody: 401, foreigner: 204, colleague: 204, permitted: 204 },
    },
  ];

  it('has a row for every route of the server', () => {
    const registered = installation.app.accessTable
      // /v2 has callers of other kinds and a matrix of its own: test/api/v2/authorization.int.test.ts
      .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/v2/'))
      .map(({ method, url }) => `${method} ${url}`);
    expect(
      rows()
        .map((row) => row.route)
        .sort(),
    ).toEqual(registered.sort());
  });

  it('gives every caller what the matrix says', async () => {
    const callers: Readonly<Record<Who, Caller>> = {
      nobody: createCaller(installation.app, ''),
      foreigner: foreign.officer,
      colleague: sender.clerk,
      permitted: sender.officer,
    };
    const outcome: Record<string, Record<string, number>> = {};
    for (const row of rows()) {
      const statuses: Record<string, number> = {};
      for (const who of ['nobody', 'foreigner', 'colleague', 'permitted'] as const) {
        statuses[who] = (
          await row.call(who === 'permitted' ? (row.permitted ?? callers.permitted) : callers[who])
        ).status;
      }
      outcome[row.route] = statuses;
    }
    expect(outcome).toEqual(Object.fromEntries(rows().map((row) => [row.route, row.expected])));
  });

  it('shows another agency neither titles nor counts', async () => {
    const lists = await Promise.all(
      ['/api/documents?limit=500', '/api/tasks?limit=500', '/api/case-files'].map((path) => foreign.clerk.get(path)),
    );
    expect(lists.map((list) => list.body)).toEqual([{ items: [] }, { items: [] }, { items: [] }]);
  });

  it('lets the recipient see its own copy and not the sender’s document', async () => {
    const recipient = await installation.logIn(`vt.${RECIPIENT}`);
    const { body } = await recipient.get('/api/documents?direction=incoming');
    const [arrived] = body['items'] as { id: string }[];
    expect(arrived?.id).not.toBe(sentId);
    expect((await recipient.get(`/api/documents/${arrived?.id ?? ''}`)).status).toBe(200);
    expect((await recipient.get(`/api/documents/${sentId}`)).status).toBe(404);
  });

  it('refuses a request from a page of another site although the cookie is right', async () => {
    const send = (origin: string) =>
      installation.app.inject({
        method: 'POST',
        url: '/api/documents',
        headers: { origin, host: 'tram.example' },
        cookies: { tram_session: sender.officer.token },
        payload: draftBody(sender),
      });
    expect((await send('http://evil.example')).statusCode).toBe(403);
    // The control: the same request from our own page goes through.
    expect((await send('http://tram.example')).statusCode).toBe(201);
  });

  it('answers a session that has ended like no session', async () => {
    const person = await installation.logIn('vt.so-y-te');
    await person.send('DELETE', '/api/session');
    expect(await person.get('/api/tasks')).toMatchObject({ status: 401, body: { code: 'LOGIN_REQUIRED' } });
  });

  it('cannot register a route that does not say who may call it', async () => {
    const app = Fastify().withTypeProvider<TypeBoxTypeProvider>();
    await app.register(cookie);
    registerAccess(app as unknown as App, {} as ApiDeps); // only the hook on routes is of interest here
    expect(() => app.get('/api/open-door', () => 'x')).toThrow(/does not declare who may call it/);
  });
});
