// Keys in a token or a hardware module behind PKCS#11. The key never leaves the device: it gets the signed attributes (or
// their hash) and gives the value. A PIN lives in memory for one call. Requests go one after the other, because login is a
// state of the whole token, and each ends with logout whatever has happened. `pkcs11js` is optional: without it, or without
// the module, the answer is SIGNING_TOKEN_ABSENT and nothing else of the program notices.

import type * as Pkcs11Package from 'pkcs11js';
import { AppError } from '../../shared/app-error.ts';
import type { ServerHashProvider, SignatureScheme, TokenCertificate } from '../../modules/signing/ports.ts';
import { isIssuedBy, isSameBytes, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { DerFault } from './der.ts';
import { digestOf } from './schemes.ts';

type Package = typeof Pkcs11Package;
type Module = InstanceType<Package['PKCS11']>;
type Handle = Pkcs11Package.Handle;

export interface TokenOptions {
  /** Path of the vendor's library, for example `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly modulePath: string;
  /** Label of the token; absent: the first one that is present. */
  readonly tokenLabel?: string;
}

const absent = (message: string, cause?: unknown): AppError =>
  new AppError('rule', 'SIGNING_TOKEN_ABSENT', message, { cause });

/** Return values of PKCS#11 that say something about the PIN. */
const PIN_WRONG: ReadonlySet<string> = new Set(['CKR_PIN_INCORRECT', 'CKR_PIN_INVALID', 'CKR_PIN_LEN_RANGE']);
const PIN_LOCKED: ReadonlySet<string> = new Set(['CKR_PIN_LOCKED', 'CKR_PIN_EXPIRED']);
const GONE: ReadonlySet<string> = new Set(['CKR_DEVICE_REMOVED', 'CKR_TOKEN_NOT_PRESENT', 'CKR_SLOT_ID_INVALID']);

/** Bits of CK_TOKEN_INFO.flags about the user PIN. */
const FLAG = { countLow: 0x10000, finalTry: 0x20000, locked: 0x40000 } as const;

/**
 * What a token says about its PIN. PKCS#11 gives no number: "low" means that a wrong PIN was given since the last right
 * one, "final try" that the next wrong one locks.
 */
export function pinStateOf(flags: number): 'fresh' | 'few-tries' | 'last-try' | 'locked' {
  if ((flags & FLAG.locked) !== 0) return 'locked';
  if ((flags & FLAG.finalTry) !== 0) return 'last-try';
  return (flags & FLAG.countLow) !== 0 ? 'few-tries' : 'fresh';
}

/** The name of the return value, `CKR_…`; null for an error that does not come from a token. */
const returnValueOf = (error: unknown): string | null =>
  error instanceof Error ? (/CKR_[A-Z0-9_]+/.exec(error.message)?.[0] ?? null) : null;

export function toTokenError(error: unknown, flags: number): AppError {
  if (error instanceof AppError) return error;
  const name = returnValueOf(error);
  const pinState = pinStateOf(flags);
  if (name !== null && (PIN_LOCKED.has(name) || (PIN_WRONG.has(name) && pinState === 'locked'))) {
    return new AppError('rule', 'SIGNING_PIN_LOCKED', 'The token has locked its PIN', { cause: error });
  }
  if (name !== null && PIN_WRONG.has(name)) {
    const details = { isLastTry: pinState === 'last-try', pinState };
    return new AppError('rule', 'SIGNING_PIN_WRONG', 'The token refuses the PIN', { details, cause: error });
  }
  if (name !== null && GONE.has(name)) return absent('The token is not there any more', error);
  return new AppError('rule', 'SIGNING_TOKEN_FAILED', `The token answered ${name ?? 'with an unknown error'}`, {
    details: { returnValue: name },
    cause: error,
  });
}

/** Modules are initialised once for each process; a second C_Initialize would be an error of the device. */
const loaded = new Map<string, Promise<{ readonly pkg: Package; readonly module: Module }>>();

async function loadModule(path: string): Promise<{ readonly pkg: Package; readonly module: Module }> {
  let pkg: Package;
  try {
    // An optional dependency: its absence must not keep the server from starting. CommonJS puts everything on `default`.
    const imported: { readonly default: Package } = await import('pkcs11js');
    pkg = imported.default;
  } catch (error) {
    throw absent('The package for PKCS#11 is not installed', error);
  }
  const module = new pkg.PKCS11();
  try {
    module.load(path);
    module.C_Initialize();
  } catch (error) {
    throw absent('The PKCS#11 module cannot be loaded', error);
  }
  return { pkg, module };
}

function openModule(path: string): Promise<{ readonly pkg: Package; readonly module: Module }> {
  const present = loaded.get(path);
  if (present !== undefined) return present;
  const loading = loadModule(path);
  loaded.set(path, loading);
  // A module that could not be loaded may be there later.
  loading.catch(() => loaded.delete(path));
  return loading;
}

class Token {
  readonly #pkg: Package;
  readonly #module: Module;
  readonly #slot: Handle;
  readonly #session: Handle;

  constructor(pkg: Package, module: Module, slot: Handle) {
    this.#pkg = pkg;
    this.#module = module;
    this.#slot = slot;
    this.#session = module.C_OpenSession(slot, pkg.CKF_SERIAL_SESSION);
  }

  get flags(): number {
    return this.#module.C_GetTokenInfo(this.#slot).flags;
  }

  close(): void {
    this.#module.C_CloseSession(this.#session);
  }

  #find(template: Pkcs11Package.Template): readonly Handle[] {
    this.#module.C_FindObjectsInit(this.#session, template);
    try {
      const found: Handle[] = [];
      for (let next = this.#module.C_FindObjects(this.#session); next !== null && found.length < 200;) {
        found.push(next);
        next = this.#module.C_FindObjects(this.#session);
      }
      return found;
    } finally {
      this.#module.C_FindObjectsFinal(this.#session);
    }
  }

  #bytesOf(object: Handle, type: number): Uint8Array {
    const [attribute] = this.#module.C_GetAttributeValue(this.#session, object, [{ type }]);
    return attribute === undefined ? new Uint8Array(0) : new Uint8Array(attribute.value);
  }

  /** Certificates with the identifier that their keys share. */
  certificates(): readonly { readonly id: Uint8Array; readonly certificate: Certificate }[] {
    const { CKA_CLASS, CKO_CERTIFICATE, CKA_VALUE, CKA_ID } = this.#pkg;
    return this.#find([{ type: CKA_CLASS, value: CKO_CERTIFICATE }]).flatMap((object) => {
      const certificate = certificateOrNull(this.#bytesOf(object, CKA_VALUE));
      return certificate === null ? [] : [{ id: this.#bytesOf(object, CKA_ID), certificate }];
    });
  }

  logIn(pin: string): void {
    this.#module.C_Login(this.#session, this.#pkg.CKU_USER, pin);
  }

  logOut(): void {
    this.#module.C_Logout(this.#session);
  }

  async sign(id: Uint8Array, scheme: SignatureScheme, message: Uint8Array): Promise<Uint8Array> {
    const { CKA_CLASS, CKO_PRIVATE_KEY, CKA_ID } = this.#pkg;
    const template = [
      { type: CKA_CLASS, value: CKO_PRIVATE_KEY },
      { type: CKA_ID, value: Buffer.from(id) },
    ];
    const [key] = this.#find(template);
    if (key === undefined) throw absent('The token holds no key for this certificate');
    this.#module.C_SignInit(this.#session, mechanismOf(this.#pkg, scheme), key);
    const input = scheme.algorithm === 'ECDSA' ? digestOf(scheme.hash, message) : message;
    // The asynchronous call runs on the thread pool: a token needs up to a second for RSA.
    const value = await this.#module.C_SignAsync(this.#session, Buffer.from(input), Buffer.alloc(MAX_SIGNATURE_BYTES));
    return new Uint8Array(value);
  }
}

const MAX_SIGNATURE_BYTES = 1024;

function certificateOrNull(bytes: Uint8Array): Certificate | null {
  try {
    return readCertificate(bytes);
  } catch (error) {
    if (error instanceof DerFault) return null;
    throw error;
  }
}

function mechanismOf(pkg: Package, { algorithm, hash }: SignatureScheme): Pkcs11Package.Mechanism {
  const facts = {
    'SHA-256': [pkg.CKM_SHA256_RSA_PKCS, pkg.CKM_SHA256_RSA_PKCS_PSS, pkg.CKM_SHA256, pkg.CKG_MGF1_SHA256, 32],
    'SHA-384': [pkg.CKM_SHA384_RSA_PKCS, pkg.CKM_SHA384_RSA_PKCS_PSS, pkg.CKM_SHA384, pkg.CKG_MGF1_SHA384, 48],
    'SHA-512': [pkg.CKM_SHA512_RSA_PKCS, pkg.CKM_SHA512_RSA_PKCS_PSS, pkg.CKM_SHA512, pkg.CKG_MGF1_SHA512, 64],
  } as const;
  const [pkcs1, pss, hashAlg, mgf, saltLen] = facts[hash];
  if (algorithm === 'ECDSA') return { mechanism: pkg.CKM_ECDSA };
  if (algorithm === 'RSASSA-PKCS1-v1_5') return { mechanism: pkcs1 };
  const parameter: Pkcs11Package.RsaPSS = { type: pkg.CK_PARAMS_RSA_PSS, hashAlg, mgf, saltLen };
  return { mechanism: pss, parameter };
}

function findSlot(module: Module, label: string | undefined): Handle {
  const slots = module.C_GetSlotList(true);
  const labelOf = (slot: Handle): string => module.C_GetTokenInfo(slot).label.trim();
  const isInitialised = (slot: Handle): boolean => (module.C_GetTokenInfo(slot).flags & 0x400) !== 0;
  const slot = slots.find((candidate) =>
    label === undefined ? isInitialised(candidate) : labelOf(candidate) === label,
  );
  if (slot === undefined) throw absent('No such token is present');
  return slot;
}

async function withToken<T>(options: TokenOptions, work: (token: Token) => Promise<T> | T): Promise<T> {
  const { pkg, module } = await openModule(options.modulePath);
  let token: Token | null = null;
  try {
    token = new Token(pkg, module, findSlot(module, options.tokenLabel));
    return await work(token);
  } catch (error) {
    throw toTokenError(error, flagsOf(token));
  } finally {
    closeQuietly(token);
  }
}

/** A token that was pulled out has no flags; the error that is on its way says more. */
function flagsOf(token: Token | null): number {
  try {
    return token?.flags ?? 0;
  } catch (error) {
    if (returnValueOf(error) === null) throw error;
    return 0;
  }
}

function closeQuietly(token: Token | null): void {
  try {
    token?.close();
  } catch (error) {
    // The session of a removed token is closed already.
    if (returnValueOf(error) === null) throw error;
  }
}

async function signLoggedIn(token: Token, request: Parameters<ServerHashProvider['sign']>[0]): Promise<Uint8Array> {
  const own = token.certificates().find(({ certificate }) => isSameBytes(certificate.der, request.certificate));
  if (own === undefined) throw absent('The token does not hold this certificate');
  token.logIn(request.pin);
  try {
    return await token.sign(own.id, request.scheme, request.message);
  } finally {
    token.logOut();
  }
}

/** Authorities of the chain are often stored beside the signer's certificate. */
function chainAmong(leaf: Certificate, all: readonly Certificate[]): readonly Uint8Array[] {
  const chain: Certificate[] = [];
  for (let current = leaf; chain.length < 10;) {
    const issuer = all.find((other) => other !== current && !chain.includes(other) && isIssuedBy(current, other));
    if (issuer === undefined) break;
    chain.push(issuer);
    current = issuer;
  }
  return chain.map(({ der }) => der);
}

export function createTokenProvider(options: TokenOptions): ServerHashProvider {
  let last: Promise<unknown> = Promise.resolve();
  /** One request after the other; a failed one does not stop the next. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work, work);
    last = run.catch(() => undefined);
    return run;
  };
  return {
    id: 'pkcs11',
    kind: 'hash',
    place: 'server',
    listCertificates: () =>
      inTurn(() =>
        withToken(options, (token): readonly TokenCertificate[] => {
          const all = token.certificates().map(({ certificate }) => certificate);
          const leaves = all.filter(({ isAuthority }) => !isAuthority);
          return leaves.map((leaf) => ({ certificate: leaf.der, chain: chainAmong(leaf, all) }));
        }),
      ),
    sign: (request) => inTurn(() => withToken(options, (token) => signLoggedIn(token, request))),
  };
}
