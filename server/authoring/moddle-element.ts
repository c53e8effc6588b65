// A narrow, typed view of what bpmn-moddle gives and takes. The models people are still drawing are incomplete, so
// everything here answers null or an empty list and nothing throws.

export interface ModdleElement {
  readonly $type: string;
  $parent?: ModdleElement;
  readonly id?: string;
  readonly name?: string;
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

export const isElement = (value: unknown): value is ModdleElement =>
  typeof value === 'object' && value !== null && '$type' in value && 'get' in value && typeof value.get === 'function';

/** Foreign extension elements have no descriptor; their attributes are plain properties. */
export function attribute(element: ModdleElement, name: string): string | null {
  const own = Object.getOwnPropertyDescriptor(element, name)?.value as unknown; // a property of unknown shape
  const value = own ?? element.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

export function flag(element: ModdleElement, name: string): boolean {
  return element.get(name) === true;
}

export function child(element: ModdleElement, name: string): ModdleElement | null {
  const value = element.get(name);
  return isElement(value) ? value : null;
}

export function children(element: ModdleElement, name: string): readonly ModdleElement[] {
  const value = element.get(name);
  return Array.isArray(value) ? value.filter(isElement) : [];
}

export function extension(element: ModdleElement, type: string): ModdleElement | null {
  const holder = child(element, 'extensionElements');
  return holder === null ? null : (children(holder, 'values').find((value) => value.$type === type) ?? null);
}

/** Text of an expression such as a condition or a duration, with its leading `=`. */
export function body(element: ModdleElement, name: string): string | null {
  const expression = child(element, name);
  return expression === null ? null : attribute(expression, 'body');
}
