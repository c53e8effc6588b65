// The sample accounts in the start banner: short enough for a small terminal, aligned, and absent in production.

import { describe, expect, it } from 'vitest';
import { formatBanner } from '../../server/main/banner.ts';
import { loadConfig } from '../../server/main/config.ts';
import { toInstant } from '../support/clock.ts';

const facts = { url: 'http://127.0.0.1:8080', now: toInstant('2019-05-06T08:00:00+07:00') };

describe('the sample accounts in the start banner', () => {
  it('shows URL, business time in Vietnam, sample accounts with password and PIN on at most 20 lines', () => {
    const banner = formatBanner(loadConfig(['--test-mode', '--clock', facts.now], {}), facts, 3_210);
    expect(banner.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    expect(banner).toContain('http://127.0.0.1:8080  (3.2 s)');
    expect(banner).toContain('2019-05-06T08:00:00+07:00 (--clock)');
    expect(banner).toContain('KIỂM THỬ / TEST');
    expect(banner).toMatch(/tram-2019 – PIN: 123456/);
    expect(banner).toMatch(/^ {4}cv\.so-tttt {2,}chuyên viên \/ officer {2,}Sở Thông tin và Truyền thông$/m);
  });

  it('aligns the columns of the sample accounts', () => {
    const banner = formatBanner(loadConfig([], {}), facts, 0);
    const accounts = banner.split('\n').filter((line) => line.startsWith('    '));
    expect(accounts).toHaveLength(10);
    expect(new Set(accounts.map((line) => line.search(/(?<= {2})\p{L}+( \p{L}+)? \/ /u))).size).toBe(1);
  });

  it('prints no account in production unless sample data is asked for', () => {
    const production = { NODE_ENV: 'production' };
    expect(formatBanner(loadConfig([], production), facts, 0)).not.toContain('tram-2019');
    expect(formatBanner(loadConfig(['--sample-data=true'], production), facts, 0)).toContain('tram-2019');
  });
});
