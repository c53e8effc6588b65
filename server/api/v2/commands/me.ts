// Who am I: for clients that show the account that they use.

import { Type } from 'typebox';
import type { App } from '../../types.ts';
import { DEFAULT_TENANT, principalOf } from '../principal.ts';
import { Nullable, Strict } from '../schemas.ts';

const Names = Type.Array(Type.String());

const MeView = Strict({
  username: Nullable(Type.String()),
  displayName: Nullable(Type.String()),
  email: Nullable(Type.String()),
  authorizedComponents: Names,
  tenants: Type.Array(Strict({ tenantId: Type.String(), name: Type.String(), description: Nullable(Type.String()) })),
  groups: Names,
  roles: Names,
  salesPlanType: Nullable(Type.String()),
  c8Links: Type.Unsafe<Readonly<Record<string, string>>>({ type: 'object', additionalProperties: true }),
  canLogout: Type.Boolean(),
});

export function registerMeRoute(app: App): void {
  app.get(
    '/authentication/me',
    {
      schema: { tags: ['Authentication'], operationId: 'getAuthentication', response: { 200: MeView } },
      config: { access: { kind: 'client', scope: 'read' } },
    },
    (request) => {
      const { name, groups, scopes } = principalOf(request);
      return {
        username: name,
        displayName: name,
        email: null,
        authorizedComponents: ['*'],
        tenants: [{ tenantId: DEFAULT_TENANT, name: 'Default', description: null }],
        groups: [...groups],
        roles: [...scopes],
        salesPlanType: null,
        c8Links: {},
        canLogout: true,
      };
    },
  );
}
