// Who calls /v2 and what he may do: nobody in particular (only with --test-mode), a person with an account of an agency,
// or a machine client with a token. A person sees his own agency; a client sees what its token names.

import type { FastifyRequest } from 'fastify';
import type { ClientScope } from '../../modules/agencies/index.ts';
import { AppError } from '../../shared/app-error.ts';
import { type Actor, groupsOf, type Role } from '../../shared/actor.ts';
import { invalidArgument } from './problem.ts';

/** Instances that no agency owns, and the name of the tenant in every answer. */
export const DEFAULT_TENANT = '<default>';

export interface Principal {
  readonly kind: 'anonymous' | 'person' | 'client';
  /** Written to the history of what he changes. */
  readonly id: string;
  readonly name: string;
  /** The tenant whose rows he sees; null sees all. */
  readonly tenantId: string | null;
  readonly groups: readonly string[];
  readonly scopes: ReadonlySet<ClientScope>;
}

const ALL_SCOPES: readonly ClientScope[] = ['read', 'deploy', 'start', 'work', 'tasks', 'operate', 'metrics'];
const STAFF_SCOPES: readonly ClientScope[] = ['read', 'start', 'tasks'];

const scopesOfRoles = (roles: readonly Role[]): ReadonlySet<ClientScope> =>
  new Set(roles.includes('admin') ? ALL_SCOPES : STAFF_SCOPES);

export const ANONYMOUS: Principal = {
  kind: 'anonymous',
  id: 'anonymous',
  name: 'anonymous',
  tenantId: null,
  groups: [],
  scopes: new Set(ALL_SCOPES),
};

export const personPrincipal = (actor: Actor, username: string): Principal => ({
  kind: 'person',
  id: actor.userId,
  name: username,
  tenantId: actor.agencyId,
  groups: groupsOf(actor),
  scopes: scopesOfRoles(actor.roles),
});

/** The caller of a route that declared `client`. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) {
    throw new AppError('bug', 'ROUTE_WITHOUT_ACTOR', 'The route has not declared a client');
  }
  return request.principal;
}

/** The tenant that owns what the caller creates. */
export const ownTenantOf = (principal: Principal): string => principal.tenantId ?? DEFAULT_TENANT;

/** True when the caller may know of a row of this tenant. */
export const maySee = (principal: Principal, tenantId: string): boolean =>
  principal.tenantId === null || principal.tenantId === tenantId;

/** Clients send `<default>` on their own; any other name is refused, because tenants are not theirs to choose. */
export function refuseOtherTenants(tenants: readonly (string | undefined)[]): void {
  const other = tenants.find((tenant) => tenant !== undefined && tenant !== DEFAULT_TENANT);
  if (other !== undefined) {
    throw invalidArgument(
      `Expected to handle the request with tenant identifier '${DEFAULT_TENANT}', but it was '${other}' and multi-tenancy is disabled.`,
    );
  }
}
