// The BagIt-style manifest: one line per file, in the format of `sha256sum`, so that anybody can check a package in
// fifty years without this software. It covers every file except itself.

import { MANIFEST_PATH, type PlacedFile } from './layout.ts';

/** Byte order of ASCII paths: the same on every machine, unlike a locale's order. */
export const byPath = (one: { readonly path: string }, other: { readonly path: string }): number =>
  one.path < other.path ? -1 : one.path > other.path ? 1 : 0;

export const manifestText = (files: readonly PlacedFile[]): string =>
  [...files]
    .filter((file) => file.path !== MANIFEST_PATH)
    .sort(byPath)
    .map((file) => `${file.sha256}  ${file.path}\n`)
    .join('');

/** Path → hash; null when a line has another form or a path occurs twice. */
export function parseManifest(text: string): ReadonlyMap<string, string> | null {
  const hashes = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, sha256, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (sha256 === undefined || path === undefined || hashes.has(path)) return null;
    hashes.set(path, sha256);
  }
  return hashes;
}
