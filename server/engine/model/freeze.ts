// A compiled process is shared by all instances and all commands; freezing it makes an accidental write a TypeError
// at the place of the mistake instead of a changed model for everybody.

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) deepFreeze(child);
  return value;
}
