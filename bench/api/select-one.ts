// The ruler of bench/api: a Fastify route that does one `SELECT 1` over a pool as large as ours. It runs in a process of
// its own, like the server beside it, and prints its port.

import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { createPool } from '../../server/adapters/postgres/pool.ts';

const POOL_SIZE = 20;

const pool = createPool(process.argv[2] ?? '', { max: POOL_SIZE, applicationName: 'bench-select-one' });
const app = Fastify();
app.get('/select-one', async () => (await pool.query<{ one: number }>('select 1 as one')).rows[0]);
await app.listen({ host: '127.0.0.1', port: 0 });
process.once('SIGTERM', () => void app.close().then(() => pool.end()));
console.log((app.server.address() as AddressInfo).port); // a TCP server has one
