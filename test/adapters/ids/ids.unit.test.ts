// UUIDs, tokens and password hashes.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPasswordHasher } from '../../../server/adapters/ids/password-hasher.ts';
import { createTokenSource } from '../../../server/adapters/ids/token-source.ts';
import { createUuidV7 } from '../../../server/adapters/ids/uuid.ts';

describe('UUID version 7', () => {
  it('carries the time, the version and the variant', () => {
    const before = Date.now();
    const uuid = createUuidV7();
    const after = Date.now();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const ms = Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThanOrEqual(after);
  });

  it('does not repeat', () => {
    expect(new Set(Array.from({ length: 10_000 }, createUuidV7)).size).toBe(10_000);
  });
});

describe('session tokens', () => {
  it('are URL-safe with 256 bits, and stored under their SHA-256 only', () => {
    const tokens = createTokenSource();
    const { token, tokenHash } = tokens.next();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(tokenHash).toBe(createHash('sha256').update(token).digest('hex'));
    expect(tokens.hashOf(token)).toBe(tokenHash);
    expect(tokens.next().token).not.toBe(token);
  });
});

describe('password hashes', () => {
  const hasher = createPasswordHasher();

  it('are Argon2id with the declared cost and a salt of their own', async () => {
    const [first, second] = await Promise.all([hasher.hash('Mật khẩu'), hasher.hash('Mật khẩu')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
  });

  it('accept the right password and refuse another', async () => {
    const hash = await hasher.hash('Mật khẩu');
    expect(await hasher.verify(hash, 'Mật khẩu')).toBe(true);
    expect(await hasher.verify(hash, 'mật khẩu')).toBe(false);
  });
});
