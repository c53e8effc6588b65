// Opens PKCS#12 (RFC 7292): keys of every kind that node:crypto knows, encryption by PBES2 (AES) here, and the old
// algorithms (RC2, 3DES) through node-forge, the only thing for which forge is used. Certificates leave as the bytes
// that came in. A wrong PIN and a damaged file are told apart: the MAC is checked first.

import { createDecipheriv, createPrivateKey, createPublicKey, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { AppError } from '../../shared/app-error.ts';
import { instantOf } from '../../shared/time.ts';
import type { CredentialOpener, SigningCredential } from '../../modules/signing/ports.ts';
import { isIssuedBy, isSameBytes, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import {
  childAt,
  childrenOf,
  DerFault,
  expectTag,
  integerHexOf,
  octetsOf,
  octetString,
  oidOf,
  readDer,
  sequence,
  TAG,
} from './der.ts';
import type { DerNode } from './der.ts';
import { OID } from './oids.ts';
import { macOf } from './pkcs12-mac.ts';
import type { MacHash } from './pkcs12-mac.ts';
import { schemeOf, signAsync } from './schemes.ts';

const MAX_CHAIN = 10;
/** Real files use up to 600,000 rounds; more would only keep the processor busy. */
const MAX_ROUNDS = 2_000_000;

const damaged = (cause: unknown): AppError =>
  new AppError('invalid-input', 'SIGNING_PKCS12_INVALID', 'The PKCS#12 file cannot be read', { cause });
const wrongPin = (cause?: unknown): AppError =>
  new AppError('rule', 'SIGNING_PIN_WRONG', 'The PIN does not open the PKCS#12 file', { cause });

const MAC_HASHES: Readonly<Record<string, MacHash>> = {
  [OID.sha1]: 'sha1',
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};
const PRF_HASHES: Readonly<Record<string, MacHash>> = {
  [OID.hmacWithSha1]: 'sha1',
  [OID.hmacWithSha256]: 'sha256',
  [OID.hmacWithSha384]: 'sha384',
  [OID.hmacWithSha512]: 'sha512',
};
const CIPHERS: Readonly<Record<string, readonly [name: string, keyBytes: number]>> = {
  [OID.aes128Cbc]: ['aes-128-cbc', 16],
  [OID.aes192Cbc]: ['aes-192-cbc', 24],
  [OID.aes256Cbc]: ['aes-256-cbc', 32],
  [OID.desEde3Cbc]: ['des-ede3-cbc', 24],
};

function roundsOf(node: DerNode | undefined): number {
  const rounds = node === undefined ? 1 : Number.parseInt(integerHexOf(node), 16);
  if (!(rounds >= 1 && rounds <= MAX_ROUNDS)) throw new DerFault('The number of rounds is out of range');
  return rounds;
}

/** Throws SIGNING_PIN_WRONG when the MAC over the content is another one. A file without MAC is checked by padding. */
function checkMac(content: Uint8Array, mac: DerNode | undefined, pin: string): void {
  if (mac === undefined) return;
  const [info, salt, rounds] = childrenOf(mac);
  const digestInfo = expectTag(info, TAG.sequence);
  const hash = MAC_HASHES[oidOf(childAt(childAt(digestInfo, 0), 0))];
  if (hash === undefined) throw new DerFault('The MAC uses an unknown algorithm');
  const expected = octetsOf(childAt(digestInfo, 1));
  const input = { hash, pin, salt: octetsOf(expectTag(salt)), rounds: roundsOf(rounds) };
  const actual = macOf(content, input);
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) throw wrongPin();
}

function decryptPbes2(parameters: DerNode, data: Uint8Array, pin: string): Uint8Array {
  const derivation = childrenOf(childAt(childAt(parameters, 0), 1));
  const encryption = childAt(parameters, 1);
  const cipher = CIPHERS[oidOf(childAt(encryption, 0))];
  const prf = derivation.find((node, index) => index > 1 && node.tag === TAG.sequence);
  const hash = prf === undefined ? 'sha1' : PRF_HASHES[oidOf(childAt(prf, 0))];
  if (oidOf(childAt(childAt(parameters, 0), 0)) !== OID.pbkdf2 || cipher === undefined || hash === undefined) {
    throw new DerFault('The file is encrypted with an unknown algorithm');
  }
  const salt = octetsOf(expectTag(derivation[0]));
  const key = pbkdf2Sync(Buffer.from(pin, 'utf8'), salt, roundsOf(derivation[1]), cipher[1], hash);
  const decipher = createDecipheriv(cipher[0], key, octetsOf(childAt(encryption, 1)));
  return new Uint8Array(Buffer.concat([decipher.update(data), decipher.final()]));
}

/** RC2 and 3DES with the key derivation of PKCS#12 itself, as Windows and old tokens write. */
function decryptLegacy(algorithm: DerNode, data: Uint8Array, pin: string): Uint8Array {
  // To forge it looks like an encrypted key; it decrypts whatever stands there.
  const wrapped = sequence(algorithm.bytes, octetString(data));
  const info = forge.asn1.fromDer(Buffer.from(wrapped).toString('latin1'));
  // The typed declaration forgets that a wrong padding is answered with null.
  const plain = forge.pki.decryptPrivateKeyInfo(info, pin) as forge.asn1.Asn1 | null;
  if (plain === null) throw wrongPin();
  return new Uint8Array(Buffer.from(forge.asn1.toDer(plain).getBytes(), 'latin1'));
}

/** The MAC has passed, so what fails here is a MAC-less file with a wrong PIN, or an algorithm that nobody knows. */
function decrypt(algorithm: DerNode, data: Uint8Array, pin: string): Uint8Array {
  try {
    if (oidOf(childAt(algorithm, 0)) === OID.pbes2) return decryptPbes2(childAt(algorithm, 1), data, pin);
    return decryptLegacy(algorithm, data, pin);
  } catch (error) {
    if (error instanceof AppError || error instanceof DerFault) throw error;
    if (error instanceof Error && /bad decrypt|wrong final block|bad ?magic/i.test(error.message))
      throw wrongPin(error);
    throw damaged(error);
  }
}

/** Bags of one part of the container: plain, or encrypted as a whole. */
function bagsOf(part: DerNode, pin: string): readonly DerNode[] {
  const type = oidOf(childAt(part, 0));
  const content = childAt(childAt(part, 1), 0);
  if (type === OID.data) return childrenOf(readDer(octetsOf(content)));
  if (type !== OID.encryptedData) throw new DerFault('A part of the container is of an unknown kind');
  const [, algorithm, data] = childrenOf(childAt(content, 1));
  // An implicit octet string, whole or (BER) in parts.
  const cipherText = expectTag(data);
  const bytes =
    cipherText.tag === 0x80 ? cipherText.content : Buffer.concat(childrenOf(cipherText).map((n) => octetsOf(n)));
  return childrenOf(readDer(decrypt(expectTag(algorithm), bytes, pin)));
}

interface Opened {
  readonly key: KeyObject;
  readonly certificates: readonly Certificate[];
}

function openKey(der: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw damaged(error);
  }
}

function openContainer(pkcs12: Uint8Array, pin: string): Opened {
  const [, authSafe, mac] = childrenOf(readDer(pkcs12));
  const safe = expectTag(authSafe, TAG.sequence);
  if (oidOf(childAt(safe, 0)) !== OID.data) throw new DerFault('The container is not protected by a PIN');
  const content = octetsOf(childAt(childAt(safe, 1), 0));
  checkMac(content, mac, pin);
  const keys: Uint8Array[] = [];
  const certificates: Certificate[] = [];
  for (const bag of childrenOf(readDer(content)).flatMap((part) => bagsOf(part, pin))) {
    const type = oidOf(childAt(bag, 0));
    const value = childAt(childAt(bag, 1), 0);
    if (type === OID.keyBag) keys.push(value.bytes);
    else if (type === OID.pkcs8ShroudedKeyBag) {
      keys.push(decrypt(childAt(value, 0), octetsOf(childAt(value, 1)), pin));
    } else if (type === OID.certificateBag && oidOf(childAt(value, 0)) === OID.x509Certificate) {
      certificates.push(readCertificate(octetsOf(childAt(childAt(value, 1), 0))));
    }
  }
  const [key] = keys;
  if (key === undefined || keys.length !== 1) throw new DerFault('Expected exactly one key');
  return { key: openKey(key), certificates };
}

/** The issuers of a certificate among the others, nearest first. */
function chainOf(leaf: Certificate, others: readonly Certificate[]): readonly Certificate[] {
  const chain: Certificate[] = [];
  for (let current = leaf; chain.length < MAX_CHAIN;) {
    const issuer = others.find((other) => !chain.includes(other) && other !== current && isIssuedBy(current, other));
    if (issuer === undefined) break;
    chain.push(issuer);
    current = issuer;
  }
  return chain;
}

function credentialOf({ key, certificates }: Opened, rsaPadding: 'PKCS1' | 'PSS'): SigningCredential {
  const scheme = schemeOf(key, rsaPadding);
  const publicKey = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const keyOf = ({ x509 }: Certificate): Uint8Array =>
    new Uint8Array(x509.publicKey.export({ type: 'spki', format: 'der' }));
  const leaf = certificates.find((certificate) => isSameBytes(keyOf(certificate), publicKey));
  if (leaf === undefined) throw damaged(new Error('No certificate belongs to the key'));
  return {
    certificate: leaf.der,
    chain: chainOf(leaf, certificates).map((certificate) => certificate.der),
    subjectName: leaf.commonName,
    serialNumber: leaf.serialHex,
    validFrom: instantOf(leaf.notBefore),
    validTo: instantOf(leaf.notAfter),
    scheme,
    sign: (signedAttributes) => signAsync(scheme, key, signedAttributes),
  };
}

function open(
  pkcs12: Uint8Array,
  pin: string,
  { rsaPadding }: { readonly rsaPadding: 'PKCS1' | 'PSS' } = { rsaPadding: 'PKCS1' },
): SigningCredential {
  try {
    return credentialOf(openContainer(pkcs12, pin), rsaPadding);
  } catch (error) {
    if (error instanceof DerFault) throw damaged(error);
    throw error;
  }
}

/** `open` throws AppError SIGNING_PIN_WRONG, SIGNING_KEY_UNSUPPORTED (rule) or SIGNING_PKCS12_INVALID (invalid-input). */
export const createCredentialOpener = (): CredentialOpener => ({ open });
