// The bytes of a deployed file of any kind.

import type { ApiDeps, App } from '../../types.ts';
import { notFound } from '../problem.ts';
import { KeyParams } from '../schemas.ts';
import { keyOf } from './command.ts';

export function registerResourceContent(app: App, deps: ApiDeps): void {
  app.get(
    '/resources/:resourceKey/content',
    {
      schema: {
        tags: ['Resource'],
        operationId: 'getResourceContent',
        params: KeyParams('resourceKey'),
        produces: ['application/octet-stream'],
      },
      config: { access: { kind: 'client', scope: 'read' } },
    },
    async (request, reply) => {
      const { resourceKey } = request.params;
      const content = await deps.runtime.commands.findResourceContent(keyOf(resourceKey));
      if (content === null) throw notFound(`Resource with key '${resourceKey}' not found`);
      // A foreign file: never shown by a browser as a page of ours.
      return reply
        .type('application/octet-stream')
        .header('content-disposition', 'attachment')
        .send(Buffer.from(content));
    },
  );
}
