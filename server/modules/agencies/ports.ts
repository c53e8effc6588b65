// What the agencies module needs from outside: password hashing and random tokens (adapters/ids/).

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

export interface TokenSource {
  /** A session token (URL-safe, 256 bits) with the SHA-256 hex under which it is stored. */
  next(): { readonly token: string; readonly tokenHash: string };
  hashOf(token: string): string;
}
