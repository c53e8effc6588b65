// Verifies a CMS signature value with the signer's public key, for the algorithms that Vietnamese regulations name:
// RSA (PKCS#1 v1.5 and PSS) and ECDSA over the SHA-2 family. Anything else is answered as unsupported, not as broken.

import { publicKeyOf } from './certificate.ts';
import type { ReadSignedData } from './cms.ts';
import { readAlgorithm, verifyValue } from './schemes.ts';
import type { ReadScheme } from './schemes.ts';

export type ValueCheck = 'matches' | 'differs' | 'unsupported';

export const schemeOfSigned = (signed: ReadSignedData): ReadScheme | null =>
  readAlgorithm(signed.signatureAlgorithm, signed.signatureParameters, signed.digestAlgorithm);

export function checkSignatureValue(signed: ReadSignedData): ValueCheck {
  const scheme = schemeOfSigned(signed);
  if (scheme === null || signed.signer === null) return 'unsupported';
  const key = publicKeyOf(signed.signer);
  return verifyValue(scheme, key, signed.signedAttributes, signed.signature) ? 'matches' : 'differs';
}
