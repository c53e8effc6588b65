// The carrier on Redis, against a server of its own.

import { startRedis } from '../../support/redis.ts';
import { describeWithTool } from '../../support/tools.ts';
import { testCarrier } from './carrier.conformance.ts';

describeWithTool('redis-server', 'carrier on Redis', () => {
  testCarrier(async () => {
    const redis = await startRedis();
    return {
      // Never dialled: with a Redis URL nothing of the queue lives in PostgreSQL.
      options: { redisUrl: redis.url, databaseUrl: 'postgres://127.0.0.1:1/none' },
      empty: () => redis.flushAll(),
      suspend: () => redis.kill(),
      resume: () => redis.start(),
      stop: () => redis.stop(),
    };
  });
});
