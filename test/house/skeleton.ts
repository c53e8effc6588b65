// A throw-away copy of the repository's shape in the system's temporary folder, for tests that plant violations of
// house rules. Nothing is written into the checkout, so a killed test leaves no trap for the next one.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Path inside the skeleton → content. */
export type SkeletonFiles = Readonly<Record<string, string>>;

export interface Skeleton {
  readonly root: string;
  remove(): void;
}

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    lib: ['ES2023'],
    types: [],
    strict: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  },
  include: ['**/*.ts', '**/*.vue'],
};

export function plantSkeleton(files: SkeletonFiles, packages: readonly string[] = []): Skeleton {
  const root = mkdtempSync(join(tmpdir(), 'tram-house-'));
  const write = (path: string, content: string): void => {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  };
  write('tsconfig.json', JSON.stringify(TSCONFIG));
  write('package.json', JSON.stringify({ name: 'skeleton', version: '0.0.0', type: 'module' }));
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
  }
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
