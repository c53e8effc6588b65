// What axe finds wrong with the page as it stands now: only what keeps somebody out.

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

export async function seriousProblemsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter((violation) => violation.impact === 'critical' || violation.impact === 'serious')
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join('; ')}`);
}

/** Kept for people who want to look: TRAM_SCREENS names a folder. */
export async function showScreen(page: Page, name: string): Promise<void> {
  const folder = process.env['TRAM_SCREENS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
