// A process that owns an embedded database until its stdin ends. Says `ready <url> <pid>` or `refused <code>`.

import { startEmbeddedPostgres } from '../../../server/adapters/postgres/embedded.ts';
import { AppError } from '../../../server/shared/app-error.ts';

try {
  const server = await startEmbeddedPostgres({
    dataDir: process.env['DATA_DIR'] ?? '',
    logFile: process.env['LOG_FILE'] ?? '',
    fsync: process.env['FSYNC'] !== 'false',
  });
  console.log(`ready ${server.url} ${server.pid}`);
  process.stdin.resume();
  process.stdin.once('end', () => {
    void server.stop();
  });
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.log(`refused ${error.code}`);
  process.exit(1);
}
