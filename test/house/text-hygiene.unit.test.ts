// What must hold for every text of the repository, whoever wrote it: nothing from one developer's machine, Vietnamese
// in one Unicode form (so that search and comparison work), links that lead somewhere, and a first line that teaches.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const NOT_OURS = new Set(['node_modules', 'dist', '.data', '.git', 'coverage']);
const TEXT = new Set(
  '.ts .mts .mjs .cjs .js .vue .json .md .yml .yaml .sh .bpmn .xml .css .html .sql .svg .txt'.split(' '),
);
const TEXT_NAMES = new Set(['Dockerfile', 'Caddyfile', 'LICENSE', 'run', '.npmrc', '.nvmrc', '.editorconfig']);

/** Paths inside the repository, with `/`. */
function listFiles(folder = ''): string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) || entry.name.startsWith('.dist-') ? [] : listFiles(path);
    return entry.isFile() ? [path] : [];
  });
}

const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const FILES = listFiles();
const TEXTS = FILES.filter((path) => {
  const name = path.split('/').at(-1) ?? '';
  return TEXT.has(extname(name)) || TEXT_NAMES.has(name);
});

/** `path:line: text` of every line that matches. */
const findLines = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );

describe('texts', () => {
  const ownPatterns = 'test/house/text-hygiene.unit.test.ts';
  const checked = TEXTS.filter((path) => path !== ownPatterns && path !== 'package-lock.json');

  it('name no path of a developer machine', () => {
    expect(findLines(checked, /(?<![\w.~$}-])\/(home|Users|root|work|workspace|mnt)\/\w|\b[A-Z]:\\Users\\/)).toEqual(
      [],
    );
  });

  it('name no package registry', () => {
    expect(findLines(checked, /\bregistry\.[a-z0-9-]+\.[a-z]+|\b(artifactory|verdaccio|npmmirror)\b/i)).toEqual([]);
  });

  it('are in Unicode form NFC', () => {
    expect(TEXTS.filter((path) => read(path) !== read(path).normalize('NFC'))).toEqual([]);
  });

  it('end their lines with LF and carry no byte order mark', () => {
    expect(TEXTS.filter((path) => /\r|^\uFEFF/.test(read(path)))).toEqual([]);
  });

  it('carry no mark of an unfinished merge', () => {
    expect(findLines(TEXTS, /^(<{7}|>{7}|={7})(\s|$)/)).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('does not say where packages were downloaded, so that any registry can serve them', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
});

describe('licence', () => {
  it('is the Apache License 2.0 in full, as package.json says', () => {
    expect(read('LICENSE')).toMatch(/^\s*Apache License\s+Version 2\.0, January 2004/);
    expect(read('LICENSE')).toContain('END OF TERMS AND CONDITIONS');
    expect(JSON.parse(read('package.json'))).toMatchObject({ license: 'Apache-2.0' });
  });
});

describe('Markdown pages', () => {
  const pages = FILES.filter((path) => path.endsWith('.md'));
  const withoutCode = (text: string): string => text.replaceAll(/```[\s\S]*?```|`[^`\n]*`|<!--[\s\S]*?-->/g, '');

  it('link only to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
        .map(([, target]) => target ?? '')
        .filter((target) => !/^([a-z]+:|#)/.test(target))
        .filter((target) => !existsSync(join(REPOSITORY, dirname(page), decodeURI(target.replace(/#.*$/, '')))))
        .map((target) => `${page} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('begin with a title', () => {
    expect(pages.filter((page) => !/^(<!--[\s\S]*?-->\s*)?# \S/.test(read(page)))).toEqual([]);
  });
});

describe('source files', () => {
  it('begin with a comment that says what they own', () => {
    const sources = FILES.filter((path) => /^(server|migrations|test|bench)\/.*\.ts$/.test(path));
    expect(sources.filter((path) => !/^(\/\/|\/\*)/.test(read(path)))).toEqual([]);
  });

  it('are named in kebab-case, components in PascalCase', () => {
    const sources = FILES.filter((path) => /^(server|test|bench|scripts)\//.test(path) && /\.(ts|mjs)$/.test(path));
    const misnamed = sources.filter((path) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(path.split('/').at(-1) ?? ''));
    const components = FILES.filter((path) => path.endsWith('.vue'));
    expect([...misnamed, ...components.filter((path) => !/\/[A-Z][A-Za-z0-9]*\.vue$/.test(path))]).toEqual([]);
  });
});
