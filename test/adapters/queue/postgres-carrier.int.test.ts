// The carrier on BullMQ's PostgreSQL backend.

import { describe } from 'vitest';
import { migrateCarrier } from '../../../server/adapters/queue/carrier.ts';
import { createTestDatabase } from '../../support/database.ts';
import { testCarrier } from './carrier.conformance.ts';

describe('carrier on PostgreSQL', () => {
  testCarrier(async () => {
    const db = await createTestDatabase();
    await migrateCarrier(db.pool);
    return {
      options: { databaseUrl: db.url },
      async empty() {
        await db.pool.query('truncate bullmq.job cascade');
      },
      async suspend() {
        await db.administer(`alter database ${db.name} allow_connections false`);
        await db.administer(
          // The test's own pool is named after the database; the server is away for the carrier only.
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = '${db.name}' and application_name <> '${db.name}'`,
        );
      },
      resume: () => db.administer(`alter database ${db.name} allow_connections true`),
      stop: () => db.drop(),
    };
  });
});
