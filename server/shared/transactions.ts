// One transaction per command. Everything that a command changes (events, state, tasks, jobs, domain rows,
// audit) is written through one Tx and becomes visible together or not at all.

export interface QueryResult<Row> {
  readonly rows: readonly Row[];
  readonly rowCount: number;
}

export interface Statements {
  /**
   * Runs one SQL statement with `$1 …` parameters. Only `store.ts` files, `store/` folders and
   * `adapters/postgres/` call it (a lint rule). `name` makes it a named prepared statement (hot paths).
   * timestamptz comes back as `Instant` text, date as `LocalDate` text, int8 as digit string, bytea as Buffer,
   * jsonb as value.
   */
  query<Row>(sql: string, values?: readonly unknown[], name?: string): Promise<QueryResult<Row>>;
}

export interface Tx extends Statements {
  /** Runs after a successful commit, never after a rollback. For wake-ups only: a crash may skip it. */
  afterCommit(action: () => void): void;
}

export interface Transactions {
  /** READ COMMITTED; retried as a whole on serialization failure and deadlock (bounded). */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}
