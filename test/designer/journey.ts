// The main journey as a person does it in the browser: only what can be seen and pressed. Works against any server
// with the sample province, so it can be run by hand against a development server as well.

import type { Browser, Page } from 'playwright-core';

export const SAMPLE = {
  officer: 'cv.ubnd-tinh',
  leader: 'ld.ubnd-tinh',
  clerk: 'vt.ubnd-tinh',
  receivingClerk: 'vt.so-tttt',
  receivingLeader: 'ld.so-tttt',
  receivingOfficer: 'cv.so-tttt',
  password: 'tram-2019',
  pin: '123456',
} as const;

export interface JourneyResult {
  readonly documentCode: string;
  readonly signatureVerdict: string;
  readonly deliveryStatus: string;
  readonly consoleProblems: readonly string[];
}

/** Steps of the system (numbering, delivery) happen in the background; this is how long the screen may take to show them. */
const BACKGROUND_MS = 30_000;

export async function logInAs(browser: Browser, baseUrl: string, username: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'vi-VN' });
  const page = await context.newPage();
  await page.goto(`${baseUrl}/login`);
  await page.fill('#username', username);
  await page.fill('#password', SAMPLE.password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.waitForURL('**/tasks');
  return page;
}

/** Errors and violations of the content security policy that the browser notes while the page is used. */
export function watchConsole(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return problems;
}

/** Looks at a screen on the way; `name` says which one it is. */
export type Inspect = (page: Page, name: string) => Promise<void>;

export async function runJourney(browser: Browser, baseUrl: string, inspect: Inspect): Promise<JourneyResult> {
  const subject = `Triển khai gửi, nhận văn bản điện tử, đợt ${Date.now() % 100_000}`;
  const consoleProblems: string[] = [];
  const as = async (username: string, act: (page: Page) => Promise<void>): Promise<void> => {
    const page = await logInAs(browser, baseUrl, username);
    const problems = watchConsole(page);
    await act(page);
    consoleProblems.push(...problems);
    await page.context().close();
  };

  await as(SAMPLE.officer, (page) => draft(page, subject, inspect));
  await as(SAMPLE.leader, (page) => approveAndSign(page, subject, inspect));
  await as(SAMPLE.clerk, (page) => seal(page, subject, inspect));
  await as(SAMPLE.receivingClerk, (page) => register(page, subject, inspect));
  await as(SAMPLE.receivingLeader, (page) => assign(page, subject, inspect));
  await as(SAMPLE.receivingOfficer, (page) => handle(page, subject, inspect));
  let seen = { documentCode: '', signatureVerdict: '', deliveryStatus: '' };
  await as(SAMPLE.clerk, async (page) => {
    seen = await lookAtResult(page, subject, inspect);
  });
  return { ...seen, consoleProblems };
}

async function openTask(page: Page, subject: string): Promise<void> {
  await page.locator('[data-row]', { hasText: subject }).first().click({ timeout: BACKGROUND_MS });
  await page.locator('canvas').first().waitFor({ state: 'attached' });
}

const panelOf = (page: Page) => page.getByRole('region', { name: 'Việc cần làm với văn bản' });
const press = (page: Page, name: string) => panelOf(page).getByRole('button', { name, exact: true }).click();
const waitForResult = (page: Page, words: string) => panelOf(page).getByText(words).waitFor({ timeout: BACKGROUND_MS });

async function draft(page: Page, subject: string, inspect: Inspect): Promise<void> {
  await page.getByRole('link', { name: 'Soạn văn bản' }).first().click();
  await page.selectOption('#draft-type', 'official_letter');
  await page.fill('#draft-subject', subject);
  await page.selectOption('#draft-signer', { index: 1 });
  await page.selectOption('#draft-capacity', 'on_behalf');
  await page.getByLabel('Tìm cơ quan, có thể gõ không dấu').fill('so thong tin');
  await page.getByLabel(/^Sở Thông tin và Truyền thông/).check();
  await inspect(page, 'metadata of a draft');
  await page.getByRole('button', { name: 'Lưu và soạn nội dung' }).click();
  await page.waitForURL('**/edit');
  await page.fill('#letter-text', 'Thực hiện Quyết định số 28/2018/QĐ-TTg, đề nghị Sở cử đầu mối.\nTrân trọng./.');
  await page.getByRole('button', { name: 'Lưu và xem trước' }).click();
  await page.getByText('Đã lưu nội dung và tạo bản PDF.').waitFor();
  await inspect(page, 'text of a draft');
  await page.getByRole('link', { name: 'Tiếp tục: trình duyệt' }).click();
  await press(page, 'Trình duyệt');
  await waitForResult(page, 'Đã trình duyệt.');
}

async function approveAndSign(page: Page, subject: string, inspect: Inspect): Promise<void> {
  await openTask(page, subject);
  await inspect(page, 'review');
  await press(page, 'Phê duyệt');
  await waitForResult(page, 'Đã phê duyệt.');
  await page.locator('#sign-pin').fill(SAMPLE.pin, { timeout: BACKGROUND_MS });
  await inspect(page, 'personal signature');
  await press(page, 'Ký duyệt');
  await waitForResult(page, 'Đã ký duyệt.');
}

async function seal(page: Page, subject: string, inspect: Inspect): Promise<void> {
  await openTask(page, subject);
  await page.fill('#seal-pin', SAMPLE.pin);
  await inspect(page, 'agency signature');
  await press(page, 'Ký số cơ quan và phát hành');
  await waitForResult(page, 'Đã ký số của cơ quan');
}

async function register(page: Page, subject: string, inspect: Inspect): Promise<void> {
  await openTask(page, subject);
  await panelOf(page).getByText('Chữ ký số hợp lệ').waitFor();
  await inspect(page, 'registering');
  await press(page, 'Tiếp nhận, vào sổ');
  await waitForResult(page, 'Đã tiếp nhận và vào sổ.');
}

async function assign(page: Page, subject: string, inspect: Inspect): Promise<void> {
  await openTask(page, subject);
  const officer = await page.locator('#assign-lead option', { hasText: 'Chuyên viên' }).first().getAttribute('value');
  await page.selectOption('#assign-lead', officer ?? '');
  await page.fill('#assign-instruction', 'Tham mưu văn bản trả lời.');
  await page.getByRole('button', { name: '5 ngày' }).click();
  await inspect(page, 'assignment');
  await press(page, 'Chuyển xử lý');
  await waitForResult(page, 'Đã chuyển xử lý.');
}

async function handle(page: Page, subject: string, inspect: Inspect): Promise<void> {
  await openTask(page, subject);
  await press(page, 'Bắt đầu xử lý');
  await page.getByText('Đang xử lý').first().waitFor({ timeout: BACKGROUND_MS });
  await page.fill('#handle-outcome', 'Đã cử đầu mối của Sở.');
  await inspect(page, 'handling');
  await press(page, 'Hoàn thành');
  await waitForResult(page, 'Đã hoàn thành.');
}

async function lookAtResult(
  page: Page,
  subject: string,
  inspect: Inspect,
): Promise<Omit<JourneyResult, 'consoleProblems'>> {
  await page.getByRole('link', { name: 'Văn bản', exact: true }).first().click();
  await page.getByRole('link', { name: subject }).click();
  await page.getByRole('tab', { name: 'Nơi nhận' }).click();
  const delivery = page.getByRole('tabpanel').locator('.delivery').first();
  await delivery.getByText('Đã hoàn thành').waitFor({ timeout: BACKGROUND_MS });
  const deliveryStatus = (await delivery.locator('.chip').innerText()).trim();
  await inspect(page, 'deliveries');
  await page.getByRole('tab', { name: 'Chữ ký số' }).click();
  const verdict = page.getByRole('tabpanel').getByText('Chữ ký số hợp lệ');
  const signatureVerdict = (await verdict.innerText()).trim();
  await inspect(page, 'signatures');
  await page.getByRole('tab', { name: 'Thông tin' }).click();
  await inspect(page, 'facts');
  const documentCode = (await page.getByRole('tabpanel').locator('dt:text("Số, ký hiệu") + dd').innerText()).trim();
  return { documentCode, deliveryStatus, signatureVerdict };
}
