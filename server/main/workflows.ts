// Deploys the process models and decision tables of `workflows/` at the start. The same bytes change nothing; changed
// bytes become the next version, and running instances keep the version they began with.

import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { DeployedProcess, Runtime } from '../runtime/index.ts';
import type { Transactions } from '../shared/transactions.ts';

/** Throws AppError DEFINITION_INVALID with every problem when one model cannot be deployed; then none is. */
export async function deployWorkflows(
  transactions: Transactions,
  runtime: Runtime,
  directory: string,
): Promise<readonly DeployedProcess[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(bpmn|dmn)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files = await Promise.all(
    paths.map(async (path) => ({
      resourceName: relative(directory, path).split(sep).join('/'),
      xml: await readFile(path, 'utf8'),
    })),
  );
  return transactions.run((tx) => runtime.deploy(tx, files));
}
