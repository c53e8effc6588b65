// The command line as people use it: signing to every level, verifying, and refusing with one sentence. In-process, with
// an environment and a clock of its own; one test starts the real program.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../server/cli/main.ts';
import { issuePerson, NOW, PIN, startServices } from '../adapters/signing/authority.ts';
import type { TestServices } from '../../server/adapters/signing/test-authority-services.ts';
import { LEADER, renderSample, replaceText } from '../adapters/pdf/samples.ts';

let services: TestServices;
let dir: string;
const path = (name: string): string => join(dir, name);
beforeAll(async () => {
  services = await startServices('EC-P256');
  dir = mkdtempSync(join(tmpdir(), 'tram-cli-'));
  mkdirSync(path('trust'));
  writeFileSync(path('trust/goc.cer'), services.rootCertificate);
  writeFileSync(path('a.pdf'), (await renderSample()).bytes);
  writeFileSync(path('rsa.p12'), (await issuePerson(services, LEADER, 'RSA-2048')).pkcs12);
  writeFileSync(path('ec.p12'), (await issuePerson(services, 'Trần Văn Đức', 'EC-P384')).pkcs12);
});
afterAll(async () => {
  await services.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

async function run(...argv: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const error: string[] = [];
  const status = await runCli(argv, {
    env: { TRAM_PIN: PIN, SAI: 'sai' },
    now: () => NOW,
    print: (text) => out.push(text),
    printError: (text) => error.push(text),
    untilStopped: () => Promise.resolve(),
  });
  return { status, out: out.join('\n'), error: error.join('\n') };
}

const sign = (output: string, ...more: readonly string[]): Promise<Ran> =>
  run('sign', path('a.pdf'), '--p12', path('rsa.p12'), '-o', path(output), ...more);

describe('tram sign and tram verify', () => {
  it.each([
    ['B-B', 'undetermined', 1],
    ['B-T', 'undetermined', 1],
    ['B-LT', 'valid', 0],
    ['B-LTA', 'valid', 0],
  ] as const)('sign to %s, which offline is %s', async (level, verdict, status) => {
    const output = `${level}.pdf`;
    const tsa = ['--tsa', `${services.url}/tsa`];
    const signed = await sign(output, '--level', level, ...tsa, '--appearance', 'leader', '--pss');
    expect(signed).toMatchObject({ status: 0, error: '' });
    expect(signed.out).toContain(`mức ${level}, RSASSA-PSS SHA-256, người ký ${LEADER}, trường KyDuyet-1`);
    const verified = await run('verify', path(output), '--trust', path('trust'));
    expect(verified.status).toBe(status);
    expect(verified.out.split(/\s/)[0]).toBe(verdict);
  });

  it('finds revocation over the network when asked to', async () => {
    await sign('online.pdf');
    const options = ['--trust', path('trust'), '--online', '--allow-host', '127.0.0.1'];
    expect(await run('verify', path('online.pdf'), ...options)).toMatchObject({ status: 0 });
  });

  it('judges integrity alone when trust is left out, as JSON with reasons', async () => {
    await sign('one.pdf');
    const good = await run('verify', path('one.pdf'), '--ignore-trust', '--json');
    expect(JSON.parse(good.out)).toMatchObject({
      verdict: 'valid',
      level: 'B-B',
      signatures: [{ verdict: 'valid', reasons: [] }],
    });
    expect(good.out.split('\n')[0]).toBe('{ "verdict": "valid",');
    writeFileSync(
      path('bad.pdf'),
      replaceText(new Uint8Array(readFileSync(path('one.pdf'))), '/MediaBox', '/MediaBoy'),
    );
    const bad = await run('verify', path('bad.pdf'), '--ignore-trust', '--json');
    expect(bad.status).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({ verdict: 'invalid' });
  });

  it('does not say valid without a trust list, without signatures, or of a broken file', async () => {
    await sign('one.pdf');
    expect((await run('verify', path('one.pdf'))).out).toMatch(/^undetermined .*\n.*\n.*CTS_KHONG_TIN_CAY/);
    expect((await run('verify', path('a.pdf'), '--ignore-trust')).out).toMatch(/^invalid .*\n.*KHONG_CHU_KY/);
    expect((await run('verify', path('rsa.p12'), '--ignore-trust')).out).toMatch(/^invalid .*\n.*FILE_NOT_PDF/);
  });

  it('adds a seal after the leader, with a key on a curve, beside the name of the leader', async () => {
    await sign('leader.pdf', '--appearance', 'leader');
    const options = ['--appearance', 'seal', '--signer-name', LEADER, '--profile', '2020', '-o', path('both.pdf')];
    const sealed = await run('sign', path('leader.pdf'), '--p12', path('ec.p12'), ...options);
    expect(sealed).toMatchObject({ status: 0, error: '' });
    const verified = await run('verify', path('both.pdf'), '--ignore-trust');
    expect(verified.out).toMatch(/^valid .*2 chữ ký/);
  });
});

describe('a command that cannot be carried out', () => {
  it.each([
    ['SIGNING_PIN_WRONG', ['--pin-env', 'SAI']],
    ['CLI_PIN_MISSING', ['--pin-env', 'KHONG_CO']],
    ['CLI_TSA_MISSING', ['--level', 'B-T']],
    ['SIGNING_TSA_UNREACHABLE', ['--level', 'B-T', '--tsa', 'http://127.0.0.1:1/']],
    ['SIGNING_PAGE_MISSING', ['--appearance', 'leader', '--page', '9', '--rect', '1,2,30,40']],
    ['CLI_NAME_NOT_FOUND', ['--appearance', 'leader', '--signer-name', 'Không Có Ai']],
    ['CLI_FILE_MISSING', ['--trust', '/no/such/directory']],
    ['CLI_USAGE', ['--level', 'B-X']],
    ['CLI_USAGE', ['--unknown']],
  ])('says %s in one sentence and writes nothing', async (code, options) => {
    const { status, out, error } = await sign('none.pdf', ...options);
    expect(status).toBeGreaterThan(0);
    expect(out).toBe('');
    expect(error).toMatch(new RegExp(`^${code}: \\p{Lu}.*[.)]$`, 'u'));
    expect(error.split('\n')).toHaveLength(1);
    expect(existsSync(path('none.pdf'))).toBe(false);
  });

  it('refuses to write over its input', async () => {
    const { error } = await run('sign', path('a.pdf'), '--p12', path('rsa.p12'), '-o', path('a.pdf'));
    expect(error).toContain('CLI_USAGE');
  });
});

describe('the program', () => {
  it('starts, prints its help in Vietnamese and fails for an unknown command', () => {
    const start = (...argv: readonly string[]) =>
      spawnSync(process.execPath, ['scripts/tram.mjs', ...argv], { encoding: 'utf8' });
    expect(start('help')).toMatchObject({ status: 0, stderr: '' });
    expect(start('help').stdout).toContain('ký số và kiểm tra chữ ký số');
    expect(start('ky').status).toBe(2);
  });

  it('makes a test authority with samples and says that it has no legal value', async () => {
    const { status, out } = await run('test-ca', '--port', '0', '--out', path('ca'));
    expect(status).toBe(0);
    expect(out).toContain('không có giá trị pháp lý');
    for (const name of ['lanh-dao-rsa', 'lanh-dao-ec', 'con-dau-rsa', 'con-dau-ec', 'het-han', 'thu-hoi']) {
      expect(existsSync(path(`ca/${name}.p12`)), name).toBe(true);
    }
  });
});

describe('tram decision', () => {
  const table = (second: string): string =>
    `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:sample"><decision id="level" name="Cấp ký"><decisionTable>
      <input label="Số tiền"><inputExpression><text>amount</text></inputExpression></input><output name="level"/>
      <rule><inputEntry><text>&lt; 1000</text></inputEntry><outputEntry><text>"phòng"</text></outputEntry></rule>
      <rule><inputEntry><text>${second}</text></inputEntry><outputEntry><text>"ban"</text></outputEntry></rule></decisionTable></decision></definitions>`;
  const write = (name: string, xml: string): string => {
    mkdirSync(path(name));
    writeFileSync(path(`${name}/a.dmn`), xml);
    return path(`${name}/a.dmn`);
  };

  it('eval says which row matched and which cell refused the others', async () => {
    const file = write('eval', table('&gt;= 1000'));
    const ran = await run('decision', 'eval', file, '--decision', 'level', '--input', '{"amount": 5000}');
    expect(ran.status).toBe(0);
    expect(ran.out).toContain('✓ dòng 2 khớp: level = "ban"');
    expect(ran.out).toContain('✗ dòng 1: Số tiền = 5000 không thỏa "< 1000"');
    const json = await run('decision', 'eval', file, '--decision', 'level', '--input', '{"amount": 1}', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ output: 'phòng', failure: null });
  });

  it('check finds the gap and ends with a status of its own', async () => {
    const ran = await run('decision', 'check', write('gap', table('&gt;= 2000')));
    expect(ran).toMatchObject({ status: 1 });
    expect(ran.out).toContain('Số tiền: [1000..2000)');
    expect(await run('decision', 'check', write('whole', table('&gt;= 1000')))).toMatchObject({ status: 0 });
  });

  it('an unknown decision, input that is no object and a broken file are refused in one sentence', async () => {
    const file = write('refused', table('&gt;= 1000'));
    const unknown = await run('decision', 'eval', file, '--decision', 'nothing');
    expect(unknown).toMatchObject({
      status: 1,
      error: expect.stringMatching(/^CLI_DECISION_UNKNOWN.*level/) as string,
    });
    const input = await run('decision', 'eval', file, '--decision', 'level', '--input', '[1]');
    expect(input.error).toMatch(/^CLI_INPUT_INVALID/);
    const broken = await run('decision', 'check', write('broken', table('5 &gt;')));
    expect(broken.error).toMatch(/^DEFINITION_INVALID/);
  });
});
