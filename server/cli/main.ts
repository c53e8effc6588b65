// The command line of Trạm: picks the command, and turns every refusal into one Vietnamese sentence with a code and an exit
// status that is not 0. Environment, clock and output come in as arguments, so commands can be tested in-process.

import { AppError } from '../shared/app-error.ts';
import type { CliContext } from './context.ts';
import { runDecision } from './decision.ts';
import { runSign } from './sign.ts';
import { runTestCa } from './test-ca.ts';
import { HELP, sentenceOf } from './texts.ts';
import { runVerify } from './verify.ts';

const COMMANDS: Readonly<Record<string, (argv: readonly string[], context: CliContext) => Promise<number>>> = {
  sign: runSign,
  verify: runVerify,
  'test-ca': runTestCa,
  decision: runDecision,
};

const USAGE_EXIT = 2;

/** Answers the exit status. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (name === 'help' || name === '--help' || rest.includes('--help')) {
    context.print(HELP);
    return 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) {
    context.printError(`CLI_USAGE: Không có lệnh "${name}".\n\n${HELP}`);
    return USAGE_EXIT;
  }
  try {
    return await command(rest, context);
  } catch (error) {
    context.printError(sentenceOf(error));
    if (!(error instanceof AppError)) context.printError(error instanceof Error ? (error.stack ?? '') : String(error));
    return error instanceof AppError && error.code === 'CLI_USAGE' ? USAGE_EXIT : 1;
  }
}
