// What an analysis carries along and collects: the text, the names that are known, the names that are read, and what is
// wrong. Counts are bounded, because the editor asks after every keystroke.

import type { Unit } from '../compile/unit.ts';
import { normaliseName } from '../compile/unit.ts';
import type { SyntaxNode } from '../compile/parse.ts';
import type { FeelDiagnostic, MessageValues, Span } from '../diagnostics.ts';
import { diagnosticAt } from '../diagnostics.ts';
import { ANY } from '../types.ts';
import type { FeelType } from '../type-model.ts';

/** An error cannot be deployed; after a warning the evaluation goes on with null. */
export interface FeelFinding extends FeelDiagnostic {
  readonly severity: 'error' | 'warning';
  /** The known name that was most likely meant. */
  readonly suggestion: string | null;
}

/** A name that the text takes from its scope, each time it stands there. */
export interface NameRead extends Span {
  readonly name: string;
  /** The members that are read of it: `["address", "city"]` for `person.address.city`. */
  readonly path: readonly string[];
  /** Of the name itself; `Any` when the caller knows none. */
  readonly type: FeelType;
  /** false inside of a filter whose items are not known: the name may be a member of the item. */
  readonly isCertain: boolean;
}

/** A name that the text makes itself, and where it is visible. */
export interface LocalName extends Span {
  readonly name: string;
  readonly type: FeelType;
}

/** Static counterpart of compile/unit.ts `Scope`. */
export type TypedScope =
  | { readonly kind: 'name'; readonly name: string; readonly type: FeelType; readonly parent: TypedScope | null }
  | { readonly kind: 'item'; readonly type: FeelType; readonly parent: TypedScope | null };

export interface Inquiry {
  /** Of the compiler: text, names, dialect, types by name. */
  readonly unit: Unit;
  /** Whether `names` are all that exist. */
  readonly isClosed: boolean;
  readonly reads: NameRead[];
  readonly locals: LocalName[];
  readonly findings: FeelFinding[];
  readonly infer: (node: SyntaxNode | undefined, scope: TypedScope | null) => FeelType;
}

const MAX_FINDINGS = 100;

export interface Message {
  readonly code: string;
  readonly values?: MessageValues;
  readonly suggestion?: string | null;
}

export function report({ unit, findings }: Inquiry, span: Span, message: Message): FeelType {
  if (findings.length < MAX_FINDINGS) {
    const suggestion = message.suggestion ?? null;
    const values = suggestion === null ? (message.values ?? {}) : { ...message.values, suggestion };
    const hint = suggestion === null ? null : 'FEEL_HINT_NAME';
    const place = diagnosticAt(unit.text, span, { code: message.code, values, hint });
    findings.push({ ...place, severity: 'warning', suggestion });
  }
  return ANY;
}

/** At most this many unknown names are compared with the known ones. */
export const canSuggest = ({ findings }: Inquiry): boolean => findings.length < 20;

export type Found =
  { readonly type: FeelType; readonly isLocal: true } | { readonly isLocal: false; isCertain: boolean };

/** As compile/names.ts looks a name up: locals, members of filtered items, then the scope. */
export function findLocal(scope: TypedScope | null, name: string): Found {
  const key = normaliseName(name);
  let isCertain = true;
  for (let at = scope; at !== null; at = at.parent) {
    if (at.kind === 'name') {
      if (normaliseName(at.name) === key) return { type: isCertain ? at.type : ANY, isLocal: true };
    } else {
      if (name === 'item') return { type: at.type, isLocal: true };
      if (at.type.kind === 'context') {
        const member = memberType(at.type.members, name);
        if (member !== undefined) return { type: isCertain ? member : ANY, isLocal: true };
      }
      // A context may hold more than its type says only where nothing is declared.
      if (isOpenType(at.type)) isCertain = false;
    }
  }
  return { isLocal: false, isCertain };
}

/** Nothing is known of its members: any value, or a context without declared ones. */
export const isOpenType = (type: FeelType): boolean =>
  type.kind === 'any' || (type.kind === 'context' && Object.keys(type.members).length === 0);

export function memberType(members: Readonly<Record<string, FeelType>>, name: string): FeelType | undefined {
  if (Object.hasOwn(members, name)) return members[name];
  const key = normaliseName(name);
  return Object.entries(members).find(([own]) => normaliseName(own) === key)?.[1];
}

export function* localNames(scope: TypedScope | null): Generator<string> {
  for (let at = scope; at !== null; at = at.parent) {
    if (at.kind === 'name') yield at.name;
    else if (at.type.kind === 'context') yield* Object.keys(at.type.members);
  }
}
