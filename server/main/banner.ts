// What a person sees when the server is up: where it is, which time it is in there, and who can log in. Printed once, on
// stdout, as plain text without colours, so that it can be copied and read by scripts.

import { SAMPLE_PIN } from '../modules/signing/index.ts';
import { vietnamIso, type Instant } from '../shared/time.ts';
import type { Config } from './config.ts';
import { SAMPLE_ACCOUNTS, SAMPLE_PASSWORD, type SampleAccount } from './seed/load-sample-province.ts';

export interface BannerFacts {
  /** With the port that is really open (`--port 0` chooses one). */
  readonly url: string;
  readonly now: Instant;
}

export function printBanner(config: Config, facts: BannerFacts): void {
  process.stdout.write(formatBanner(config, facts, process.uptime() * 1_000));
}

export function formatBanner(config: Config, { url, now }: BannerFacts, startupMs: number): string {
  const lines = [
    '',
    ...formatRows([
      ['Trạm đã sẵn sàng / is ready', `${url}  (${(startupMs / 1_000).toFixed(1)} s)`],
      ['Giờ nghiệp vụ / business time', `${vietnamIso(now)}${config.clock === null ? '' : ' (--clock)'}`],
      ['Chế độ / mode', describeMode(config)],
      ['Dữ liệu, hàng đợi / data, queue', describeStorage(config)],
    ]),
    ...(config.isSampleDataWanted ? formatSampleData() : []),
    '  Dừng / stop: Ctrl-C',
  ];
  return `${lines.join('\n')}\n`;
}

const describeMode = (config: Config): string =>
  config.isTestMode ? `${config.role}, KIỂM THỬ / TEST: /v2 không cần đăng nhập / needs no login` : config.role;

function describeStorage(config: Config): string {
  const database = config.databaseUrl === null ? `PostgreSQL kèm theo / embedded (${config.dataDir})` : 'DATABASE_URL';
  return `${database}, ${config.redisUrl === null ? 'PostgreSQL' : 'Redis'}`;
}

const formatSampleData = (): string[] => [
  '',
  `  Tài khoản mẫu / sample accounts – mật khẩu / password: ${SAMPLE_PASSWORD} – PIN: ${SAMPLE_PIN}`,
  ...formatAccounts(SAMPLE_ACCOUNTS),
  '  Dữ liệu mẫu, chữ ký không có giá trị pháp lý / sample data, signatures have no legal value.',
];

function formatRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
}

function formatAccounts(accounts: readonly SampleAccount[]): string[] {
  const nameWidth = Math.max(...accounts.map(({ username }) => username.length));
  const roleWidth = Math.max(...accounts.map(({ role }) => role.length));
  return accounts.map(
    ({ username, role, agencyName }) => `    ${username.padEnd(nameWidth)}  ${role.padEnd(roleWidth)}  ${agencyName}`,
  );
}
