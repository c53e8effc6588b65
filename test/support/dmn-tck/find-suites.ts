// Finds test files below a folder: every XML file with test cases, together with the decision models of its folder.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { DecisionSource } from '../../../server/engine/decisions/index.ts';
import { readTestCases, type TestCases } from './read-test-cases.ts';

export interface Suite {
  /** Path of the test file below the folder that was searched. */
  readonly file: string;
  readonly folder: string;
  readonly cases: TestCases;
  readonly models: readonly DecisionSource[];
}

export interface Unreadable {
  readonly file: string;
  readonly reason: string;
}

export function findSuites(root: string): {
  readonly suites: readonly Suite[];
  readonly unreadable: readonly Unreadable[];
} {
  const suites: Suite[] = [];
  const unreadable: Unreadable[] = [];
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.xml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const path of files) {
    const file = relative(root, path);
    try {
      const cases = readTestCases(readFileSync(path, 'utf8'));
      if (cases !== null) suites.push({ file, folder: dirname(file), cases, models: readModels(dirname(path)) });
    } catch (error) {
      // Counted as a failure by the caller: a test that cannot be read must not look like one that passed.
      unreadable.push({ file, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { suites, unreadable };
}

const readModels = (folder: string): readonly DecisionSource[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.dmn'))
    .sort()
    .map((name) => ({ resourceName: name, xml: readFileSync(join(folder, name), 'utf8') }));
