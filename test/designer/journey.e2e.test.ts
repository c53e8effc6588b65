// The main journey in a browser, by the screens only: draft → review → sign → seal → receive → assign → handle → case
// file, with the accessibility of each screen looked at on the way.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { PILOT_CLOCK, startServer } from '../support/server.ts';
import { seriousProblemsOf } from './accessibility.ts';
import { logInAs, runJourney, SAMPLE, watchConsole } from './journey.ts';

/** Six people, eleven screens, each looked through by axe. */
const JOURNEY_TIMEOUT_MS = 240_000;

describe('one document in the browser', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startServer>>;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer({ args: ['--clock', PILOT_CLOCK] }), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('travels from draft to case file through the screens of six people', { timeout: JOURNEY_TIMEOUT_MS }, async () => {
    const barriers: string[] = [];
    const seen = await runJourney(browser, server.baseUrl, async (page, name) => {
      barriers.push(...(await seriousProblemsOf(page)).map((problem) => `${name}: ${problem}`));
    });
    expect(seen.documentCode).toMatch(/^\d{2,}\/\S+$/);
    expect(seen.deliveryStatus).toBe('Đã hoàn thành');
    expect(seen.signatureVerdict).toBe('Chữ ký số hợp lệ');
    expect(seen.consoleProblems).toEqual([]);
    expect(barriers).toEqual([]);
  });

  it.each(['/tasks', '/documents', '/documents/new', '/case-files', '/nowhere'])(
    'has no serious accessibility problem on %s',
    async (path) => {
      const page = await logInAs(browser, server.baseUrl, SAMPLE.officer);
      await page.goto(`${server.baseUrl}${path}`);
      await page.locator('h1').first().waitFor();
      expect(await seriousProblemsOf(page)).toEqual([]);
      await page.context().close();
    },
  );

  it('loads nothing from another origin and runs under the content security policy', async () => {
    const page = await (await browser.newContext()).newPage();
    const origins = new Set<string>();
    page.on('request', (request) => origins.add(new URL(request.url()).origin));
    const problems = watchConsole(page);
    await page.goto(`${server.baseUrl}/login`);
    await page.locator('#username').waitFor();
    expect([...origins]).toEqual([new URL(server.baseUrl).origin]);
    // Asking who is logged in is answered with 401 before the login; the browser notes that by itself.
    expect(problems.filter((text) => !text.includes('401'))).toEqual([]);
    await page.context().close();
  });
});
