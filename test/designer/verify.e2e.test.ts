// The public check in a browser: no login, a file in, a verdict in words, nothing kept.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append, LETTER, signLetter } from '../adapters/validation/kit.ts';
import { openBrowser } from '../support/browser.ts';
import { startServer } from '../support/server.ts';
import { seriousProblemsOf, showScreen } from './accessibility.ts';
import { watchConsole } from './journey.ts';

const VERDICT_MS = 20_000;

describe('the public check of a signed file', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  async function check(page: Page, name: string, bytes: Uint8Array): Promise<string | null> {
    await page.setInputFiles('#verify-file', { name, mimeType: 'application/pdf', buffer: Buffer.from(bytes) });
    const result = page.locator('section.result').filter({ hasText: name });
    await result.waitFor({ timeout: VERDICT_MS });
    return result.getAttribute('data-verdict');
  }

  it('tells a stranger what a file is worth, in words, and why', { timeout: 120_000 }, async () => {
    const page = await (await browser.newContext({ viewport: { width: 1200, height: 800 } })).newPage();
    const problems = watchConsole(page);
    await page.goto(`${server.baseUrl}/login`);
    await page.getByRole('link', { name: /[Kk]iểm tra/ }).click();
    await page.locator('h1').waitFor();
    await showScreen(page, 'verify-empty');
    expect(await seriousProblemsOf(page)).toEqual([]);

    const signed = signLetter();
    const verdict = await check(page, 'cong-van.pdf', signed);
    await showScreen(page, 'verify-untrusted');
    expect(verdict).toBe('invalid');
    await page.getByText('Chứng thư không thuộc tổ chức chứng thực nào trong danh sách tin cậy.').first().waitFor();
    expect(await page.getByText('Tài liệu đã bị sửa sau khi ký').count()).toBe(0);
    expect(await seriousProblemsOf(page)).toEqual([]);

    const page4 = Object.entries(LETTER).find(
      ([, body]) => body.includes('/Type /Page ') || body.includes('/Contents'),
    );
    const forged = append(signed, {
      [Number(page4?.[0])]: String(page4?.[1]).replace('/Contents', '/Rotate 180 /Contents'),
    });
    expect(await check(page, 'cong-van-bi-sua.pdf', forged)).toBe('invalid');
    await page.getByText('Tài liệu đã bị sửa sau khi ký').first().waitFor();
    await showScreen(page, 'verify-invalid');
    expect(await seriousProblemsOf(page)).toEqual([]);
    // Asking who is logged in is answered with 401 before the login; the browser notes that by itself.
    expect(problems.filter((text) => !text.includes('401'))).toEqual([]);
    await page.context().close();
  });

  it('says what is wrong with a file that is no PDF', { timeout: 60_000 }, async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${server.baseUrl}/verify`);
    await page.setInputFiles('#verify-file', {
      name: 'ghi-chu.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('không phải PDF'),
    });
    await page.locator('[role="alert"], section.result').first().waitFor({ timeout: VERDICT_MS });
    await showScreen(page, 'verify-no-pdf');
    expect(await page.locator('section.result[data-verdict="valid"]').count()).toBe(0);
    expect(await seriousProblemsOf(page)).toEqual([]);
    await page.context().close();
  });
});
