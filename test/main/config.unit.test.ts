// Flags and environment variables: what is read, what wins, what is refused and how.

import { describe, expect, it } from 'vitest';
import { helpText, loadConfig } from '../../server/main/config.ts';
import { describeUrl, StartupError, toListenError } from '../../server/main/startup-error.ts';

const load = (args: string[] = [], env: Record<string, string> = {}) => loadConfig(args, env, '/srv/tram');

function refusalOf(args: string[], env: Record<string, string> = {}): StartupError {
  try {
    load(args, env);
  } catch (error) {
    if (error instanceof StartupError) return error;
    throw error;
  }
  throw new Error('Expected a refusal');
}

describe('configuration', () => {
  it('has defaults that need nothing on the machine', () => {
    expect(load()).toEqual({
      role: 'all',
      port: 8080,
      host: '127.0.0.1',
      dataDir: '/srv/tram/.data',
      clock: null,
      isTestMode: false,
      isProduction: false,
      isSampleDataWanted: true,
      databaseUrl: null,
      redisUrl: null,
      eventHistory: { level: 'full', keepMonths: null },
      logLevel: undefined,
      isHelpWanted: false,
    });
  });

  it('reads flags with a blank or an equals sign', () => {
    const clock = '2019-05-06T08:00:00+07:00';
    const flags = ['--port', '9000', '--host=0.0.0.0', '--data-dir', '/var/tram', '--role=api', '--test-mode'];
    expect(load(flags)).toMatchObject({
      port: 9000,
      host: '0.0.0.0',
      dataDir: '/var/tram',
      role: 'api',
      isTestMode: true,
    });
    expect(load(['--clock', clock]).clock).toEqual({ text: clock, instant: '2019-05-06T01:00:00.000Z' });
  });

  it('reads environment variables of the same meaning, and lets flags win', () => {
    const env = {
      PORT: '9000',
      HOST: '0.0.0.0',
      DATA_DIR: 'here',
      TRAM_CLOCK: '2019-05-06T01:00:00Z',
      TRAM_TEST_MODE: 'true',
      TRAM_ROLE: 'worker',
      TRAM_SAMPLE_DATA: 'false',
      DATABASE_URL: 'postgres://tram@db/tram',
      REDIS_URL: 'redis://redis:6379',
      LOG_LEVEL: 'debug',
    };
    expect(load([], env)).toMatchObject({
      port: 9000,
      host: '0.0.0.0',
      dataDir: '/srv/tram/here',
      role: 'worker',
      isTestMode: true,
      isSampleDataWanted: false,
      databaseUrl: 'postgres://tram@db/tram',
      redisUrl: 'redis://redis:6379',
      logLevel: 'debug',
    });
    expect(load(['--port', '9001', '--test-mode=false'], env)).toMatchObject({ port: 9001, isTestMode: false });
  });

  it('treats an empty variable as absent', () => {
    expect(load([], { PORT: '', DATABASE_URL: '', REDIS_URL: '' })).toMatchObject({
      port: 8080,
      databaseUrl: null,
      redisUrl: null,
    });
  });

  it('loads no sample data in production unless it is told to', () => {
    expect(load([], { NODE_ENV: 'production' }).isSampleDataWanted).toBe(false);
    expect(load(['--sample-data', 'true'], { NODE_ENV: 'production' }).isSampleDataWanted).toBe(true);
  });

  it.each([
    [['--prot', '9000'], 'FLAG_UNKNOWN'],
    [['9000'], 'FLAG_UNKNOWN'],
    [['--port'], 'FLAG_INVALID'],
    [['--port', '--test-mode'], 'FLAG_INVALID'],
    [['--port', '99999'], 'FLAG_INVALID'],
    [['--port', '80a'], 'FLAG_INVALID'],
    [['--role', 'boss'], 'FLAG_INVALID'],
    [['--test-mode=maybe'], 'FLAG_INVALID'],
    [['--clock', 'yesterday'], 'CLOCK_INVALID'],
    [['--clock', '2019-05-06T08:00:00'], 'CLOCK_INVALID'],
  ])('refuses %j with %s', (args, code) => {
    expect(refusalOf(args)).toMatchObject({ code, exitCode: 2 });
  });

  it('refuses URLs of another kind', () => {
    expect(refusalOf([], { DATABASE_URL: 'mysql://db/tram' }).code).toBe('FLAG_INVALID');
    expect(refusalOf([], { REDIS_URL: 'localhost:6379' }).code).toBe('FLAG_INVALID');
  });

  it('reads how much of the history is kept, and refuses what it does not know', () => {
    const kept = load([], { TRAM_HISTORY_LEVEL: 'activity', TRAM_HISTORY_MONTHS: '12' }).eventHistory;
    expect(kept).toEqual({ level: 'activity', keepMonths: 12 });
    expect(load([], { TRAM_HISTORY_MONTHS: '0' }).eventHistory.keepMonths).toBe(0);
    for (const env of [
      { TRAM_HISTORY_LEVEL: 'audit' },
      { TRAM_HISTORY_MONTHS: '-1' },
      { TRAM_HISTORY_MONTHS: '1.5' },
    ]) {
      expect(refusalOf([], env)).toMatchObject({ code: 'FLAG_INVALID' });
    }
  });

  it('refuses test mode in production', () => {
    expect(refusalOf(['--test-mode'], { NODE_ENV: 'production' }).code).toBe('TEST_MODE_REFUSED');
  });

  it('says on one line, in Vietnamese and English, what is wrong and what to do', () => {
    const { message } = refusalOf(['--prot', '9000']);
    expect(message).toBe(
      'Không có tùy chọn --prot; xem npm start -- --help. / FLAG_UNKNOWN: there is no option --prot; see npm start -- --help.',
    );
    expect(message.normalize('NFC')).toBe(message);
  });

  it('names every flag and variable in the help', () => {
    const help = helpText();
    const names = [
      '--port',
      'PORT',
      '--host',
      '--data-dir',
      '--clock',
      '--test-mode',
      '--role',
      'DATABASE_URL',
      'REDIS_URL',
      'TRAM_HISTORY_LEVEL',
      'TRAM_HISTORY_MONTHS',
    ];
    for (const name of names) expect(help).toContain(name);
    expect(load(['--help']).isHelpWanted).toBe(true);
  });
});

describe('startup errors', () => {
  it('never show the password of a URL', () => {
    expect(describeUrl('postgres://tram:s3cret@db.example:5432/tram')).toBe('db.example:5432/tram');
  });

  it('explain a taken and a forbidden port, and pass other errors through', () => {
    const withCode = (code: string) => Object.assign(new Error(code), { code });
    expect(toListenError(withCode('EADDRINUSE'), '127.0.0.1', 8080)).toMatchObject({
      code: 'PORT_IN_USE',
      exitCode: 3,
    });
    expect(toListenError(withCode('EACCES'), '127.0.0.1', 80)).toMatchObject({ code: 'PORT_FORBIDDEN' });
    const other = new Error('other');
    expect(toListenError(other, '127.0.0.1', 80)).toBe(other);
  });
});
