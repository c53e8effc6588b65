// A deployment: files of several kinds, all of them or none. What a file is, its name says. The same file again is no
// new version: the keys that it got first come back.

import { AppError } from '../../shared/app-error.ts';
import type { Key } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { DecisionCatalog, DeployedDecisions } from '../decisions.ts';
import type { DeployedProcess, ProcessSource } from '../definitions.ts';
import {
  type Deployed,
  findSameForm,
  findSameResource,
  type FormRow,
  insertForm,
  insertResource,
  lockResourceId,
  type ResourceRow,
  retireResource,
} from '../store/resources.ts';
import type { CommandDeps } from './caller.ts';

export interface ResourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Deployment {
  readonly key: Key;
  readonly decisions: readonly DeployedDecisions[];
  readonly processes: readonly DeployedProcess[];
  readonly forms: readonly FormRow[];
  readonly resources: readonly ResourceRow[];
}

type FileKind = 'process' | 'decision' | 'form' | 'resource';
const kindOf = (name: string): FileKind => KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'resource';
const KINDS: readonly (readonly [RegExp, FileKind])[] = [
  [/\.(bpmn|bpmn20\.xml)$/i, 'process'],
  [/\.dmn$/i, 'decision'],
  [/\.form$/i, 'form'],
];

export async function deployFiles(
  tx: Tx,
  deps: CommandDeps & { readonly decisions: DecisionCatalog },
  files: readonly ResourceFile[],
): Promise<Deployment> {
  const names = new Set<string>();
  for (const { name } of files) {
    if (names.has(name)) throw refused(name, 'Expected each resource of a deployment to have a name of its own');
    names.add(name);
  }
  await deps.keys.reserve(1 + files.length);
  const deployed: Deployed = { deploymentKey: deps.keys.next(), at: deps.clock.now() };
  const forms: FormRow[] = [];
  const resources: ResourceRow[] = [];
  const sourcesOf = (kind: FileKind): ProcessSource[] =>
    files.filter(({ name }) => kindOf(name) === kind).map((file) => ({ resourceName: file.name, xml: textOf(file) }));
  const decisions = await deps.decisions.deploy(tx, sourcesOf('decision'), deployed.deploymentKey);
  const processes = await deps.definitions.deploy(tx, sourcesOf('process'), deployed.deploymentKey);
  for (const file of files) {
    if (kindOf(file.name) === 'form') forms.push(await deployForm(tx, deps, file, deployed));
    if (kindOf(file.name) === 'resource') resources.push(await deployResource(tx, deps, file, deployed));
  }
  return { key: deployed.deploymentKey, processes, decisions, forms, resources };
}

async function deployForm(tx: Tx, deps: CommandDeps, file: ResourceFile, deployed: Deployed): Promise<FormRow> {
  const schema = textOf(file);
  const { formId, versionTag } = readForm(file.name, schema);
  await lockResourceId(tx, 'form', formId);
  const form = { formId, resourceName: file.name, schema };
  const same = await findSameForm(tx, form);
  return same ?? insertForm(tx, { ...form, key: deps.keys.next(), versionTag }, deployed);
}

function readForm(name: string, text: string): { readonly formId: string; readonly versionTag: string | null } {
  let form: unknown;
  try {
    form = JSON.parse(text);
  } catch (cause) {
    throw refused(name, 'Expected a form in JSON', cause);
  }
  const { id, versionTag } = (typeof form === 'object' && form !== null ? form : {}) as Record<string, unknown>; // an object
  if (typeof id !== 'string' || id.trim() === '')
    throw refused(name, 'Expected the form id to be present, but it is not');
  return { formId: id, versionTag: typeof versionTag === 'string' ? versionTag : null };
}

async function deployResource(tx: Tx, deps: CommandDeps, file: ResourceFile, deployed: Deployed): Promise<ResourceRow> {
  const resource = { resourceId: file.name, resourceName: file.name, content: file.bytes };
  await lockResourceId(tx, 'resource', resource.resourceId);
  const same = await findSameResource(tx, resource);
  return same ?? insertResource(tx, { ...resource, key: deps.keys.next() }, deployed);
}

function textOf({ name, bytes }: ResourceFile): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\u0000')) throw new TypeError('NUL character');
    return text;
  } catch (cause) {
    throw refused(name, 'Expected text in UTF-8', cause);
  }
}

const refused = (resourceName: string, message: string, cause?: unknown): AppError =>
  new AppError('rule', 'DEFINITION_INVALID', `'${resourceName}': ${message}`, { details: { resourceName }, cause });

/** Starts nothing any more; what runs goes on with it. */
export async function deleteResource(tx: Tx, deps: CommandDeps, key: Key): Promise<void> {
  const kind = await retireResource(tx, key, deps.clock.now());
  if (kind === null) {
    const message = `Expected to delete resource with key '${key}', but no such resource was found`;
    throw new AppError('not-found', 'RESOURCE_NOT_FOUND', message);
  }
  if (kind === 'process') await deps.definitions.retired(tx, key);
}
