// Session tokens. Only the SHA-256 of a token is stored, so that a stolen database opens no session. A fast hash is
// right here, unlike for passwords: the token is 256 random bits and cannot be guessed.

import { createHash, randomBytes } from 'node:crypto';
import type { TokenSource } from '../../modules/agencies/ports.ts';

const TOKEN_SIZE_BYTES = 32;

export function createTokenSource(): TokenSource {
  const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
  return {
    hashOf,
    next() {
      const token = randomBytes(TOKEN_SIZE_BYTES).toString('base64url');
      return { token, tokenHash: hashOf(token) };
    },
  };
}
