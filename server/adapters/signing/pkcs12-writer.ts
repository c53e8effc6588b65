// Writes PKCS#12 (RFC 7292) in our own DER: forge wraps RSA keys only and spoils a PIN with letters beyond ASCII.
// The key is encrypted by node:crypto (PBES2, AES-256); certificates are public and stand in the clear; a MAC with
// SHA-256 over both tells a wrong PIN from a damaged file.

import { createHash, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { context, derNull, encode, integer, octetString, oid, sequence, setOf, TAG } from './der.ts';
import { OID } from './oids.ts';
import { macOf } from './pkcs12-mac.ts';

const MAC_ROUNDS = 2048;

const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), setOf(value));

const bag = (type: string, value: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(type), context(0, value), ...(attributes.length === 0 ? [] : [setOf(...attributes)]));

const dataInfo = (content: Uint8Array): Uint8Array => sequence(oid(OID.data), context(0, octetString(content)));

/** Opened by OpenSSL 3. `certificates`: the key's own first, then its chain. */
export function writePkcs12(
  key: KeyObject,
  certificates: readonly Uint8Array[],
  options: { readonly pin: string; readonly name: string },
): Uint8Array {
  const name = encode(TAG.bmpString, Buffer.from(options.name.normalize('NFC'), 'utf16le').swap16());
  const ownAttributes = [
    attribute(
      OID.localKeyId,
      octetString(
        createHash('sha256')
          .update(certificates[0] ?? '')
          .digest(),
      ),
    ),
    attribute(OID.friendlyName, name),
  ];
  const shrouded = key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: options.pin });
  const certificateBags = certificates.map((der, index) => {
    const value = sequence(oid(OID.x509Certificate), context(0, octetString(der)));
    return bag(OID.certificateBag, value, index === 0 ? ownAttributes : []);
  });
  const safe = sequence(
    dataInfo(sequence(...certificateBags)),
    dataInfo(sequence(bag(OID.pkcs8ShroudedKeyBag, new Uint8Array(shrouded), ownAttributes))),
  );
  const salt = randomBytes(16);
  const mac = macOf(safe, { hash: 'sha256', pin: options.pin, salt, rounds: MAC_ROUNDS });
  const digestInfo = sequence(sequence(oid(OID.sha256), derNull()), octetString(mac));
  const rounds = integer(Uint8Array.of(MAC_ROUNDS >> 8, MAC_ROUNDS & 0xff));
  return sequence(integer(3), dataInfo(safe), sequence(digestInfo, octetString(salt), rounds));
}
