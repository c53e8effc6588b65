// SQL for tokens of machine clients. Only the SHA-256 of a token is kept. Whether it has ended is a question of the
// database's own clock: business time may stand in another year.

import type { Instant } from '../../../shared/time.ts';
import type { Tx } from '../../../shared/transactions.ts';
import type { Client } from '../client.ts';

export async function selectClient(tx: Tx, tokenHash: string): Promise<Client | null> {
  const { rows } = await tx.query<Client>(
    `select client_id as "clientId", tenant_id as "tenantId", scopes from client_tokens
      where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`,
    [tokenHash],
    'agencies.select-client',
  );
  return rows[0] ?? null;
}

export async function insertClientToken(
  tx: Tx,
  token: Client & { readonly tokenHash: string; readonly expiresAt: Instant | null },
): Promise<void> {
  await tx.query(
    `insert into client_tokens (token_hash, client_id, tenant_id, scopes, expires_at) values ($1, $2, $3, $4, $5)`,
    [token.tokenHash, token.clientId, token.tenantId, token.scopes, token.expiresAt],
  );
}

/** How many tokens of the client were still good. */
export async function revokeClientTokens(tx: Tx, clientId: string): Promise<number> {
  const { rowCount } = await tx.query(
    `update client_tokens set revoked_at = clock_timestamp() where client_id = $1 and revoked_at is null`,
    [clientId],
  );
  return rowCount;
}
