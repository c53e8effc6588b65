// Opens and writes PKCS#12 with node-forge: the only thing for which forge is used. It unwraps bytes; certificates
// leave here as the bytes that came in, and every signature is made by node:crypto. A wrong PIN and a damaged file
// are told apart where the format allows it: the MAC is checked first. Known limit of forge: a PIN with letters beyond
// ASCII does not open files that use PBKDF2 with HMAC-SHA-256 (OpenSSL's default); it is then answered as wrong.

import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import forge from 'node-forge';
import { AppError } from '../../shared/app-error.ts';
import { instantOf } from '../../shared/time.ts';
import type { CredentialOpener, SigningCredential } from '../../modules/signing/ports.ts';
import { isIssuedBy, isSameBytes, readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { DerFault } from './der.ts';

const MAX_CHAIN = 10;

const toBinary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const fromBinary = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

const damaged = (cause: unknown): AppError =>
  new AppError('invalid-input', 'SIGNING_PKCS12_INVALID', 'The PKCS#12 file cannot be read', { cause });

function parseAsn1(bytes: Uint8Array): forge.asn1.Asn1 {
  try {
    return forge.asn1.fromDer(toBinary(bytes));
  } catch (error) {
    throw damaged(error);
  }
}

/** forge reports a wrong PIN only through the text of its error: the MAC, or the padding under it. */
function decrypt(container: forge.asn1.Asn1, pin: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(container, false, pin);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/mac could not be verified|invalid password|decrypt/i.test(message)) {
      throw new AppError('rule', 'SIGNING_PIN_WRONG', 'The PIN does not open the PKCS#12 file', { cause: error });
    }
    throw damaged(error);
  }
}

interface Opened {
  readonly key: KeyObject;
  readonly certificates: readonly Certificate[];
}

function contentsOf(pfx: forge.pkcs12.Pkcs12Pfx): Opened {
  const bags = pfx.safeContents.flatMap((content) => content.safeBags);
  const keys = bags.flatMap((bag) => (bag.key === undefined || bag.key === null ? [] : [bag.key]));
  const [key] = keys;
  if (key === undefined || keys.length !== 1) throw damaged(new Error('Expected exactly one key'));
  const info = forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key));
  const der = Buffer.from(fromBinary(forge.asn1.toDer(info).getBytes()));
  // The bag keeps the parsed ASN.1 of the certificate, which forge writes back unchanged; the name is never encoded anew.
  const certificates = bags
    .filter((bag) => bag.type === forge.pki.oids['certBag'])
    .map((bag) => readCertificate(fromBinary(certificateBytes(bag))));
  return { key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }), certificates };
}

function certificateBytes(bag: forge.pkcs12.Bag): string {
  const parsed = bag.cert === undefined || bag.cert === null ? bag.asn1 : forge.pki.certificateToAsn1(bag.cert);
  return forge.asn1.toDer(parsed).getBytes();
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

function credentialOf({ key, certificates }: Opened): SigningCredential {
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
    sign: (signedAttributes) =>
      new Promise((resolve, reject) => {
        // The callback form runs on the thread pool, so a 4096-bit key does not hold up other requests.
        sign('sha256', signedAttributes, key, (error, signature) => {
          if (error === null) resolve(new Uint8Array(signature));
          else reject(error);
        });
      }),
  };
}

function open(pkcs12: Uint8Array, pin: string): SigningCredential {
  const pfx = decrypt(parseAsn1(pkcs12), pin);
  try {
    return credentialOf(contentsOf(pfx));
  } catch (error) {
    if (error instanceof DerFault) throw damaged(error);
    throw error;
  }
}

/** `open` throws AppError SIGNING_PIN_WRONG (rule) or SIGNING_PKCS12_INVALID (invalid-input). */
export const createCredentialOpener = (): CredentialOpener => ({ open });

/** AES-256, opened by OpenSSL 3. `certificates`: the key's own first, then its chain. */
export function writePkcs12(
  key: KeyObject,
  certificates: readonly Uint8Array[],
  options: { pin: string; name: string },
): Uint8Array {
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const parsed = certificates.map((der) => forge.pki.certificateFromAsn1(forge.asn1.fromDer(toBinary(der))));
  const container = forge.pkcs12.toPkcs12Asn1(forge.pki.privateKeyFromPem(pem), parsed, options.pin, {
    algorithm: 'aes256',
    friendlyName: Buffer.from(options.name.normalize('NFC'), 'utf8').toString('latin1'),
    generateLocalKeyId: true,
  });
  return fromBinary(forge.asn1.toDer(container).getBytes());
}
