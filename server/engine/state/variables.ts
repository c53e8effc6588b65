// Variable scopes: the instance is the root, every element instance is a scope of its own. Reading looks upwards
// from the element; a result is written where its name lives already, else at the root.

import type { Key } from '../../shared/ids.ts';
import { ownValue } from '../expressions/scope.ts';
import type { Scope } from '../expressions/scope.ts';
import type { ElementInstance, ExecutableProcess, InstanceState, Json, Variables } from '../types.ts';

/** Both a stored state and a draft. */
export type ReadableState = Pick<InstanceState, 'key' | 'elements' | 'variables'>;

const elementAt = (state: ReadableState, key: string): ElementInstance | undefined => ownValue(state.elements, key);

export const hasScope = (state: ReadableState, key: string): boolean => Object.hasOwn(state.variables, key);

/** The scope and all around it, nearest first; the root is last. */
export function scopeChain(state: ReadableState, key: Key): readonly Key[] {
  const chain: Key[] = [];
  let current = elementAt(state, key);
  while (current !== undefined) {
    chain.push(current.key);
    current = elementAt(state, current.scopeKey);
  }
  chain.push(state.key);
  return chain;
}

const localsOf = (state: ReadableState, key: string): Variables => state.variables[key] ?? {};

/** Everything visible at a scope: an element instance key, or the instance's own key for the root. */
export function visibleVariables(state: ReadableState, scopeKey: Key): Variables {
  const chain = scopeChain(state, scopeKey);
  if (chain.length === 1) return localsOf(state, state.key);
  return mergeLayers(chain.map((key) => localsOf(state, key)));
}

/** Nearest layer first. Spreading defines own properties, also for a variable called `__proto__`. */
const mergeLayers = (layers: readonly Variables[]): Variables =>
  layers.reduceRight<Variables>((merged, layer) => ({ ...merged, ...layer }), {});

export const localVariables = (state: ReadableState, scopeKey: Key): Variables => localsOf(state, scopeKey);

/** What expressions of an element instance see. The results of a multi-instance so far are a variable of its body. */
export function scopeAt(process: ExecutableProcess, state: ReadableState, scopeKey: Key): Scope {
  const chain = scopeChain(state, scopeKey);
  return {
    find: (name) => {
      for (const key of chain) {
        const locals = localsOf(state, key);
        if (Object.hasOwn(locals, name)) return locals[name];
        const results = resultsOf(process, state, key);
        if (results !== null && results.name === name) return results.value;
      }
      return undefined;
    },
    all: () => {
      const layers = chain.map((key) => {
        const results = resultsOf(process, state, key);
        return results === null ? localsOf(state, key) : { [results.name]: results.value, ...localsOf(state, key) };
      });
      return mergeLayers(layers);
    },
  };
}

/** Kept once, in the body: copying the list into a variable after each item would cost its square. */
function resultsOf(
  process: ExecutableProcess,
  state: ReadableState,
  key: string,
): { readonly name: string; readonly value: Json } | null {
  const instance = elementAt(state, key);
  if (instance === undefined || instance.body === null) return null;
  const name = process.elements[instance.elementId]?.multiInstance?.outputCollection ?? null;
  return name === null ? null : { name, value: instance.body.results };
}

export interface ScopedVariables {
  readonly scopeKey: Key;
  readonly variables: Variables;
}

/** Where each variable of a result is written when it travels upwards from a scope. */
export function propagate(state: ReadableState, fromScopeKey: Key, variables: Variables): readonly ScopedVariables[] {
  const chain = scopeChain(state, fromScopeKey);
  const targets = new Map<Key, [string, Json][]>();
  for (const [name, value] of Object.entries(variables)) {
    const target = chain.find((key) => Object.hasOwn(localsOf(state, key), name)) ?? state.key;
    const entries = targets.get(target);
    if (entries === undefined) targets.set(target, [[name, value]]);
    else entries.push([name, value]);
  }
  return [...targets].map(([scopeKey, entries]) => ({ scopeKey, variables: Object.fromEntries(entries) }));
}
