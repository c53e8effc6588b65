// Password hashes: Argon2id with the parameters that OWASP names as the minimum for it (19 MiB, 2 passes, 1 lane).
// About 30 ms on a small server. They are given explicitly because the library's own defaults cost ten times that.

import { hash, verify, type Algorithm } from '@node-rs/argon2';
import type { PasswordHasher } from '../../modules/agencies/ports.ts';

const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;

export function createPasswordHasher(): PasswordHasher {
  return {
    hash: (password) =>
      hash(password, {
        // The enum is ambient and const, which verbatimModuleSyntax cannot read; 2 is Argon2id.
        algorithm: 2 as Algorithm,
        memoryCost: MEMORY_KIB,
        timeCost: PASSES,
        parallelism: LANES,
      }),
    // The parameters are read from the stored hash, so older hashes stay valid when ours grow.
    verify: (stored, password) => verify(stored, password),
  };
}
