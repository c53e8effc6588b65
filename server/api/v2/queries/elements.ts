// Element instances, and the incidents at or below one of them.

import { elementInstances, incidents, withinElement } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { KeyParams } from '../schemas.ts';
import { getItem, READ, registerGet, registerSearch, search } from './entity-routes.ts';
import { itemSchema, pageOf, searchBody } from './entity-schemas.ts';

const tag = 'Element instance';
const noun = 'Element instance';
const path = '/element-instances/:elementInstanceKey';

export function registerElementQueries(app: App, deps: ApiDeps): void {
  const entity = elementInstances;
  registerSearch(app, deps, { path: '/element-instances/search', operationId: 'searchElementInstances', tag, entity });
  registerGet(app, deps, {
    path,
    operationId: 'getElementInstance',
    tag,
    entity,
    parameter: 'elementInstanceKey',
    noun,
  });
  app.post(
    `${path}/incidents/search`,
    {
      schema: {
        tags: [tag],
        operationId: 'searchElementInstanceIncidents',
        params: KeyParams('elementInstanceKey'),
        body: searchBody(incidents),
        response: { 200: pageOf(itemSchema(incidents)) },
      },
      config: READ,
    },
    async (request) => {
      const key = request.params.elementInstanceKey;
      await getItem(deps, request, { entity, key, noun });
      return search(deps, request, { entity: incidents, request: request.body, within: withinElement(key) });
    },
  );
}
