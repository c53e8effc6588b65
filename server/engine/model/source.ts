// A narrow, typed view of the parsed XML tree. Only this file knows how bpmn-moddle spells things; readers and
// checks ask for attributes, children and extension elements through these functions.

import type { Binding, ValueSource } from '../types.ts';

/** An XML element as bpmn-moddle gives it. `get` answers attributes, children and resolved references. */
export interface SourceElement {
  readonly $type: string;
  readonly id?: string;
  get(name: string): unknown;
}

export const isSourceElement = (value: unknown): value is SourceElement =>
  typeof value === 'object' && value !== null && '$type' in value && 'get' in value && typeof value.get === 'function';

/** Attribute or text child; null when absent or blank. */
export function readText(element: SourceElement, name: string): string | null {
  const value = element.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

export function readBoolean(element: SourceElement, name: string, fallback: boolean): boolean {
  const value = element.get(name);
  return typeof value === 'boolean' ? value : fallback;
}

export function readChild(element: SourceElement, name: string): SourceElement | null {
  const value = element.get(name);
  return isSourceElement(value) ? value : null;
}

/** The element around this one; null for the outermost. */
export function readParent(element: SourceElement): SourceElement | null {
  const parent = '$parent' in element ? element.$parent : null;
  return isSourceElement(parent) ? parent : null;
}

export function readChildren(element: SourceElement, name: string): readonly SourceElement[] {
  const value = element.get(name);
  return Array.isArray(value) ? value.filter(isSourceElement) : [];
}

/** Text of an expression child such as `conditionExpression` or `timeDuration`. */
export function readExpression(element: SourceElement, name: string): string | null {
  const child = readChild(element, name);
  return child === null ? null : (readText(child, 'body')?.trim() ?? null);
}

/** The first extension element of a type, for example `zeebe:TaskDefinition`. */
export function findExtension(element: SourceElement, type: string): SourceElement | null {
  const extensions = readChild(element, 'extensionElements');
  if (extensions === null) return null;
  return readChildren(extensions, 'values').find((value) => value.$type === type) ?? null;
}

export const idOf = (element: SourceElement): string => element.id ?? '';

/** `=…` is FEEL, everything else is the text itself. */
export const valueSourceOf = (text: string): ValueSource =>
  text.trimStart().startsWith('=') ? { kind: 'feel', expression: feelOf(text) } : { kind: 'static', text };

export function readValueSource(element: SourceElement, name: string): ValueSource | null {
  const text = readText(element, name);
  return text === null ? null : valueSourceOf(text);
}

/** Expressions that are FEEL in any case (conditions, correlation keys, collections): the `=` is only notation. */
export const feelOf = (text: string): string => text.trim().replace(/^=/, '').trim();

export function readFeel(element: SourceElement, name: string): string | null {
  const text = readText(element, name);
  return text === null ? null : feelOf(text);
}

/** `bindingType` and `versionTag` of a called process or decision. */
export function readBinding(element: SourceElement): Binding {
  const kind = element.get('bindingType');
  const versionTag = readText(element, 'versionTag');
  return { kind: kind === 'deployment' || kind === 'versionTag' ? kind : 'latest', versionTag };
}
