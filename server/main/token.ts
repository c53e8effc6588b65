// `npx tram token create|revoke`: tokens of machine clients, for whoever may open the database. It stands beside start.ts
// and not in server/cli, because it needs what every role needs: the settings of a server, its database and a module.
// The token goes to standard output and nowhere else; what a person should read goes to standard error.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTokenSource } from '../adapters/ids/token-source.ts';
import { findEmbeddedPostgres } from '../adapters/postgres/embedded.ts';
import { checkSchema } from '../adapters/postgres/migrate.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import { isUnavailable } from '../adapters/postgres/sqlstate.ts';
import { createTransactions } from '../adapters/postgres/transactions.ts';
import {
  CLIENT_SCOPES,
  type ClientScope,
  createClientToken,
  findAgency,
  revokeClient,
} from '../modules/agencies/index.ts';
import type { AgencyId } from '../shared/ids.ts';
import type { Transactions } from '../shared/transactions.ts';
import { loadConfig } from './config.ts';
import { describeUrl, StartupError } from './startup-error.ts';

export interface TokenContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  printError(text: string): void;
}

const USAGE = `tram token create --client TÊN --scopes read,work [--tenant CƠ-QUAN] [--data-dir .data]
tram token revoke --client TÊN [--data-dir .data]
  scopes: ${CLIENT_SCOPES.join(', ')}
  DATABASE_URL: PostgreSQL ngoài / external database; thiếu thì dùng của npm start / otherwise that of a running npm start`;
const USAGE_EXIT = 2;
const CLIENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

class UsageError extends Error {}

interface Request {
  readonly action: 'create' | 'revoke';
  readonly client: string;
  readonly scopes: readonly ClientScope[];
  readonly tenantId: string | null;
  readonly dataDir: string | undefined;
}

/** Answers the exit status. */
export async function runToken(argv: readonly string[], context: TokenContext): Promise<number> {
  try {
    const request = readRequest(argv);
    await withDatabase(request, context, (transactions) =>
      request.action === 'create' ? create(transactions, request, context) : revoke(transactions, request, context),
    );
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      context.printError(`CLI_USAGE: ${error.message}\n\n${USAGE}`);
      return USAGE_EXIT;
    }
    if (!(error instanceof StartupError)) throw error;
    context.printError(error.message);
    return error.exitCode;
  }
}

function readRequest(argv: readonly string[]): Request {
  const { values, positionals } = parse(argv);
  const [action, ...rest] = positionals;
  if ((action !== 'create' && action !== 'revoke') || rest.length > 0) throw new UsageError('create | revoke');
  const client = values.client ?? '';
  if (!CLIENT_NAME.test(client)) throw new UsageError('--client: A–Z, 0–9, ".", "_", "-"');
  const scopes = (values.scopes ?? '').split(',').filter((scope) => scope !== '');
  if (action === 'create' && scopes.length === 0) throw new UsageError('--scopes');
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined) throw new UsageError(`--scopes: ${unknown}?`);
  return {
    action,
    client,
    scopes: scopes.filter(isScope),
    tenantId: values.tenant ?? null,
    dataDir: values['data-dir'],
  };
}

const isScope = (text: string): text is ClientScope => CLIENT_SCOPES.some((scope) => scope === text);

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: { client: text, scopes: text, tenant: text, 'data-dir': text },
      allowPositionals: true,
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

async function withDatabase(
  { dataDir }: Request,
  { env }: TokenContext,
  work: (transactions: Transactions) => Promise<void>,
): Promise<void> {
  const config = loadConfig(dataDir === undefined ? [] : ['--data-dir', dataDir], env);
  const url = config.databaseUrl ?? (await findEmbeddedPostgres(join(config.dataDir, 'postgres')));
  if (url === null) throw new StartupError('DATABASE_UNREACHABLE', config.dataDir);
  const state = await checkSchema(url).catch((error: unknown) => {
    throw isUnavailable(error) ? new StartupError('DATABASE_UNREACHABLE', describeUrl(url), error) : error;
  });
  if (state === 'newer') throw new StartupError('SCHEMA_NEWER_THAN_CODE');
  if (state === 'older') throw new StartupError('SCHEMA_OLDER_THAN_CODE');
  const pool = createPool(url, { max: 1, applicationName: 'tram-token' });
  try {
    await work(createTransactions(pool));
  } finally {
    await pool.end();
  }
}

async function create(transactions: Transactions, request: Request, context: TokenContext): Promise<void> {
  const { client: clientId, scopes, tenantId } = request;
  const { token } = await transactions.run(async (tx) => {
    // Checked against the table of agencies right here, so any text may be asked for.
    if (tenantId !== null && (await findAgency(tx, tenantId as AgencyId)) === null) {
      throw new UsageError(`--tenant: ${tenantId}?`);
    }
    return createClientToken(tx, createTokenSource(), { clientId, scopes, tenantId, expiresAt: null });
  });
  context.printError(`${clientId}: ${scopes.join(', ')} · ${tenantId ?? '*'}. Chỉ hiện một lần / shown once.`);
  context.print(token);
}

async function revoke(transactions: Transactions, { client }: Request, context: TokenContext): Promise<void> {
  const count = await transactions.run((tx) => revokeClient(tx, client));
  if (count === 0) throw new UsageError(`${client}: không có mã còn hiệu lực / no token that is still good`);
  context.printError(`${client}: đã thu hồi / revoked ${count}`);
}
