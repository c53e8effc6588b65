// Rules of the web app's own house that no linter knows: sizes, one home for fetch, types only from the server.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = path.resolve(import.meta.dirname, '../../designer/src');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(vue|ts|css)$/.test(name))
  .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(path.join(SOURCE, name), 'utf8') }));
const namesOf = (wrong: (file: { name: string; text: string }) => boolean): string[] =>
  files.filter(wrong).map(({ name }) => name);

describe('source of the web app', () => {
  it('keeps components under 300 lines', () => {
    expect(namesOf(({ name, text }) => name.endsWith('.vue') && text.split('\n').length > 300)).toEqual([]);
  });

  it('keeps composables under 150 lines', () => {
    expect(namesOf(({ name, text }) => /(^|\/)use[A-Z]\w+\.ts$/.test(name) && text.split('\n').length > 150)).toEqual(
      [],
    );
  });

  it('calls fetch in the API folder only', () => {
    const callsFetch = /(?<![\w.])fetch\(|new XMLHttpRequest|new EventSource|sendBeacon\(/;
    expect(namesOf(({ name, text }) => !name.startsWith('api/') && callsFetch.test(text))).toEqual([]);
  });

  it('names routes of the server in the API folder only', () => {
    expect(namesOf(({ name, text }) => !name.startsWith('api/') && /['"`]\/(api|v2)\//.test(text))).toEqual([]);
  });

  it('takes types only from the contract, in one file', () => {
    expect(namesOf(({ text }) => text.includes('server/api/contract'))).toEqual(['api/contract.ts']);
    const contract = files.find(({ name }) => name === 'api/contract.ts')?.text ?? '';
    expect(contract).toMatch(/import type \{/);
    expect(contract).not.toMatch(/import \{/);
  });

  it('lets no area import another area', () => {
    const wrong = files.flatMap(({ name, text }) => {
      const area = /^areas\/([^/]+)\//.exec(name)?.[1];
      if (area === undefined) return [];
      const imports = [...text.matchAll(/from '([^']+)'/g)].map((match) =>
        path.posix.join(path.posix.dirname(name), match[1] ?? ''),
      );
      return imports
        .filter((target) => target.startsWith('areas/') && !target.startsWith(`areas/${area}/`))
        .map((target) => `${name} → ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('writes colours in the theme file only', () => {
    const color = /#[0-9a-f]{6}\b|#[0-9a-f]{3}\b(?=[;\s])/i;
    const styleOf = ({ name, text }: { name: string; text: string }): string =>
      name.endsWith('.vue')
        ? (/<style[^>]*>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '')
        : name.endsWith('.css')
          ? text
          : '';
    expect(namesOf((file) => color.test(styleOf(file)))).toEqual([]);
  });

  it('begins every file with words about its purpose', () => {
    const hasPurpose = ({ name, text }: { name: string; text: string }): boolean =>
      name.endsWith('.vue') ? /^<script setup[^>]*>\n\/\/ \S/.test(text) : /^(\/\/|\/\*) \S/.test(text);
    expect(namesOf((file) => !hasPurpose(file))).toEqual([]);
  });
});
