// Documentation that contradicts the code is worse than none: settings, commands and modules that the pages name must
// exist, and those that exist must be named.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpText } from '../../server/main/config.ts';
import { SAMPLE_ACCOUNTS, SAMPLE_PASSWORD } from '../../server/main/seed/accounts.ts';
import { SAMPLE_PIN } from '../../server/modules/signing/index.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const PAGES = ['README.md', 'CONTRIBUTING.md', 'test/README.md', 'server/README.md', 'docs/architecture.md'];

describe('README.md', () => {
  it('explains every flag and every variable that the server reads', () => {
    const settings = new Set(helpText().match(/--[a-z-]{3,}|\b[A-Z]+_?[A-Z_]{3,}\b/g));
    expect([...settings].filter((setting) => !read('README.md').includes(`\`${setting}\``))).toEqual([]);
  });

  it('explains no flag that the server does not know', () => {
    const explained = [...read('README.md').matchAll(/^\| `(--[a-z-]+)`/gm)].map(([, flag]) => flag ?? '');
    expect(explained.length).toBeGreaterThan(3);
    expect(explained.filter((flag) => !helpText().includes(flag))).toEqual([]);
  });
});

describe('sample accounts in README.md', () => {
  it('are among those that the start prints', () => {
    const named = [...read('README.md').matchAll(/^\| `((?:cv|ld|vt)\.[a-z-]+)`/gm)].map(([, username]) => username);
    expect(named.length).toBeGreaterThan(3);
    expect(SAMPLE_ACCOUNTS.map((account) => account.username)).toEqual(expect.arrayContaining(named));
  });

  it('have the password and the PIN of the code', () => {
    expect(read('README.md')).toContain(`\`${SAMPLE_PASSWORD}\``);
    expect(read('README.md')).toContain(`\`${SAMPLE_PIN}\``);
  });
});

describe('documentation pages', () => {
  it('name only commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = PAGES.flatMap((page) =>
      [...read(page).matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? ''),
    );
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('name only files and folders of the server that exist', () => {
    const paths = PAGES.flatMap((page) =>
      [...read(page).matchAll(/(?:server|test|migrations|workflows|designer)\/[\w./-]*\w/g)].map(([path]) => path),
    );
    expect([...new Set(paths)].filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
  });

  it('name every folder of the server in the picture of the layers', () => {
    const folders = readdirSync(join(REPOSITORY, 'server'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(folders.filter((folder) => !read('docs/architecture.md').includes(`\`${folder}`))).toEqual([]);
  });
});

describe('decisions', () => {
  it('are all listed on their first page', () => {
    const pages = readdirSync(join(REPOSITORY, 'docs/decisions')).filter((name) => /^\d{4}-/.test(name));
    expect(pages.filter((name) => !read('docs/decisions/README.md').includes(`(${name})`))).toEqual([]);
  });
});
