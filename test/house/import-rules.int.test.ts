// Proves that every rule in .dependency-cruiser.cjs fires. A clean skeleton of the repository passes; for each rule
// one file with a forbidden import is planted and must be reported under that rule's name.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantSkeleton, type Skeleton, type SkeletonFiles } from './skeleton.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const CONFIG = join(REPOSITORY, '.dependency-cruiser.cjs');
const CRUISER = join(REPOSITORY, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

const PACKAGES = [
  'pg',
  'knex',
  'bullmq',
  'ioredis',
  'fastify',
  'fastify-plugin',
  '@fastify/cookie',
  'typebox',
  'feelin',
  'lezer-feel',
  'decimal.js',
  're2js',
  'bpmn-moddle',
  'bpmnlint',
  'bpmn-js-differ',
  'zeebe-bpmn-moddle',
  'vue',
  'vue-router',
  'vue-i18n',
  'naive-ui',
  'bpmn-js',
  'diagram-js',
  'pdfjs-dist',
  'node-forge',
  '@cantoo/pdf-lib',
  'fontkit',
  'fflate',
  'fast-xml-parser',
  '@node-rs/argon2',
  'pino',
  'pkijs',
  'prom-client',
  'asn1js',
  'pkcs11js',
  '@libpdf/core',
  'left-pad',
];

/** Every allowed kind of arrow, so that a rule that is too strict fails here and not in somebody's branch. */
const CLEAN: SkeletonFiles = {
  'server/shared/result.ts': `import assert from 'node:assert/strict'; export const ok = () => assert(true);`,
  'server/engine/index.ts': `export * from './elements/user-task.ts';`,
  'server/engine/elements/user-task.ts': `import 'bpmn-moddle'; import '../../shared/result.ts'; export const task = 1;`,
  'server/engine/expressions/feel/index.ts': `import 'lezer-feel'; import '../../../shared/result.ts'; export const feel = 1;`,
  'server/authoring/index.ts': `import 'bpmnlint'; import 'bpmn-js-differ'; import '../engine/index.ts'; import '../shared/result.ts'; export const words = 1;`,
  'server/runtime/ports.ts': `import type { ok } from '../shared/result.ts'; export type Port = typeof ok;`,
  'server/runtime/index.ts': `import '../engine/index.ts'; export const run = 1;`,
  'server/modules/audit/index.ts': `import '../../shared/result.ts'; export const record = 1;`,
  'server/modules/audit/store.ts': `export const rows = 1;`,
  'server/modules/documents/ports.ts': `export interface ContentStore { readonly size: number }`,
  'server/modules/documents/index.ts': `import '../audit/index.ts'; import './ports.ts'; export const draft = 1;`,
  'server/modules/reports/index.ts': `import '../documents/index.ts'; export const count = 1;`,
  'server/flow/index.ts': `import '../runtime/index.ts'; import '../modules/documents/index.ts'; export const flow = 1;`,
  'server/api/contract/index.ts': `import 'typebox'; export interface TaskView { readonly id: string }`,
  'server/api/app.ts': `import 'fastify'; import '@fastify/cookie'; import './contract/index.ts'; import '../flow/index.ts'; import '../runtime/index.ts'; import '../modules/audit/index.ts'; import 'node:crypto';`,
  'server/workers/job-worker.ts': `import '../flow/index.ts'; import '../runtime/index.ts';`,
  'server/adapters/postgres/pool.ts': `import 'pg'; import 'knex'; import '../../../migrations/index.ts'; import '../../modules/documents/ports.ts';`,
  'server/adapters/metrics/metrics.ts': `import 'prom-client';`,
  'server/adapters/queue/carrier.ts': `import 'bullmq'; import 'ioredis'; import '../../runtime/ports.ts'; import 'node:timers';`,
  'server/adapters/signing/signer.ts': `import 'node-forge'; import '../../shared/result.ts';`,
  'server/main/wiring.ts': `import '../adapters/postgres/pool.ts'; import '../api/app.ts'; import '../workers/job-worker.ts'; import 'pg'; import 'fastify';`,
  'migrations/index.ts': `import type {} from 'knex'; export const migrations = [];`,
  'scripts/launch.mjs': `await import('../dist/server/main/start.js');`,
  'scripts/start.ts': `import '../server/main/wiring.ts';`,
  'designer/src/main.ts': `import 'vue'; import type { TaskView } from '../../server/api/contract/index.ts'; export type T = TaskView;`,
  'designer/src/components/Badge.vue': `<script setup lang="ts">import { ref } from 'vue'; ref(1);</script><template><b /></template>`,
  'designer/src/areas/inbox/Inbox.vue': `<script setup lang="ts">import '../../components/Badge.vue';</script><template><b /></template>`,
  'designer/src/areas/modeler/worker.ts': `import { words } from '../../../../server/authoring/index.ts'; export const w = words;`,
  'designer/src/areas/documents/page.ts': `import '../../main.ts';`,
  'test/support/clock.ts': `export const clock = 1;`,
  'test/engine/task.ts': `import '../support/clock.ts'; import '../../server/engine/index.ts';`,
  'test/flow/journey.ts': `import '../../server/main/wiring.ts'; import 'pg'; import 'bullmq';`,
  'test/designer/badge.ts': `import 'vue'; import '../../designer/src/components/Badge.vue';`,
  'bench/commands.ts': `import '../test/support/clock.ts'; import 'pg';`,
};

interface Planted {
  readonly rule: string;
  readonly file: string;
  readonly code: string;
}

const plant = (rule: string, file: string, code: string): Planted => ({ rule, file, code });

const PLANTED: readonly Planted[] = [
  plant('layer: server/shared', 'server/shared/grown-arm.ts', `import '../runtime/ports.ts';`),
  plant(
    'layer: server/engine',
    'server/engine/elements/peeks.ts',
    `import type { Port } from '../../runtime/ports.ts'; export type P = Port;`,
  ),
  plant('layer: server/engine/expressions/feel', 'server/engine/expressions/feel/peeks.ts', `import '../../index.ts';`),
  plant('layer: server/authoring', 'server/authoring/knows.ts', `import '../modules/documents/index.ts';`),
  plant('layer: server/runtime', 'server/runtime/knows-documents.ts', `import '../modules/documents/index.ts';`),
  plant('layer: server/runtime', 'server/runtime/deep-engine.ts', `import '../engine/elements/user-task.ts';`),
  plant('layer: server/flow', 'server/flow/2-deep.ts', `import '../modules/audit/store.ts';`),
  plant('layer: server/api/contract', 'server/api/contract/leaks.ts', `import '../../shared/result.ts';`),
  plant('layer: server/api', 'server/api/routes/reads-rows.ts', `import '../../modules/audit/store.ts';`),
  plant('layer: server/workers', 'server/workers/uses-adapter.ts', `import '../adapters/queue/carrier.ts';`),
  plant('layer: server/adapters', 'server/adapters/signing/decides.ts', `import '../../modules/documents/index.ts';`),
  plant(
    'layer: server/adapters/postgres',
    'server/adapters/postgres/decides.ts',
    `import '../../modules/documents/index.ts';`,
  ),
  plant('layer: server/cli', 'server/cli/uses-module.ts', `import '../modules/documents/index.ts';`),
  plant('layer: server/main', 'server/main/uses-scripts.ts', `import '../../scripts/start.ts';`),
  plant('layer: migrations', 'migrations/0002-uses-code.ts', `import '../server/shared/result.ts';`),
  plant(
    'layer: designer/src',
    'designer/src/reads-server.ts',
    `import type { ok } from '../../server/shared/result.ts'; export type O = typeof ok;`,
  ),
  plant(
    'layer: designer/src',
    'designer/src/components/ReadsServer.vue',
    `<script setup lang="ts">import type { ok } from '../../../server/shared/result.ts'; defineProps<{ a: typeof ok }>();</script><template><b /></template>`,
  ),
  plant('layer: test/engine', 'test/engine/uses-runtime.ts', `import '../../server/runtime/index.ts';`),
  plant('layer: server/modules/audit', 'server/modules/audit/looks-ahead.ts', `import '../documents/index.ts';`),
  plant('layer: server/modules/agencies', 'server/modules/agencies/looks-ahead.ts', `import '../documents/index.ts';`),
  plant('layer: server/modules/pilot', 'server/modules/pilot/runs-process.ts', `import '../../runtime/index.ts';`),
  plant('layer: server/modules/documents', 'server/modules/documents/deep-audit.ts', `import '../audit/store.ts';`),
  plant('layer: server/modules/registers', 'server/modules/registers/looks-ahead.ts', `import '../reports/index.ts';`),
  plant(
    'layer: server/modules/signing',
    'server/modules/signing/uses-adapter.ts',
    `import '../../adapters/signing/signer.ts';`,
  ),
  plant(
    'layer: server/modules/validation',
    'server/modules/validation/looks-ahead.ts',
    `import '../reports/index.ts';`,
  ),
  plant('layer: server/modules/exchange', 'server/modules/exchange/uses-flow.ts', `import '../../flow/index.ts';`),
  plant(
    'layer: server/modules/archive',
    'server/modules/archive/looks-ahead.ts',
    `import type { count } from '../reports/index.ts'; export type C = typeof count;`,
  ),
  plant('layer: server/modules/reports', 'server/modules/reports/deep-audit.ts', `import '../audit/store.ts';`),

  plant('npm: server/shared', 'server/shared/uses-package.ts', `import 'left-pad';`),
  plant('npm: server/engine', 'server/engine/uses-package.ts', `import 'left-pad';`),
  plant('npm: server/engine/expressions/feel', 'server/engine/expressions/feel/uses-package.ts', `import 'left-pad';`),
  plant('npm: server/cli', 'server/cli/uses-package.ts', `import 'left-pad';`),
  plant('npm: server/authoring', 'server/authoring/uses-package.ts', `import 'left-pad';`),
  plant('npm: server/runtime', 'server/runtime/uses-package.ts', `import 'left-pad';`),
  plant('npm: server/flow', 'server/flow/uses-package.ts', `import 'left-pad';`),
  plant('npm: server/api/contract', 'server/api/contract/uses-package.ts', `import 'left-pad';`),
  plant('npm: server/workers', 'server/workers/uses-package.ts', `import 'left-pad';`),
  plant('npm: migrations', 'migrations/0003-uses-package.ts', `import 'left-pad';`),
  ...[
    'audit',
    'agencies',
    'pilot',
    'documents',
    'registers',
    'signing',
    'validation',
    'exchange',
    'archive',
    'reports',
  ].map((name) => plant(`npm: server/modules/${name}`, `server/modules/${name}/uses-package.ts`, `import 'left-pad';`)),

  plant('home of prom-client', 'server/runtime/counting.ts', `import 'prom-client';`),
  plant('home of pg, knex', 'server/modules/registers/raw-sql.ts', `import 'pg';`),
  plant('home of pg, knex', 'server/adapters/queue/raw-sql.ts', `import 'knex';`),
  plant('home of bullmq, ioredis', 'server/workers/raw-queue.ts', `import 'bullmq';`),
  plant('home of fastify, fastify-plugin, @fastify', 'server/workers/serves.ts', `import '@fastify/cookie';`),
  plant('home of typebox', 'server/modules/documents/schema.ts', `import 'typebox';`),
  plant('home of bpmn-moddle, zeebe-bpmn-moddle', 'server/flow/reads-models.ts', `import 'bpmn-moddle';`),
  plant('home of bpmnlint, bpmn-js-differ', 'server/engine/lints.ts', `import 'bpmnlint';`),
  plant('home of feelin', 'server/engine/elements/evaluates.ts', `import 'feelin';`),
  plant('home of lezer-feel, decimal.js, re2js', 'server/flow/computes.ts', `import 'decimal.js';`),
  plant(
    'home of vue, vue-router, vue-i18n, naive-ui, bpmn-js, diagram-js, pdfjs-dist',
    'test/flow/mounts.ts',
    `import 'vue';`,
  ),
  plant(
    'home of node-forge, @cantoo/pdf-lib, fontkit, fflate, fast-xml-parser, @node-rs/argon2',
    'server/modules/signing/raw-pdf.ts',
    `import '@cantoo/pdf-lib';`,
  ),

  plant('home of pkijs, asn1js', 'server/modules/signing/raw-chain.ts', `import 'pkijs';`),
  plant('home of pkcs11js', 'server/modules/signing/raw-token.ts', `import 'pkcs11js';`),
  plant('home of @libpdf/core', 'server/adapters/pdf/other-signer.ts', `import '@libpdf/core';`),

  plant('a folder without a row may import nothing', 'server/services/helper.ts', `import '../shared/result.ts';`),
  plant(
    'a folder without a row may import nothing',
    'server/modules/plugins/index.ts',
    `import '../../shared/result.ts';`,
  ),
  plant('no Node I/O below the adapters', 'server/modules/documents/reads-file.ts', `import 'node:fs';`),
  plant('no Node I/O below the adapters', 'server/engine/random.ts', `import 'node:crypto';`),
  plant('no Node I/O below the adapters', 'server/runtime/waits.ts', `import 'node:timers/promises';`),
  plant('designer areas are islands', 'designer/src/areas/inbox/bridge.ts', `import '../documents/page.ts';`),
  plant(
    'designer takes only types of the contract',
    'designer/src/takes-values.ts',
    `import '../../server/api/contract/index.ts';`,
  ),
  plant('nobody imports test', 'server/main/fake-clock.ts', `import '../../test/support/clock.ts';`),
  plant('nobody imports main', 'server/api/rewires.ts', `import '../main/wiring.ts';`),
  plant('no unresolvable imports', 'server/flow/missing.ts', `import './nowhere.ts';`),
  plant('no cycles', 'server/flow/chicken.ts', `import './egg.ts';`),
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

const runFile = promisify(execFile);

async function cruise(root: string): Promise<readonly Violation[]> {
  const folders = ['server', 'designer', 'test', 'bench', 'scripts', 'migrations'];
  const args = [CRUISER, '--config', CONFIG, '--output-type', 'json', ...folders];
  const { stdout } = await runFile(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  // The shape of the cruiser's own report; a wrong shape fails in the assertions below.
  const report = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return report.summary.violations;
}

describe('import rules', () => {
  let planted: Skeleton;
  let violations: readonly Violation[];

  beforeAll(async () => {
    const files = Object.fromEntries(PLANTED.map(({ file, code }) => [file, code]));
    planted = plantSkeleton({ ...CLEAN, ...files, 'server/flow/egg.ts': `import './chicken.ts';` }, PACKAGES);
    violations = await cruise(planted.root);
  });

  afterAll(() => planted.remove());

  it('a clean repository passes', async () => {
    const clean = plantSkeleton(CLEAN, PACKAGES);
    try {
      expect(await cruise(clean.root)).toEqual([]);
    } finally {
      clean.remove();
    }
  });

  it.each(PLANTED)('“$rule” reports $file', ({ rule, file }) => {
    const reported = violations.filter((violation) => violation.from === file).map((violation) => violation.rule.name);
    expect(reported).toContain(rule);
  });

  it('every rule has a planted violation', () => {
    // The file is CommonJS and untyped; only the names are read.
    const config = createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string; comment: string }[] };
    const names = config.forbidden.map((rule) => rule.name);
    expect(new Set(PLANTED.map(({ rule }) => rule))).toEqual(new Set(names));
  });

  it('every rule tells the reader what to do', () => {
    const config = createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string; comment: string }[] };
    expect(config.forbidden.filter((rule) => !/[.]$/.test(rule.comment)).map((rule) => rule.name)).toEqual([]);
  });
});
