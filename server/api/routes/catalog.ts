// Lists that forms choose from: document types of the day, agencies of the province, people of the own agency.

import { Type } from 'typebox';
import { listAgencies, listUsers } from '../../modules/agencies/index.ts';
import { listDocumentTypes } from '../../modules/pilot/index.ts';
import { localDateOf } from '../../shared/time.ts';
import { AgencyView, DocumentTypeView, Items, PersonView, RoleName, strict } from '../contract/index.ts';
import { actorOf } from '../plugins/access.ts';
import type { ApiDeps, App } from '../types.ts';

const access = { kind: 'session' } as const;

export function registerCatalogRoutes(app: App, deps: ApiDeps): void {
  app.get(
    '/api/document-types',
    { schema: { response: { 200: Items(DocumentTypeView) } }, config: { access } },
    async () => {
      const types = await deps.transactions.run((tx) => listDocumentTypes(tx, localDateOf(deps.clock.now())));
      return {
        items: types.map((type) => ({
          id: type.id,
          name: type.name,
          abbreviation: type.abbreviation,
          isInPilot: type.isInPilot,
        })),
      };
    },
  );

  app.get('/api/agencies', { schema: { response: { 200: Items(AgencyView) } }, config: { access } }, async () => {
    const agencies = await deps.transactions.run((tx) => listAgencies(tx));
    return {
      items: agencies.map((agency) => ({
        id: agency.id,
        name: agency.name,
        shortName: agency.shortName,
        kind: agency.kind,
        parentId: agency.parentId,
        code: agency.code,
        isPlaceholderCode: agency.isPlaceholderCode,
      })),
    };
  });

  app.get(
    '/api/people',
    {
      schema: {
        querystring: Type.Object({ role: Type.Optional(RoleName) }, strict),
        response: { 200: Items(PersonView) },
      },
      config: { access },
    },
    async (request) => {
      const { role } = request.query;
      const agencyId = actorOf(request).agencyId;
      const users = await deps.transactions.run((tx) => listUsers(tx, { agencyId, ...(role && { role }) }));
      return {
        items: users.map((user) => ({
          id: user.id,
          fullName: user.fullName,
          position: user.position,
          roles: [...user.roles],
        })),
      };
    },
  );
}
