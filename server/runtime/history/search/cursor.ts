// Cursors of search pages: opaque base64 of where a row stands in its order. A cursor carries the order that it was
// made for, because a position in one order means nothing in another.

import { refuse } from './filters.ts';

export interface Position {
  readonly order: string;
  /** The row's sort values as PostgreSQL writes them, its keys last. */
  readonly values: readonly string[];
}

export const writeCursor = ({ order, values }: Position): string => encodeBase64(JSON.stringify([order, ...values]));

export function readCursor(cursor: string, order: string, length: number): readonly string[] {
  const parts = parse(cursor);
  if (parts === null || parts.length !== length + 1) throw refuse(`The cursor '${cursor}' is not one of this search`);
  const [madeFor, ...values] = parts;
  if (madeFor !== order) throw refuse('The cursor belongs to a search with another sort');
  return values;
}

function parse(cursor: string): readonly string[] | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(cursor)) return null;
  try {
    const value: unknown = JSON.parse(decodeBase64(cursor));
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : null;
  } catch {
    return null; // not a cursor of ours: the caller is told so
  }
}

const encodeBase64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
const decodeBase64 = (text: string): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
