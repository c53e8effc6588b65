// What a person reads when the server is up.

import { describe, expect, it } from 'vitest';
import { formatBanner } from '../../server/main/banner.ts';
import { loadConfig } from '../../server/main/config.ts';
import { toInstant } from '../support/clock.ts';

const facts = { url: 'http://127.0.0.1:8080', now: toInstant('2019-05-06T01:00:00Z') };
const bannerOf = (args: string[], env: Record<string, string> = {}): string =>
  formatBanner(loadConfig(args, env, '/srv/tram'), facts, 2_345);

describe('banner', () => {
  it('tells where the server is, which time it is there, where the data lies and how long the start took', () => {
    const text = bannerOf(['--clock', '2019-05-06T08:00:00+07:00']);
    expect(text).toContain('http://127.0.0.1:8080');
    expect(text).toContain('2019-05-06T08:00:00+07:00 (--clock)');
    expect(text).toContain('/srv/tram/.data');
    expect(text).toContain('2.3 s');
  });

  it('lists the sample accounts only on an installation with sample data', () => {
    expect(bannerOf([])).toContain('sample accounts');
    expect(bannerOf(['--sample-data', 'false'])).not.toContain('sample accounts');
  });

  it('warns of test mode', () => {
    expect(bannerOf(['--test-mode'])).toContain('KIỂM THỬ / TEST');
    expect(bannerOf([])).not.toContain('KIỂM THỬ / TEST');
  });

  it('does not print connection URLs, which may hold passwords', () => {
    const text = bannerOf([], { DATABASE_URL: 'postgres://u:s3cret@db/t', REDIS_URL: 'redis://:s3cret@r' });
    expect(text).not.toContain('s3cret');
    expect(text).toContain('DATABASE_URL, Redis');
  });
});
