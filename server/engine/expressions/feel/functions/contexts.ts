// Functions of contexts (DMN 1.5, 10.3.4.10). Contexts never change; putting a value makes another context.

import type { FeelContext, FeelList, FeelValue } from '../values.ts';
import { isContext, memberOf } from '../values.ts';
import type { BuiltIn } from './define.ts';
import { any, context, define, list, noResult, signature, text } from './define.ts';

/** Own properties only, also for a key such as `__proto__`. */
const withMember = (of: FeelContext, key: string, value: FeelValue): FeelContext =>
  Object.fromEntries([...Object.entries(of).filter(([name]) => name !== key), [key, value]]);

/** In place when the key exists, so that the order of the entries stays. */
function put(of: FeelContext, key: string, value: FeelValue): FeelContext {
  if (memberOf(of, key) === undefined) return withMember(of, key, value);
  return Object.fromEntries(Object.entries(of).map(([name, old]) => [name, name === key ? value : old]));
}

/** null when a key is no text or leads into a value that is no context. */
function putDeep(of: FeelContext, keys: FeelList, value: FeelValue): FeelContext | null {
  const [key, ...rest] = keys;
  if (typeof key !== 'string') return null;
  if (rest.length === 0) return put(of, key, value);
  const inner = memberOf(of, key);
  if (inner === undefined || !isContext(inner)) return null;
  const changed = putDeep(inner, rest, value);
  return changed === null ? null : put(of, key, changed);
}

/** null when an entry has no key or value, or a key stands twice. */
function fromEntries(entries: FeelList): FeelContext | null {
  const found = new Map<string, FeelValue>();
  for (const entry of entries) {
    if (!isContext(entry)) return null;
    const key = memberOf(entry, 'key');
    const value = memberOf(entry, 'value');
    if (typeof key !== 'string' || value === undefined || found.has(key)) return null;
    found.set(key, value);
  }
  return Object.fromEntries(found);
}

function merge(contexts: FeelList): FeelContext | null {
  const all = contexts.filter(isContext);
  if (all.length !== contexts.length) return null;
  return Object.fromEntries(new Map(all.flatMap((one) => Object.entries(one))));
}

export const CONTEXT_FUNCTIONS: readonly BuiltIn[] = [
  define(
    'get value',
    signature([context('m'), text('key')], ([of, key]) => memberOf(of, key) ?? null),
  ),
  define(
    'get entries',
    signature([context('m')], ([of]) => Object.entries(of).map(([key, value]) => ({ key, value }))),
  ),
  define(
    'context',
    signature([list('entries')], ([entries], run) => fromEntries(entries) ?? noResult(run, 'context')),
  ),
  define(
    'context put',
    signature([context('context'), text('key'), any('value')], ([of, key, value]) => put(of, key, value)),
    signature([context('context'), list('keys'), any('value')], ([of, keys, value], run) => {
      return putDeep(of, keys, value) ?? noResult(run, 'context put');
    }),
  ),
  define(
    'context merge',
    signature([list('contexts')], ([contexts], run) => merge(contexts) ?? noResult(run, 'context merge')),
  ),
];

/** The dialect also reads a value along a list of keys. */
export const CONTEXT_EXTENSIONS: readonly BuiltIn[] = [
  define(
    'get value',
    signature([context('context'), text('key')], ([of, key]) => memberOf(of, key) ?? null),
    signature([context('m'), text('key')], ([of, key]) => memberOf(of, key) ?? null),
    signature([context('context'), list('keys')], ([of, keys]) =>
      keys.reduce<FeelValue>(
        (at, key) => (at !== null && isContext(at) && typeof key === 'string' ? (memberOf(at, key) ?? null) : null),
        of,
      ),
    ),
  ),
];
