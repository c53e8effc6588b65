// Opens a PKCS#12 file in the page and signs with its key. The file and the PIN never leave the browser: the key becomes a
// key of WebCrypto that cannot be exported, and only the signature value goes to the server. pkijs is loaded when it is
// needed, because few people sign this way.

import type * as Pkijs from 'pkijs';

export type Scheme = { readonly algorithm: 'RSASSA-PKCS1-v1_5' | 'ECDSA'; readonly hash: 'SHA-256' | 'SHA-384' };

export interface BrowserKey {
  /** Base64 of DER. */
  readonly certificate: string;
  readonly chain: readonly string[];
  readonly scheme: Scheme;
  /** Base64 in, base64 out. */
  sign(message: string): Promise<string>;
}

/** `pin`: the PIN does not open the file. `file`: it is no PKCS#12 that browsers can open (for example an old RC2 one). */
export class BrowserKeyError extends Error {
  override readonly name = 'BrowserKeyError';
  readonly reason: 'pin' | 'file';
  constructor(reason: 'pin' | 'file', options?: ErrorOptions) {
    super(`The key file could not be opened: ${reason}`, options);
    this.reason = reason;
  }
}

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
const CURVES: Readonly<Record<string, { readonly namedCurve: string; readonly hash: 'SHA-256' | 'SHA-384' }>> = {
  '1.2.840.10045.3.1.7': { namedCurve: 'P-256', hash: 'SHA-256' },
  '1.3.132.0.34': { namedCurve: 'P-384', hash: 'SHA-384' },
};

const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

interface Content {
  readonly key: Pkijs.PrivateKeyInfo;
  /** DER as it lies in the file: encoding a certificate anew may change names with Vietnamese letters. */
  readonly certificates: readonly Uint8Array<ArrayBuffer>[];
}

async function openContainer(bytes: ArrayBuffer, pin: string): Promise<Content> {
  const pkijs = await import('pkijs');
  const password = new TextEncoder().encode(pin).buffer;
  const file = parse(() => pkijs.PFX.fromBER(bytes));
  try {
    await file.parseInternalValues({ password, checkIntegrity: true });
  } catch (cause) {
    const isPin = cause instanceof Error && /integrity/i.test(cause.message);
    throw new BrowserKeyError(isPin ? 'pin' : 'file', { cause });
  }
  const safe = file.parsedValue?.authenticatedSafe;
  if (safe === undefined) throw new BrowserKeyError('file');
  try {
    await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password })) });
    // pkijs types the parsed parts as any; they are SafeContents after the call above.
    const parts = safe.parsedValue.safeContents as readonly { readonly value: Pkijs.SafeContents }[];
    return await readBags(
      pkijs,
      password,
      parts.flatMap(({ value }) => value.safeBags),
    );
  } catch (cause) {
    throw cause instanceof BrowserKeyError ? cause : new BrowserKeyError('file', { cause });
  }
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new BrowserKeyError('file', { cause });
  }
}

async function readBags(pkijs: typeof Pkijs, password: ArrayBuffer, bags: readonly Pkijs.SafeBag[]): Promise<Content> {
  const keys: Pkijs.PrivateKeyInfo[] = [];
  const certificates: Uint8Array<ArrayBuffer>[] = [];
  for (const { bagValue } of bags) {
    if (bagValue instanceof pkijs.PKCS8ShroudedKeyBag) {
      // The method is hidden by the types and documented in the package's own examples.
      await (bagValue as unknown as { parseInternalValues(p: object): Promise<void> }).parseInternalValues({
        password,
      });
      if (bagValue.parsedValue !== undefined) keys.push(bagValue.parsedValue);
    } else if (bagValue instanceof pkijs.PrivateKeyInfo) keys.push(bagValue);
    else if (bagValue instanceof pkijs.CertBag) {
      // An X.509 certificate lies in an octet string; any other kind has no bytes there and is passed over.
      const value = bagValue.certValue as unknown as { readonly valueBlock?: { readonly valueHexView?: Uint8Array } };
      const der = value.valueBlock?.valueHexView;
      if (der !== undefined) certificates.push(new Uint8Array(der));
    }
  }
  const [key] = keys;
  if (key === undefined || keys.length !== 1) throw new BrowserKeyError('file');
  return { key, certificates };
}

interface WebAlgorithm {
  readonly scheme: Scheme;
  readonly key: RsaHashedImportParams | EcKeyImportParams;
  readonly use: AlgorithmIdentifier | EcdsaParams;
}

function algorithmOf({ privateKeyAlgorithm }: Pkijs.PrivateKeyInfo): WebAlgorithm {
  if (privateKeyAlgorithm.algorithmId === RSA) {
    const name = 'RSASSA-PKCS1-v1_5';
    return { scheme: { algorithm: name, hash: 'SHA-256' }, key: { name, hash: 'SHA-256' }, use: name };
  }
  // An object identifier of asn1js writes itself as text.
  const parameters: unknown = privateKeyAlgorithm.algorithmParams;
  const text = hasText(parameters) ? parameters.valueBlock.toString() : '';
  const curve = CURVES[text];
  if (privateKeyAlgorithm.algorithmId !== EC || curve === undefined) throw new BrowserKeyError('file');
  const { namedCurve, hash } = curve;
  return { scheme: { algorithm: 'ECDSA', hash }, key: { name: 'ECDSA', namedCurve }, use: { name: 'ECDSA', hash } };
}

const hasText = (value: unknown): value is { readonly valueBlock: { toString(): string } } =>
  typeof value === 'object' && value !== null && 'valueBlock' in value;

/** The certificate whose public key checks what this key signs. */
async function isOwn(pkijs: typeof Pkijs, certificate: Uint8Array<ArrayBuffer>, key: CryptoKey, web: WebAlgorithm) {
  const probe = crypto.getRandomValues(new Uint8Array(32));
  try {
    const info = pkijs.Certificate.fromBER(certificate).subjectPublicKeyInfo.toSchema().toBER(false);
    const publicKey = await crypto.subtle.importKey('spki', info, web.key, false, ['verify']);
    return await crypto.subtle.verify(web.use, publicKey, await crypto.subtle.sign(web.use, key, probe), probe);
  } catch (error) {
    // A certificate of another kind of key, which cannot be the one.
    if (error instanceof DOMException || error instanceof Error) return false;
    throw error;
  }
}

/** Throws BrowserKeyError. */
export async function openBrowserKey(file: Blob, pin: string): Promise<BrowserKey> {
  const pkijs = await import('pkijs');
  const { key: info, certificates } = await openContainer(await file.arrayBuffer(), pin);
  const web = algorithmOf(info);
  const key = await crypto.subtle.importKey('pkcs8', info.toSchema().toBER(false), web.key, false, ['sign']);
  const checks = await Promise.all(certificates.map((certificate) => isOwn(pkijs, certificate, key, web)));
  const own = certificates[checks.indexOf(true)];
  if (own === undefined) throw new BrowserKeyError('file');
  return {
    certificate: toBase64(own),
    chain: certificates.filter((certificate) => certificate !== own).map(toBase64),
    scheme: web.scheme,
    sign: async (message) => toBase64(new Uint8Array(await crypto.subtle.sign(web.use, key, fromBase64(message)))),
  };
}
