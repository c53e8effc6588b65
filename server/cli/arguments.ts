// Reads the arguments of a command: options with a value, switches, and positional arguments. An option that nobody knows
// is an error, because a mistyped --ignore-trust must not change what is checked.

import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { usageError } from './texts.ts';

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | null;
  texts(name: string): readonly string[];
  has(name: string): boolean;
}

export interface Options {
  readonly texts: readonly string[];
  readonly repeated?: readonly string[];
  readonly switches?: readonly string[];
  readonly short?: Readonly<Record<string, string>>;
}

export function readArguments(args: readonly string[], options: Options): Arguments {
  const config: NonNullable<ParseArgsConfig['options']> = {};
  const shortOf = (name: string): { short?: string } => {
    const short = options.short?.[name];
    return short === undefined ? {} : { short };
  };
  for (const name of options.texts) config[name] = { type: 'string', ...shortOf(name) };
  for (const name of options.repeated ?? []) config[name] = { type: 'string', multiple: true };
  for (const name of options.switches ?? []) config[name] = { type: 'boolean' };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true });
    return {
      positionals,
      text: (name) => (typeof values[name] === 'string' ? values[name] : null),
      texts: (name) => (Array.isArray(values[name]) ? values[name].filter((item) => typeof item === 'string') : []),
      has: (name) => values[name] === true,
    };
  } catch (error) {
    if (error instanceof TypeError) throw usageError(error.message);
    throw error;
  }
}

export function requireText(args: Arguments, name: string): string {
  const value = args.text(name);
  if (value === null || value === '') throw usageError(`--${name}`);
  return value;
}

export function chooseText<T extends string>(args: Arguments, name: string, allowed: readonly T[]): T | null {
  const value = args.text(name);
  if (value === null) return null;
  const chosen = allowed.find((item) => item === value);
  if (chosen === undefined) throw usageError(`--${name} ${allowed.join('|')}`);
  return chosen;
}

export function onePositional(args: Arguments): string {
  const [file, ...rest] = args.positionals;
  if (file === undefined || rest.length > 0) throw usageError('TỆP.pdf');
  return file;
}
