// All built-in functions by name: those of the standard in every dialect, the extensions of the dialect on top.

import type { FeelFunction } from '../values.ts';
import { CONTEXT_EXTENSIONS, CONTEXT_FUNCTIONS } from './contexts.ts';
import { CONVERSION_EXTENSIONS, CONVERSION_FUNCTIONS } from './conversion.ts';
import type { BuiltIn } from './define.ts';
import { any, define, signature, toFunction } from './define.ts';
import { COMMON_EXTENSIONS } from './extensions.ts';
import { LIST_EXTENSIONS, LIST_FUNCTIONS } from './lists.ts';
import { NUMERIC_FUNCTIONS } from './numeric.ts';
import { RANGE_FUNCTIONS } from './ranges.ts';
import { STRING_FUNCTIONS } from './strings.ts';
import { TEMPORAL_EXTENSIONS, TEMPORAL_FUNCTIONS } from './temporal.ts';

const STANDARD: readonly BuiltIn[] = [
  define(
    'not',
    signature([any('negand')], ([negand]) => (typeof negand === 'boolean' ? !negand : null)),
  ),
  ...CONVERSION_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...NUMERIC_FUNCTIONS,
  ...TEMPORAL_FUNCTIONS,
  ...RANGE_FUNCTIONS,
  ...CONTEXT_FUNCTIONS,
];

const EXTENSIONS: readonly BuiltIn[] = [
  ...COMMON_EXTENSIONS,
  ...CONVERSION_EXTENSIONS,
  ...LIST_EXTENSIONS,
  ...CONTEXT_EXTENSIONS,
  ...TEMPORAL_EXTENSIONS,
];

const byName = (functions: readonly BuiltIn[]): ReadonlyMap<string, FeelFunction> =>
  new Map(functions.map((one) => [one.name, toFunction(one)]));

const DMN = byName(STANDARD);
const CAMUNDA = byName([...STANDARD, ...EXTENSIONS]);

export const builtInFunction = (name: string, dialect: 'dmn' | 'camunda'): FeelFunction | undefined =>
  (dialect === 'dmn' ? DMN : CAMUNDA).get(name);

const declared = (functions: readonly BuiltIn[]): ReadonlyMap<string, BuiltIn> =>
  new Map(functions.map((one) => [one.name, one]));

const DMN_DECLARED = declared(STANDARD);
const CAMUNDA_DECLARED = declared([...STANDARD, ...EXTENSIONS]);

/** The signatures behind a function, for static checks. */
export const builtInDeclaration = (name: string, dialect: 'dmn' | 'camunda'): BuiltIn | undefined =>
  (dialect === 'dmn' ? DMN_DECLARED : CAMUNDA_DECLARED).get(name);

/** For the editor and the documentation. */
export const builtInFunctions = (dialect: 'dmn' | 'camunda'): readonly FeelFunction[] => [
  ...(dialect === 'dmn' ? DMN : CAMUNDA).values(),
];
