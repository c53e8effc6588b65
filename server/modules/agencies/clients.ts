// Tokens of machine clients, and accounts that speak without a session (Basic).

import type { Actor } from '../../shared/actor.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { Client, ClientToken } from './client.ts';
import type { PasswordHasher, TokenSource } from './ports.ts';
import type { Credentials } from './session.ts';
import { insertClientToken, revokeClientTokens, selectClient } from './store/client-tokens.ts';
import * as store from './store.ts';

/** The client behind a token; null when it is unknown, revoked or expired. */
export const findClient = (tx: Tx, tokens: TokenSource, token: string): Promise<Client | null> =>
  selectClient(tx, tokens.hashOf(token));

/** The token is in the answer and nowhere else. */
export async function createClientToken(
  tx: Tx,
  tokens: TokenSource,
  client: Client & { readonly expiresAt: Instant | null },
): Promise<ClientToken> {
  const { token, tokenHash } = tokens.next();
  await insertClientToken(tx, { ...client, tokenHash });
  return { ...client, token };
}

export const revokeClient = (tx: Tx, clientId: string): Promise<number> => revokeClientTokens(tx, clientId);

/** The person with this account, null when name or password are wrong; the same work in both cases. */
export async function verifyAccount(tx: Tx, hasher: PasswordHasher, credentials: Credentials): Promise<Actor | null> {
  const login = await store.selectLogin(tx, credentials.username.normalize('NFC'));
  if (login === null) {
    await hasher.hash(credentials.password);
    return null;
  }
  const { passwordHash, ...actor } = login;
  return (await hasher.verify(passwordHash, credentials.password)) ? actor : null;
}
