// What is wrong with a decision file, said once for machines (rule, element, position) and once for people.
// Codes are stable: the editor, the deployment answer and `docs/dmn.md` name them.

import { positionAt } from './xml/read-xml.ts';
import type { Place } from './model/definitions.ts';

export type DiagnosticRule =
  | 'readable-xml'
  | 'dmn-file'
  | 'unique-ids'
  | 'known-reference'
  | 'known-type'
  | 'known-import'
  | 'acyclic-requirements'
  | 'readable-feel'
  | 'known-name'
  | 'complete-table'
  | 'supported-expression'
  | 'size-limit';

export interface Diagnostic {
  readonly rule: DiagnosticRule;
  /** An error keeps the file from being deployed; a warning does not. */
  readonly severity: 'error' | 'warning';
  readonly elementId: string | null;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Collects the diagnostics of one file. */
export class Diagnostics {
  readonly #source: string;
  readonly #found: Diagnostic[] = [];
  /** A generated table with 100,000 broken cells needs no 100,000 messages. */
  static readonly MAX = 200;

  constructor(source: string) {
    this.#source = source;
  }

  error(rule: DiagnosticRule, place: Place, message: string): void {
    this.#add('error', rule, place, message);
  }

  warning(rule: DiagnosticRule, place: Place, message: string): void {
    this.#add('warning', rule, place, message);
  }

  #add(severity: Diagnostic['severity'], rule: DiagnosticRule, place: Place, message: string): void {
    if (this.#found.length >= Diagnostics.MAX) return;
    const { line, column } = positionAt(this.#source, place.offset);
    this.#found.push({ rule, severity, elementId: place.id, message, line, column });
  }

  get all(): readonly Diagnostic[] {
    return this.#found;
  }

  get hasErrors(): boolean {
    return this.#found.some((diagnostic) => diagnostic.severity === 'error');
  }
}
