// Tokens of machine clients from the command line: what is printed opens what it should, until it is revoked.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenSource } from '../../server/adapters/ids/token-source.ts';
import { runToken } from '../../server/main/token.ts';
import { findClient } from '../../server/modules/agencies/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function run(...argv: readonly string[]) {
  const out: string[] = [];
  const error: string[] = [];
  const status = await runToken(argv, {
    env: { DATABASE_URL: database.url },
    print: (text) => out.push(text),
    printError: (text) => error.push(text),
  });
  return { status, out: out.join('\n'), error: error.join('\n') };
}

const clientOf = (token: string) =>
  database.transactions.run((tx) => findClient(tx, createTokenSource(), token.trim()));

describe('tram token', () => {
  it('creates a token with the named scopes, prints it alone, and takes all tokens of a client back', async () => {
    const made = await run('create', '--client', 'printer', '--scopes', 'read,work');
    expect([made.status, made.out]).toEqual([0, expect.stringMatching(/^\S{20,}$/)]);
    expect(await clientOf(made.out)).toEqual({ clientId: 'printer', tenantId: null, scopes: ['read', 'work'] });
    const second = await run('create', '--client', 'printer', '--scopes', 'read');
    expect((await run('revoke', '--client', 'printer')).status).toBe(0);
    expect([await clientOf(made.out), await clientOf(second.out)]).toEqual([null, null]);
  });

  it.each([
    [['create', '--client', 'p', '--scopes', 'read,all']],
    [['create', '--client', 'p']],
    [['create', '--client', 'a b', '--scopes', 'read']],
    [['create', '--client', 'p', '--scopes', 'read', '--tenant', 'nowhere']],
    [['revoke', '--client', 'nobody']],
    [['destroy', '--client', 'p']],
    [['create', '--clients', 'p']],
  ])('refuses %j and prints no token', async (argv) => {
    const { status, out, error } = await run(...argv);
    expect([status, out]).toEqual([2, '']);
    expect(error).toContain('CLI_USAGE');
  });
});
