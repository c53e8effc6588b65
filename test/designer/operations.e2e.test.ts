// The operators' pages in a browser: find a flow, see it on its diagram, look at what a change would do, do it, and find
// it with its reason in the history.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { PILOT_CLOCK, startServer } from '../support/server.ts';
import { seriousProblemsOf, showScreen } from './accessibility.ts';
import { logInAs, SAMPLE, watchConsole } from './journey.ts';

const ADMIN = 'qt.ubnd-tinh';
const REASON = 'Cơ quan yêu cầu dừng để kiểm tra lại nội dung';
const TIMEOUT_MS = 120_000;

describe('the operators’ pages', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer({ args: ['--clock', PILOT_CLOCK] }), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('show a flow on its diagram, preview a change and do it with a reason', { timeout: TIMEOUT_MS }, async () => {
    const officer = await logInAs(browser, server.baseUrl, SAMPLE.officer);
    await officer.goto(`${server.baseUrl}/documents/new`);
    expect(await officer.getByRole('link', { name: 'Vận hành' }).count()).toBe(0);
    await startDraft(officer);
    await officer.context().close();

    const page = await logInAs(browser, server.baseUrl, ADMIN);
    const problems = watchConsole(page);
    await page.getByRole('link', { name: 'Vận hành' }).click();
    await page.locator('[data-row]').first().waitFor();
    await showScreen(page, 'operations-list');
    expect(await seriousProblemsOf(page)).toEqual([]);

    await page.locator('[data-row]').first().click();
    await page.locator('.djs-shape.is-waiting').first().waitFor();
    await showScreen(page, 'operations-instance');
    expect(await seriousProblemsOf(page)).toEqual([]);

    await page.getByRole('tab', { name: 'Can thiệp' }).click();
    await page.getByText('Tạm dừng', { exact: true }).click();
    const apply = page.getByRole('button', { name: 'Thực hiện' });
    expect(await apply.isDisabled()).toBe(true);
    await page.getByText('Xem trước rồi mới thực hiện.').waitFor();
    await page.getByRole('button', { name: 'Xem trước' }).click();
    await page.getByText('Lượt chạy tạm dừng').waitFor();
    await page.fill('#change-reason', REASON);
    await showScreen(page, 'operations-preview');
    expect(await seriousProblemsOf(page)).toEqual([]);
    await apply.click();
    await page.getByRole('status').filter({ hasText: 'Đã tạm dừng' }).waitFor();

    await page.getByRole('tab', { name: 'Diễn biến' }).click();
    await page.getByText(`“${REASON}”`).waitFor();
    await showScreen(page, 'operations-history');
    await page.getByRole('tab', { name: 'Dữ liệu' }).click();
    await showScreen(page, 'operations-variables');
    expect(await seriousProblemsOf(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

/** As far as a draft that waits to be sent for review. */
async function startDraft(page: Page): Promise<void> {
  await page.evaluate(async (subject) => {
    const read = async (path: string) => (await fetch(path)).json();
    const people = await read('/api/people?role=leader');
    const types = await read('/api/document-types');
    const response = await fetch('/api/documents', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        documentTypeId: types.items[0].id,
        subject,
        urgency: 'normal',
        secrecy: 'none',
        recipientIds: ['so-tttt'],
        signerId: people.items[0].id,
        signingCapacity: 'deputy',
        dueOn: null,
      }),
    });
    if (!response.ok) throw new Error(await response.text());
  }, 'V/v kiểm tra trang vận hành');
}
