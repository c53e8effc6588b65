// Remembers results of pure drawing work: an agency signs thousands of letters with the same name, seal and letters of
// the alphabet. Bounded, and only for functions whose result depends on the key alone.

const MAX_ENTRIES = 200;

export interface Memo<T> {
  /** The remembered value, or the one that `make` makes now. */
  get(key: string, make: () => T): T;
}

export function createMemo<T>(): Memo<T> {
  const values = new Map<string, { readonly value: T }>();
  return {
    get(key, make) {
      const present = values.get(key);
      if (present !== undefined) return present.value;
      const value = make();
      const oldest = values.size >= MAX_ENTRIES ? values.keys().next() : null;
      if (oldest?.done === false) values.delete(oldest.value);
      values.set(key, { value });
      return value;
    },
  };
}
