// The OpenAPI 3.1 document of /v2, made from the schemas that the routes validate with, so that it cannot differ from
// what the server does. `GET /v2/openapi.json`.

import swagger from '@fastify/swagger';
import type { ApiDeps, App } from '../types.ts';

export async function registerOpenApi(app: App, deps: ApiDeps): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Trạm REST API v2',
        description: 'Compatible with clients of the Orchestration Cluster REST API v2 (8.9 answer style).',
        version: deps.settings.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: { basic: { type: 'http', scheme: 'basic' }, bearer: { type: 'http', scheme: 'bearer' } },
      },
      security: [{ basic: [] }, { bearer: [] }],
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: {
        // Commands answer without a body.
        ...(schema?.response === undefined && { response: { 204: { type: 'null', description: 'Done' } } }),
        ...(forReaders(schema) as Record<string, unknown>), // a schema is an object; so is its copy
        ...(route.config?.access?.kind === 'public' ? { security: [] } : {}),
      },
    }),
  });
}

/** Our own words in schemas → words of JSON Schema. */
function forReaders(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forReaders);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => name !== 'label')
      .map(([name, value]) => {
        if (name === 'enumOf') return ['enum', value];
        return name === 'format' && value === 'engine-key' ? ['pattern', '^-?[0-9]+$'] : [name, forReaders(value)];
      }),
  );
}

export function registerOpenApiRoute(app: App): void {
  app.get('/openapi.json', { config: { access: { kind: 'public' } }, schema: { hide: true } }, () => app.swagger());
}
