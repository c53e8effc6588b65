// A token in software (SoftHSM2) for the tests: initialised in a directory of its own, with one key and certificate. The
// import runs in a child process, because a PKCS#11 module belongs to the process that initialises it first.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'];
export const TOKEN_LABEL = 'tram-thu';
export const TOKEN_PIN = '246810';

/** Beside `softhsm2-util`, which the caller has made sure of. */
export function findTokenModule(): string {
  const path = MODULES.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`The module of SoftHSM2 is in none of ${MODULES.join(', ')}`);
  return path;
}

export interface TokenContent {
  /** PKCS#8 DER. */
  readonly privateKey: Uint8Array;
  readonly certificates: readonly Uint8Array[];
}

export interface SoftToken {
  readonly modulePath: string;
  readonly tokenLabel: string;
  remove(): void;
}

const IMPORT = `
const pkcs11 = require('pkcs11js');
const [modulePath, pin, label, ...certificates] = process.argv.slice(1);
const lib = new pkcs11.PKCS11();
lib.load(modulePath);
lib.C_Initialize();
const slot = lib.C_GetSlotList(true).find((item) => lib.C_GetTokenInfo(item).label.trim() === label);
const session = lib.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION);
lib.C_Login(session, pkcs11.CKU_USER, pin);
certificates.forEach((text, index) => {
  lib.C_CreateObject(session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_CERTIFICATE },
    { type: pkcs11.CKA_CERTIFICATE_TYPE, value: pkcs11.CKC_X_509 },
    { type: pkcs11.CKA_TOKEN, value: true },
    { type: pkcs11.CKA_PRIVATE, value: false },
    { type: pkcs11.CKA_ID, value: Buffer.from([0xa0 + index]) },
    { type: pkcs11.CKA_SUBJECT, value: Buffer.from('3000', 'hex') },
    { type: pkcs11.CKA_VALUE, value: Buffer.from(text, 'base64') },
  ]);
});
lib.C_Logout(session);
lib.C_Finalize();
`;

/** Sets SOFTHSM2_CONF of this process; the module reads it when it is initialised. */
export function createSoftToken(modulePath: string, content: TokenContent): SoftToken {
  const directory = mkdtempSync(join(tmpdir(), 'tram-token-'));
  mkdirSync(join(directory, 'tokens'));
  const conf = join(directory, 'softhsm2.conf');
  writeFileSync(
    conf,
    `directories.tokendir = ${join(directory, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  process.env['SOFTHSM2_CONF'] = conf;
  const key = join(directory, 'key.pem');
  const text = Buffer.from(content.privateKey).toString('base64').replace(/.{64}/g, '$&\n');
  writeFileSync(key, `-----BEGIN PRIVATE KEY-----\n${text}\n-----END PRIVATE KEY-----\n`);
  const run = (args: readonly string[]): void => void execFileSync('softhsm2-util', args, { stdio: 'pipe' });
  run(['--init-token', '--free', '--label', TOKEN_LABEL, '--so-pin', '97531', '--pin', TOKEN_PIN]);
  run(['--import', key, '--token', TOKEN_LABEL, '--label', 'ky', '--id', 'A0', '--pin', TOKEN_PIN]);
  const certificates = content.certificates.map((der) => Buffer.from(der).toString('base64'));
  execFileSync(process.execPath, ['-e', IMPORT, modulePath, TOKEN_PIN, TOKEN_LABEL, ...certificates], {
    stdio: 'pipe',
  });
  return { modulePath, tokenLabel: TOKEN_LABEL, remove: () => rmSync(directory, { recursive: true }) };
}
