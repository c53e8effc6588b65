// Everything that the projector has written, for comparing two ways to the same rows.

import type { RuntimeHarness } from '../harness.ts';

export async function dumpHistory(harness: RuntimeHarness): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables = await harness.rows<{ name: string }>(
    `select table_name as name from information_schema.tables where table_name like 'history\\_%' order by 1`,
  );
  const dump: Record<string, readonly string[]> = {};
  for (const { name } of tables) {
    const rows = await harness.rows<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t order by 1`);
    dump[name] = rows.map(({ row }) => row);
  }
  return dump;
}
