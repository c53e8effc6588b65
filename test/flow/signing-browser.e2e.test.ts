// Signing in a real browser with keys that are not on the server: a PKCS#12 opened in the page, and a signing service on the
// person's machine. What travels is looked at: neither the key file nor the PIN leaves the page.

import { join } from 'node:path';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEmbeddedPostgres } from '../../server/adapters/postgres/embedded.ts';
import { createCredentialOpener } from '../../server/adapters/signing/pkcs12.ts';
import type { DocumentView, SessionView, TaskView } from '../../server/api/contract/index.ts';
import { openBrowser } from '../support/browser.ts';
import { type LocalService, startLocalService } from '../support/local-signing-service.ts';
import { PILOT_CLOCK, startServer } from '../support/server.ts';
import { logInAs, SAMPLE, watchConsole } from '../designer/journey.ts';

const BACKGROUND_MS = 30_000;
const panelOf = (page: Page) => page.getByRole('region', { name: 'Việc cần làm với văn bản' });

describe('signing in the browser with a key that is elsewhere', { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startServer>>;
  let service: LocalService;
  let pkcs12: Buffer;

  const send = async <T>(username: string, path: string, method = 'GET', body?: unknown): Promise<T> => {
    const login = await fetch(`${server.baseUrl}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: SAMPLE.password }),
    });
    const { token } = (await login.json()) as { token: string };
    const answer = await fetch(`${server.baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T; // the contract of the route
  };
  const complete = async (username: string, id: string, body: unknown): Promise<void> => {
    const { items } = await send<{ items: TaskView[] }>(username, '/api/tasks');
    const key = items.find((task) => task.document?.id === id)?.key ?? '';
    await send(username, `/api/tasks/${key}/complete`, 'POST', body);
  };

  /** A document that waits for the leader. */
  async function awaitingSignature(): Promise<string> {
    const leader = await send<SessionView>(SAMPLE.leader, '/api/session');
    const { id } = await send<DocumentView>(SAMPLE.officer, '/api/documents', 'POST', {
      documentTypeId: 'official_letter',
      subject: 'V/v ký số bằng khóa của người ký',
      urgency: 'normal',
      secrecy: 'none',
      recipientIds: ['so-tttt'],
      signerId: leader.user.id,
      signingCapacity: 'on_behalf',
      dueOn: null,
    });
    await send(SAMPLE.officer, `/api/documents/${id}/letter`, 'PUT', {
      paragraphs: ['Đề nghị các cơ quan thực hiện.'],
    });
    await complete(SAMPLE.officer, id, {});
    await complete(SAMPLE.leader, id, { outcome: 'approve', comment: '' });
    return id;
  }

  beforeAll(async () => {
    service = await startLocalService();
    const env = { TRAM_SIGN_SERVICE: service.origin };
    [server, browser] = await Promise.all([startServer({ args: ['--clock', PILOT_CLOCK], env }), openBrowser()]);
    // The test certificate is issued at the first signature; the person then has it as a file.
    const first = await awaitingSignature();
    await complete(SAMPLE.leader, first, { outcome: 'sign', pin: SAMPLE.pin });
    const client = new pg.Client({
      connectionString: (await findEmbeddedPostgres(join(server.dataDir, 'postgres'))) ?? '',
    });
    await client.connect();
    const { rows } = await client.query<{ pkcs12: Buffer }>(
      `select c.pkcs12 from signing_credentials c join users u on u.id = c.user_id where u.username = $1`,
      [SAMPLE.leader],
    );
    await client.end();
    pkcs12 = rows[0]?.pkcs12 ?? Buffer.alloc(0);
    service.use(createCredentialOpener().open(new Uint8Array(pkcs12), SAMPLE.pin));
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await service.close();
  });

  async function openTask(id: string): Promise<Page> {
    const page = await logInAs(browser, server.baseUrl, SAMPLE.leader);
    await page.goto(`${server.baseUrl}/documents/${id}`);
    await panelOf(page).getByText('Ký bằng').waitFor({ timeout: BACKGROUND_MS });
    return page;
  }
  const press = (page: Page) => panelOf(page).getByRole('button', { name: 'Ký duyệt', exact: true }).click();
  const evidenceOf = (id: string) => send<DocumentView>(SAMPLE.leader, `/api/documents/${id}`);

  it('opens the key file in the page; file and PIN stay there, and a wrong PIN is told without asking the server', async () => {
    const id = await awaitingSignature();
    const page = await openTask(id);
    const problems = watchConsole(page);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
    await panelOf(page).getByText('Tệp khóa mở trong trình duyệt').click();
    await page.setInputFiles('#sign-key', { name: 'ky.p12', mimeType: 'application/x-pkcs12', buffer: pkcs12 });
    await page.fill('#sign-pin', '000000');
    await press(page);
    await panelOf(page).getByText('Mã PIN không mở được tệp khóa.').waitFor({ timeout: BACKGROUND_MS });
    expect(sent.filter((text) => text.includes('/signing/sessions'))).toEqual([]);

    await page.fill('#sign-pin', SAMPLE.pin);
    await panelOf(page).getByText('Vị trí chữ ký trên trang').click();
    await page.fill('#sign-place-x', '20');
    await page.locator('#sign-place-x').blur();
    await press(page);
    await panelOf(page).getByText('Đã ký duyệt.').waitFor({ timeout: BACKGROUND_MS });

    const document = await evidenceOf(id);
    expect(document.signatures).toMatchObject([{ role: 'personal', provider: 'browser-key' }]);
    const check = await send<{ verdict: string }>(SAMPLE.leader, `/api/documents/${id}/signatures`);
    expect(check.verdict).toBe('valid');
    const all = sent.join('\n');
    expect(all).not.toContain(SAMPLE.pin);
    expect(all).not.toContain(pkcs12.toString('base64').slice(0, 60));
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('asks the signing service of the machine, and starts anew after the person has cancelled there', async () => {
    const id = await awaitingSignature();
    const page = await openTask(id);
    await panelOf(page).getByText('Phần mềm ký trên máy này').click();
    service.behave('refuse');
    await press(page);
    await panelOf(page).getByText('Phần mềm ký đã dừng hoặc từ chối').waitFor({ timeout: BACKGROUND_MS });
    expect((await evidenceOf(id)).signatures).toEqual([]);

    service.behave('sign');
    await press(page);
    await panelOf(page).getByText('Đã ký duyệt.').waitFor({ timeout: BACKGROUND_MS });
    expect((await evidenceOf(id)).signatures).toMatchObject([{ provider: 'local-service' }]);
    expect(service.asked).toEqual(['GetCertInfo', 'SignApproved', 'GetCertInfo', 'SignApproved']);
    await page.context().close();
  });

  it('shows the timestamp as pending or complete once the document is sealed', async () => {
    const id = await awaitingSignature();
    await complete(SAMPLE.leader, id, { outcome: 'sign', pin: SAMPLE.pin });
    await expect.poll(async () => (await evidenceOf(id)).status, { timeout: BACKGROUND_MS }).toBe('numbered');
    await complete(SAMPLE.clerk, id, { pin: SAMPLE.pin });
    const page = await logInAs(browser, server.baseUrl, SAMPLE.clerk);
    await page.goto(`${server.baseUrl}/documents/${id}`);
    await page.getByRole('tab', { name: 'Chữ ký số' }).click();
    const panel = page.getByRole('tabpanel');
    await panel.getByText('Dấu thời gian và dữ liệu kiểm chứng').waitFor({ timeout: BACKGROUND_MS });
    await expect.poll(async () => (await evidenceOf(id)).evidence?.status, { timeout: BACKGROUND_MS }).toBe('done');
    await page.reload();
    await page.getByRole('tab', { name: 'Chữ ký số' }).click();
    await panel.getByText('Đã đủ, mức B-LT').waitFor({ timeout: BACKGROUND_MS });
    await page.context().close();
  });
});
