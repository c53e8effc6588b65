// What an expression sees: names, looked up from an element instance to the root. A scope never copies the
// variables until somebody asks for all of them, because most expressions name one or two.

import type { Instant } from '../../shared/time.ts';
import type { BusinessCalendar, Json, Variables } from '../types.ts';

export interface Scope {
  /** undefined when no scope has the name; FEEL then sees null. */
  readonly find: (name: string) => Json | undefined;
  readonly all: () => Variables;
}

export interface EvaluationContext {
  readonly scope: Scope;
  readonly now: Instant;
  /** Business calendars by name. */
  readonly findCalendar?: (name: string) => BusinessCalendar | null;
}

/** `own` value only: a variable called `constructor` must not find Object.prototype. */
export const ownValue = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** The same scope with some names in front of it: earlier mapping targets, counters of a multi-instance. */
export const overlay = (scope: Scope, variables: Variables): Scope => ({
  find: (name) => (Object.hasOwn(variables, name) ? variables[name] : scope.find(name)),
  all: () => ({ ...scope.all(), ...variables }),
});

export const scopeOfVariables = (variables: Variables): Scope => ({
  find: (name) => ownValue(variables, name),
  all: () => variables,
});
