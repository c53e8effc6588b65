// Finds every error code that the server can answer, by reading the syntax trees and not by running anything: codes
// given to `new AppError(kind, code, …)` and codes declared in tables of an errors.ts. The catalogue tests compare them
// with the texts for people (server/api/error-texts) and with docs/errors.md.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { HTTP_STATUS } from '../../server/api/plugins/error-handler.ts';
import type { ErrorKind } from '../../server/shared/app-error.ts';

export interface FoundCode {
  readonly code: string;
  readonly kind: ErrorKind;
  /** Path inside the repository and line. */
  readonly place: string;
}

const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

const isKind = (text: string): text is ErrorKind => Object.hasOwn(HTTP_STATUS, text);
const textOf = (node: ts.Node | undefined): string | null =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;

/** `new AppError('rule', 'DOCUMENT_STATE', …)` */
function fromConstruction(node: ts.Node): [code: string | null, kind: string | null] | null {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'AppError') return null;
  const [kind, code] = node.arguments ?? [];
  return [textOf(code), textOf(kind)];
}

/** `DOCUMENT_STATE: 'rejection'` in a table of an errors.ts. */
function fromTableRow(node: ts.Node): [code: string | null, kind: string | null] | null {
  return ts.isPropertyAssignment(node) ? [node.name.getText(), textOf(node.initializer)] : null;
}

/** `{ code: 'TASK_NOT_OPEN', kind: 'rejection' }` in a list of an errors.ts. */
function fromListEntry(node: ts.Node): [code: string | null, kind: string | null] | null {
  if (!ts.isObjectLiteralExpression(node)) return null;
  const value = (name: string): string | null => {
    const property = node.properties.find((candidate) => candidate.name?.getText() === name);
    return property !== undefined && ts.isPropertyAssignment(property) ? textOf(property.initializer) : null;
  };
  return [value('code'), value('kind')];
}

export function findCodesIn(place: string, text: string): FoundCode[] {
  const source = ts.createSourceFile(place, text, ts.ScriptTarget.ESNext, true);
  const found: FoundCode[] = [];
  const visit = (node: ts.Node): void => {
    const [code, kind] = fromConstruction(node) ?? fromTableRow(node) ?? fromListEntry(node) ?? [null, null];
    if (code !== null && kind !== null && CODE.test(code) && isKind(kind)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ code, kind, place: `${place}:${line}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export function findErrorCodes(repository: string): FoundCode[] {
  return readdirSync(join(repository, 'server'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .flatMap((path) => findCodesIn(`server/${path}`, readFileSync(join(repository, 'server', path), 'utf8')));
}
