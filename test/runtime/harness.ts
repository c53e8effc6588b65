// A runtime on a database of its own, without a carrier: wake-ups are collected, and `drain` works on them until
// nothing is due. What a carrier does in production (BullMQ) has its own conformance suite.

import {
  createRuntime,
  type FindCalendar,
  type JobHandlers,
  type Runtime,
  type TaskActor,
} from '../../server/runtime/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import type { Transactions } from '../../server/shared/transactions.ts';
import { createFakeClock, type FakeClock } from '../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export interface RuntimeHarness {
  readonly database: TestDatabase;
  readonly transactions: Transactions;
  readonly runtime: Runtime;
  readonly clock: FakeClock;
  /** Jobs that were offered and not worked on yet. */
  readonly offered: Key[];
  readonly failures: string[];
  deploy(...xml: readonly string[]): Promise<void>;
  start(processId: string, variables?: Record<string, never> | Record<string, unknown>): Promise<Key>;
  /** Works on offered and lost jobs until nothing is due. */
  drain(handlers?: JobHandlers): Promise<void>;
  run(jobKey: Key, handlers?: JobHandlers): Promise<boolean>;
  rows<Row>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export const clerk: TaskActor = { userId: 'an', tenantId: 'so-a', groups: ['so-a:clerk'] };
export const stranger: TaskActor = { userId: 'xa', tenantId: 'so-b', groups: ['so-b:clerk', 'so-a:clerk'] };

const LIMIT_ROUNDS = 200;

export async function createRuntimeHarness(
  options: { readonly findCalendar?: FindCalendar } = {},
): Promise<RuntimeHarness> {
  const database = await createTestDatabase();
  const { transactions } = database;
  const clock = createFakeClock();
  const offered: Key[] = [];
  const failures: string[] = [];
  const deps = {
    transactions,
    statements: database.statements,
    clock,
    keys: database.createKeys(),
    ...options,
    wake: (keys: readonly Key[]) => void offered.push(...keys),
  };
  const runtime = createRuntime(deps);
  const log = (message: string, details: Readonly<Record<string, unknown>>): void => {
    failures.push(`${message}: ${details['error'] instanceof Error ? details['error'].message : ''}`);
  };

  const harness: RuntimeHarness = {
    database,
    transactions,
    runtime,
    clock,
    offered,
    failures,
    async deploy(...files) {
      const sources = files.map((xml, index) => ({ resourceName: `${index}.bpmn`, xml }));
      await transactions.run((tx) => runtime.deploy(tx, sources));
    },
    start: (processId, variables = {}) =>
      transactions.run((tx) =>
        runtime.startInstance(tx, {
          processId,
          tenantId: 'so-a',
          businessKey: 'doc-1',
          // Tests write plain JSON.
          variables: variables as Record<string, never>,
          actorId: null,
        }),
      ),
    run: (jobKey, handlers = {}) => runtime.runJob(jobKey, { handlers, log }),
    async drain(handlers = {}) {
      for (let round = 0; round < LIMIT_ROUNDS; round += 1) {
        const key = offered.shift();
        if (key !== undefined) await harness.run(key, handlers);
        else if ((await runtime.reconcile(Object.keys(handlers))) === 0) return;
      }
      throw new Error('The jobs do not come to an end');
    },
    async rows<Row>(sql: string, values: readonly unknown[] = []) {
      return (await transactions.run((tx) => tx.query<Row>(sql, values))).rows;
    },
  };
  return harness;
}
