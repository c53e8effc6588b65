// The form of /v2: how bodies are read, how errors look, and that the published document is made from the routes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstallation, type Installation } from '../../support/installation.ts';

describe('the form of /v2', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation({ isTestMode: true });
  });
  afterAll(() => installation.close());

  it('answers an unknown path with a problem document', async () => {
    const response = await installation.app.inject({ method: 'GET', url: '/v2/nowhere?x=1' });
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'NOT_FOUND',
      status: 404,
      detail: 'No endpoint GET /v2/nowhere',
      instance: '/v2/nowhere',
    });
  });

  it('reads an empty JSON body as no body and an empty authorization as none', async () => {
    const headers = { 'content-type': 'application/json', authorization: '' };
    expect((await installation.app.inject({ method: 'GET', url: '/v2/topology', headers })).statusCode).toBe(200);
    const reset = await installation.app.inject({ method: 'POST', url: '/v2/clock/reset', headers, payload: '' });
    expect(reset.statusCode).toBe(204);
  });

  it.each([
    ['not JSON', '{', 'application/json', 400, 'Bad Request'],
    ['a wrong type', '{"timestamp":"1"}', 'application/json', 400, 'Bad Request'],
    ['an unknown property', '{"timestamp":1,"zone":"UTC"}', 'application/json', 400, 'Bad Request'],
    ['a missing property', '{}', 'application/json', 400, 'INVALID_ARGUMENT'],
    ['a poisoned prototype', '{"__proto__":{"a":1},"timestamp":1}', 'application/json', 400, 'Bad Request'],
    ['too deep nesting', `${'['.repeat(5000)}${']'.repeat(5000)}`, 'application/json', 400, 'Bad Request'],
    ['a NUL character', '{"timestamp":"\\u0000"}', 'application/json', 400, 'Bad Request'],
    ['another content type', 'timestamp=1', 'text/plain', 415, 'Unsupported Media Type'],
  ])('refuses %s', async (...[, payload, contentType, status, title]) => {
    const headers = { 'content-type': contentType };
    const response = await installation.app.inject({ method: 'PUT', url: '/v2/clock', headers, payload });
    expect(response.json()).toMatchObject({ status, title });
    expect(response.statusCode).toBe(status);
  });

  it('names the property that is not understood', async () => {
    const payload = { timestamp: 1, zone: 'UTC' };
    const response = await installation.app.inject({ method: 'PUT', url: '/v2/clock', payload });
    expect(response.json()).toMatchObject({ detail: 'Request property [zone] cannot be parsed' });
  });

  it('publishes an OpenAPI 3.1 document with every operation', async () => {
    const document = (await installation.app.inject({ method: 'GET', url: '/v2/openapi.json' })).json<{
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    }>();
    expect(document.openapi).toBe('3.1.0');
    const published = Object.entries(document.paths).flatMap(([url, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${url.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const registered = installation.app.accessTable
      .filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/v2/') && url !== '/v2/openapi.json')
      .map(({ method, url }) => `${method} ${url}`);
    expect(published.sort()).toEqual(registered.sort());
  });
});
