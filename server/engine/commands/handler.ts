// A command handler either refuses or writes events and leaves work on the agenda. A refusal throws the draft away, so
// that nothing of a refused command remains.

import type { Command, Rejection } from '../types.ts';
import type { Step } from '../step.ts';

export type CommandOf<Type extends Command['type']> = Extract<Command, { readonly type: Type }>;

/** null: accepted. */
export type Handler<Type extends Command['type']> = (step: Step, command: CommandOf<Type>) => Rejection | null;

export const reject = (code: Rejection['code'], message: string): Rejection => ({ code, message });
