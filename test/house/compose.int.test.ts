// The deployment cannot be started where the tests run (no container engine), so the files are checked for everything
// that can be said about them: the Compose schema, a linter, and the promises that operators rely on.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type AnySchemaObject } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const COMPOSE = readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8');
const SCHEMA = join(REPOSITORY, 'node_modules/dclint/schemas/compose.schema.json');
const LINTER = join(REPOSITORY, 'node_modules/dclint/bin/dclint.cjs');
/** Our order tells a story (data, schema, servers, door); the alphabet does not. */
const ORDER_RULES = ['service-keys-order', 'services-alphabetical-order', 'top-level-properties-order'];

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly { readonly host_ip: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly deploy?: { readonly replicas: number };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly networks?: readonly string[];
}

// Only what the assertions below read; a wrong shape makes them fail.
const compose = parse(COMPOSE, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
};
const service = (name: string): Service => compose.services[name] ?? expect.unreachable(`no service ${name}`);

function schemaErrors(document: unknown): string[] {
  const { $schema: _draft07, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as AnySchemaObject;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  void validate(document); // a boolean here; only an asynchronous schema would answer with a promise
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

describe('docker-compose.yml', () => {
  it('is valid under the Compose schema', () => {
    expect(schemaErrors(parse(COMPOSE, { merge: true }))).toEqual([]);
  });

  it('would not be valid with a misspelt key', () => {
    expect(schemaErrors({ services: { api: { imgae: 'tram' } } })).not.toEqual([]);
  });

  it('has no finding of the linter', () => {
    const disabled = ORDER_RULES.flatMap((rule) => ['--disable-rule', rule]);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [LINTER, join(REPOSITORY, 'docker-compose.yml'), '--max-warnings', '0', ...disabled],
      { encoding: 'utf8' },
    );
    expect({ status, output: stdout + stderr }).toMatchObject({ status: 0 });
  });

  it('asks for every password and has no default for one', () => {
    const variables = [...COMPOSE.matchAll(/\$\{([A-Z_]*(?:PASSWORD|SECRET|TOKEN|KEY)[A-Z_]*)([^}]*)\}/g)];
    expect(variables.length).toBeGreaterThanOrEqual(4);
    expect(variables.filter(([, , rest]) => rest?.startsWith(':?') !== true).map(([text]) => text)).toEqual([]);
    expect(COMPOSE).not.toMatch(/:\/\/[^:$\s]*:[^$\s@]+@/);
  });

  it('keeps the data of PostgreSQL where version 18 expects it', () => {
    expect(service('postgres').image).toBe('postgres:18');
    expect(service('postgres').volumes).toEqual(['postgres-data:/var/lib/postgresql']);
    expect(Object.keys(compose.volumes)).toContain('postgres-data');
  });

  it('runs Redis without eviction and with an append-only file', () => {
    const command = service('redis').command?.join(' ');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--appendonly yes');
    expect(command).toMatch(/--appendfsync (everysec|always)/);
    expect(command).toContain('--requirepass "$$REDIS_PASSWORD"');
    expect(service('redis').volumes).toEqual(['redis-data:/data']);
  });

  it('runs two API servers and two workers behind one migrator', () => {
    for (const name of ['api', 'worker']) {
      expect(service(name).deploy?.replicas).toBe(2);
      expect(service(name).depends_on?.['migrator']?.condition).toBe('service_completed_successfully');
    }
    expect(service('migrator').restart).toBe('no');
    expect(service('migrator').depends_on?.['postgres']?.condition).toBe('service_healthy');
  });

  it.each(['migrator', 'api', 'worker'])('starts %s in its role', (name) => {
    const role = name === 'migrator' ? 'migrate' : name;
    expect(service(name).command).toEqual(['node', 'scripts/start.mjs', '--role', role]);
    expect(service(name).environment).toMatchObject({ NODE_ENV: 'production' });
    expect(service(name).read_only).toBe(true);
  });

  it.each(['postgres', 'redis', 'api', 'gateway'])('watches the health of %s and starts it again', (name) => {
    expect(service(name).healthcheck?.test?.length).toBeGreaterThan(1);
    expect(service(name).restart).toBe('unless-stopped');
  });

  it('opens one door, and only on this machine unless told otherwise', () => {
    const open = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(['gateway']);
    expect(service('gateway').ports?.map((port) => port.host_ip)).toEqual(Array(2).fill('${TRAM_BIND:-127.0.0.1}'));
    expect(compose.networks['inside']?.internal).toBe(true);
    expect(service('postgres').networks).toEqual(['inside']);
    expect(service('redis').networks).toEqual(['inside']);
  });
});

describe('Dockerfile', () => {
  const instructions = readFileSync(join(REPOSITORY, 'Dockerfile'), 'utf8')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
  const indexOf = (pattern: RegExp): number => last.findIndex((line) => pattern.test(line));

  it('uses known instructions and fixed base images only', () => {
    const known = /^(FROM|WORKDIR|COPY|RUN|ENV|USER|EXPOSE|HEALTHCHECK|CMD)\s/;
    expect(instructions.filter((line) => !known.test(line))).toEqual([]);
    const bases = instructions.filter((line) => line.startsWith('FROM ')).map((line) => line.split(/\s+/)[1]);
    expect(new Set(bases)).toEqual(new Set(['node:22-bookworm-slim']));
  });

  it('installs from the lock file and leaves development packages behind', () => {
    expect(instructions).toContain('RUN npm ci');
    expect(instructions.join('\n')).toMatch(/npm prune --omit=dev/);
    expect(last.some((line) => /\bnpm\b/.test(line))).toBe(false);
  });

  it('runs as an ordinary user who does not own the code', () => {
    expect(indexOf(/^USER node$/)).toBeGreaterThan(indexOf(/^COPY .*scripts/));
    expect(indexOf(/^USER node$/)).toBeLessThan(indexOf(/^CMD /));
    expect(last.some((line) => line.includes('--chown'))).toBe(false);
  });

  it('says how its health is seen and which role is the default', () => {
    expect(indexOf(/^HEALTHCHECK .*\/api\/health/)).toBeGreaterThan(0);
    expect(last.at(-1)).toBe('CMD ["node", "scripts/start.mjs", "--role", "api"]');
  });

  it('copies only files that exist or that the build makes', () => {
    const paths = last.flatMap((line) => [...line.matchAll(/\/app\/(\S+)/g)].map(([, path]) => path ?? ''));
    const made = ['dist', 'node_modules'];
    expect(paths.filter((path) => !made.includes(path) && !existsSync(join(REPOSITORY, path)))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['dist', 'node_modules', 'workflows', 'package.json']));
  });

  it('keeps secrets, data and installed packages out of the image', () => {
    const ignored = readFileSync(join(REPOSITORY, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.data', '.env', 'node_modules', 'dist']));
  });
});
