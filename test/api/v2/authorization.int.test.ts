// Who may call /v2: every route with a client that has no scope, with a client that has exactly the scope that the route
// names, and with nobody. The rule comes from the route itself, so that no route is without a row.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_SCOPES, createClientToken, type ClientScope } from '../../../server/modules/agencies/index.ts';
import type { AccessRow } from '../../../server/api/types.ts';
import { createInstallation, type Installation } from '../../support/installation.ts';
import { SAMPLE_PASSWORD } from '../../../server/main/seed/load-sample-province.ts';

describe('who may call /v2', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation();
  });
  afterAll(() => installation.close());

  const routes = (): readonly AccessRow[] =>
    installation.app.accessTable.filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/v2/'));

  const tokenWith = async (scopes: readonly ClientScope[]): Promise<string> => {
    const client = { clientId: `test-${scopes.join('-')}`, tenantId: null, scopes, expiresAt: null };
    const { tokens } = installation.services;
    return (await installation.database.transactions.run((tx) => createClientToken(tx, tokens, client))).token;
  };

  const call = async ({ method, url }: AccessRow, authorization?: string): Promise<number> => {
    const response = await installation.app.inject({
      method: method as 'GET', // as Fastify registered it
      url: url.replaceAll(/:\w+/g, '1'),
      ...(authorization !== undefined && { headers: { authorization } }),
    });
    return response.statusCode;
  };
  const nameOf = ({ method, url }: AccessRow): string => `${method} ${url}`;

  it('declares a rule of /v2 for every route', () => {
    const kinds = new Set(routes().map(({ access }) => access.kind));
    expect([...kinds].sort()).toEqual(['client', 'public', 'test-mode']);
  });

  it('answers nobody on no route but the public ones', async () => {
    for (const route of routes()) {
      const status = await call(route);
      const expected = route.access.kind === 'client' ? 401 : route.access.kind === 'test-mode' ? 404 : status;
      expect([nameOf(route), status]).toEqual([nameOf(route), expected]);
    }
  });

  it('refuses a client without the scope and lets one with it pass the guard', async () => {
    for (const scope of CLIENT_SCOPES) {
      const own = `Bearer ${await tokenWith([scope])}`;
      const others = `Bearer ${await tokenWith(CLIENT_SCOPES.filter((other) => other !== scope))}`;
      for (const route of routes()) {
        if (route.access.kind !== 'client' || route.access.scope !== scope) continue;
        expect([nameOf(route), await call(route, others)]).toEqual([nameOf(route), 403]);
        expect([401, 403, 500]).not.toContain(await call(route, own));
      }
    }
  });

  it('knows an account by Basic, and no account by a wrong password', async () => {
    const basic = (password: string): string => `Basic ${Buffer.from(`cv.so-y-te:${password}`).toString('base64')}`;
    const topology = { method: 'GET', url: '/v2/topology', access: { kind: 'client', scope: 'read' } } as const;
    expect(await call(topology, basic(SAMPLE_PASSWORD))).toBe(200);
    expect(await call(topology, basic('wrong'))).toBe(401);
    expect(await call(topology, 'Basic !!!')).toBe(401);
    expect(await call(topology, 'Bearer unknown')).toBe(401);
  });
});
