// Collects the parameters of one statement. Every value that a caller sends becomes `$n`, with the type that it is
// compared as, so that PostgreSQL never guesses and an index is used.

export class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
