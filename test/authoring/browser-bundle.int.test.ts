// The authoring package runs in a web worker: its bundle has no Node module in it, and the bundled code really checks a flow.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';

const REPOSITORY = resolve(import.meta.dirname, '../..');
let folder = '';
let bundle = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authoring-'));
  bundle = join(folder, 'authoring.mjs');
  await build({
    root: REPOSITORY,
    configFile: false,
    logLevel: 'silent',
    build: {
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      lib: { entry: join(REPOSITORY, 'server/authoring/index.ts'), formats: ['es'], fileName: () => 'authoring.mjs' },
    },
  });
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the bundle for the browser', () => {
  it('imports nothing, neither of Node nor of npm', () => {
    expect(readFileSync(bundle, 'utf8')).not.toMatch(/^(import|export \*)\b|\b(require|import)\(["'`]node:/m);
  });

  it('checks and describes a flow', async () => {
    const authoring: unknown = await import(pathToFileURL(bundle).href);
    // The bundle has the exports of the source file that it was made of.
    const { checkFlow, describeFlow } = authoring as typeof import('../../server/authoring/index.ts');
    const content = readFileSync(join(REPOSITORY, 'workflows/outgoing-document/outgoing-document.bpmn'), 'utf8');

    const broken = content.replace(' default="Flow_Approved"', '');

    expect((await checkFlow([{ name: 'a.bpmn', content: broken }])).map(({ ruleId }) => ruleId)).toContain(
      'default-branch',
    );
    expect((await describeFlow(content)).ok).toBe(true);
  });
});
