// What a command gets from outside: environment, clock, output. Commands take nothing from the process themselves.

export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  print(text: string): void;
  printError(text: string): void;
  /** Resolves when the user stops a command that runs on. */
  untilStopped(): Promise<void>;
}
