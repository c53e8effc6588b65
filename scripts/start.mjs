// `npm start [-- flags]`: builds what is out of date, then runs the compiled server in this process. Flags are described
// by `npm start -- --help` and read in server/main/config.ts.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = [20, 19];

/** One line for a person, or null when everything is there. */
function findObstacle() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    return `Cần Node.js ${OLDEST_NODE.join('.')} trở lên, đang chạy ${process.versions.node}. / Needs Node.js ${OLDEST_NODE.join('.')} or newer.`;
  }
  if (!existsSync(join(ROOT, 'node_modules/pg'))) {
    return 'Chưa cài các gói; hãy chạy npm ci. / The packages are not installed; run npm ci.';
  }
  return null;
}

const obstacle = findObstacle();
if (obstacle !== null) {
  console.error(obstacle);
  process.exit(1);
}
try {
  await buildIfNeeded({ log: console.error });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import('../dist/server/main/start.js');
