// Proves that the rules of eslint.config.js fire where they should and stay quiet where they should not. Each case is
// one file in a temporary skeleton; the neighbour with the same code in an allowed place is the control.

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ESLint, type Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantSkeleton, type Skeleton } from './skeleton.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const HEAD = '// A planted file of the house tests.\n';
const QUERY = `declare const tx: { query(sql: string): Promise<unknown> };\nexport const load = (): Promise<unknown> => tx.query('select 1');\n`;
const NOW = `export const today = (): Date => new Date();\n`;
const LONG_FUNCTION = `export const long = (): number => {\n  let sum = 0;\n${'  sum += 1;\n'.repeat(75)}  return sum;\n};\n`;

interface Case {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  /** Null when nothing may be reported. */
  readonly rule: string | null;
}

const CASES: readonly Case[] = [
  {
    title: 'a forgotten promise is reported',
    file: 'server/workers/forgets.ts',
    code: `declare const send: () => Promise<void>;\nexport function run(): void {\n  send();\n}\n`,
    rule: '@typescript-eslint/no-floating-promises',
  },
  {
    title: 'a switch that misses a case is reported',
    file: 'server/modules/documents/misses.ts',
    code: `export function label(status: 'draft' | 'signed'): string {\n  switch (status) {\n    case 'draft':\n      return 'a';\n  }\n  return 'b';\n}\n`,
    rule: '@typescript-eslint/switch-exhaustiveness-check',
  },
  {
    title: 'a type imported as a value is reported',
    file: 'server/workers/imports.ts',
    code: `import { Shape } from './shape.ts';\nexport const of = (shape: Shape): Shape => shape;\n`,
    rule: '@typescript-eslint/consistent-type-imports',
  },
  {
    title: 'any is reported',
    file: 'server/api/loose.ts',
    code: `export const loose = (value: any): unknown => value;\n`,
    rule: '@typescript-eslint/no-explicit-any',
  },
  {
    title: 'a non-null assertion is reported',
    file: 'server/api/hopes.ts',
    code: `export const first = (list: string[]): string => list[0]!;\n`,
    rule: '@typescript-eslint/no-non-null-assertion',
  },
  {
    title: 'a function of more than 70 lines is reported',
    file: 'server/api/long.ts',
    code: LONG_FUNCTION,
    rule: 'max-lines-per-function',
  },
  {
    title: 'a file of more than 500 lines is reported',
    file: 'server/api/endless.ts',
    code: 'export const list = [\n' + '  1,\n'.repeat(505) + '];\n',
    rule: 'max-lines',
  },
  {
    title: 'a fifth parameter is reported',
    file: 'server/api/wide.ts',
    code: `export const sum = (a: number, b: number, c: number, d: number, e: number): number => a + b + c + d + e;\n`,
    rule: 'max-params',
  },
  {
    title: 'an empty catch is reported even when a comment fills it',
    file: 'server/api/swallows.ts',
    code: `export function run(work: () => void): void {\n  try {\n    work();\n  } catch {\n    // never mind\n  }\n}\n`,
    rule: 'no-restricted-syntax',
  },
  { title: 'SQL in a route is reported', file: 'server/api/rows.ts', code: QUERY, rule: 'no-restricted-syntax' },
  {
    title: 'SQL in commands is reported',
    file: 'server/modules/documents/commands.ts',
    code: QUERY,
    rule: 'no-restricted-syntax',
  },
  { title: 'SQL in store.ts is allowed', file: 'server/modules/documents/store.ts', code: QUERY, rule: null },
  { title: 'SQL in a store folder is allowed', file: 'server/runtime/store/jobs.ts', code: QUERY, rule: null },
  {
    title: 'SQL in the database adapter is allowed',
    file: 'server/adapters/postgres/pool.ts',
    code: QUERY,
    rule: null,
  },
  {
    title: 'the system time in a module is reported',
    file: 'server/modules/pilot/queries.ts',
    code: NOW,
    rule: 'no-restricted-syntax',
  },
  {
    title: 'the system time in a store is reported',
    file: 'server/modules/pilot/store.ts',
    code: NOW,
    rule: 'no-restricted-syntax',
  },
  { title: 'the system time in an adapter is allowed', file: 'server/adapters/clock/system.ts', code: NOW, rule: null },
  {
    title: 'waiting in the engine is reported',
    file: 'server/engine/waits.ts',
    code: `export async function wait(work: Promise<void>): Promise<void> {\n  await work;\n}\n`,
    rule: 'no-restricted-syntax',
  },
  {
    title: 'chance in rules is reported',
    file: 'server/modules/registers/rules.ts',
    code: `export const pick = (): number => Math.random();\n`,
    rule: 'no-restricted-syntax',
  },
  {
    title: 'a side effect in the engine is reported',
    file: 'server/engine/speaks.ts',
    code: `export const speak = (): number => performance.now();\n`,
    rule: 'no-restricted-globals',
  },
  {
    title: 'reading the environment outside main is reported',
    file: 'server/api/settings.ts',
    code: `declare const process: { env: Record<string, string> };\nexport const port = process.env['PORT'];\n`,
    rule: 'no-restricted-syntax',
  },
  {
    title: 'a bare promise to do it later is reported',
    file: 'server/api/later.ts',
    code: `// TODO: write this\nexport const later = 1;\n`,
    rule: 'house/todo-has-issue',
  },
  {
    title: 'a promise with an issue number is allowed',
    file: 'server/api/later-with-issue.ts',
    code: `// TODO(#12): write this\nexport const later = 1;\n`,
    rule: null,
  },
  {
    title: 'a note to fix it is reported',
    file: 'server/api/broken.ts',
    code: `// FIXME\nexport const b = 1;\n`,
    rule: 'no-warning-comments',
  },
  {
    title: 'commented-out code is reported',
    file: 'server/api/remains.ts',
    code: `// const old = compute(1, 2);\nexport const remains = 1;\n`,
    rule: 'house/no-commented-out-code',
  },
  {
    title: 'a sentence about code is no commented-out code',
    file: 'server/api/explains.ts',
    code: `// Return early, for example when the list is empty; const would not do here.\nexport const explains = 1;\n`,
    rule: null,
  },
  {
    title: 'talking to the server from a component is reported',
    file: 'designer/src/areas/inbox/load.ts',
    code: `export const load = (): Promise<Response> => fetch('/api/tasks');\n`,
    rule: 'no-restricted-globals',
  },
  {
    title: 'talking to the server from designer/src/api is allowed',
    file: 'designer/src/api/tasks.ts',
    code: `export const load = (): Promise<Response> => fetch('/api/tasks');\n`,
    rule: null,
  },
  {
    title: 'a bare Vietnamese text in a template is reported',
    file: 'designer/src/components/Bare.vue',
    code: `<script setup lang="ts">\nconst a = 1;\n</script>\n\n<template>\n  <b :data-a="a">Hoàn thành</b>\n</template>\n`,
    rule: 'vue/no-bare-strings-in-template',
  },
  {
    title: 'raw HTML in a template is reported',
    file: 'designer/src/components/Raw.vue',
    code: `<script setup lang="ts">\nconst a = '<i>';\n</script>\n\n<template>\n  <b v-html="a" />\n</template>\n`,
    rule: 'vue/no-v-html',
  },
];

/** The rules of the repository, with the skeleton as the place of the TypeScript projects. */
async function loadConfigFor(root: string): Promise<Linter.Config[]> {
  const url = pathToFileURL(join(REPOSITORY, 'eslint.config.js')).href;
  // A JavaScript module without types; ESLint itself refuses a wrong shape.
  const { default: blocks } = (await import(url)) as { default: Linter.Config[] };
  return blocks.map((block) => {
    // ESLint leaves the options of a parser untyped; only the presence of one key is read.
    const parserOptions = block.languageOptions?.['parserOptions'] as Record<string, unknown> | undefined;
    if (parserOptions?.['tsconfigRootDir'] === undefined) return block;
    return {
      ...block,
      languageOptions: { ...block.languageOptions, parserOptions: { ...parserOptions, tsconfigRootDir: root } },
    };
  });
}

describe('lint rules', () => {
  let skeleton: Skeleton;
  /** Path → rules that were reported there. */
  const reported = new Map<string, string[]>();

  beforeAll(async () => {
    const files = CASES.map(({ file, code }) => [file, file.endsWith('.ts') ? HEAD + code : code] as const);
    const shape = ['server/workers/shape.ts', `${HEAD}export interface Shape {\n  readonly a: number;\n}\n`] as const;
    const designer = ['designer/tsconfig.json', JSON.stringify({ extends: '../tsconfig.json', include: ['src/**/*'] })];
    skeleton = plantSkeleton(Object.fromEntries([...files, shape, designer]));
    const eslint = new ESLint({
      cwd: skeleton.root,
      overrideConfigFile: true,
      overrideConfig: await loadConfigFor(skeleton.root),
    });
    for (const result of await eslint.lintFiles(['server', 'designer'])) {
      const path = result.filePath.slice(skeleton.root.length + 1);
      reported.set(
        path,
        result.messages.map((message) => message.ruleId ?? message.message),
      );
    }
  });

  afterAll(() => skeleton.remove());

  it.each(CASES)('$title', ({ file, rule }) => {
    expect([...new Set(reported.get(file))]).toEqual(rule === null ? [] : [rule]);
  });
});
