// The hash chain: what it guarantees, and that somebody who goes around the triggers is found.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit, recordAudit, verifyAuditChain, type AuditInput } from '../../../server/modules/audit/index.ts';
import { asId, type AgencyId } from '../../../server/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { NOW } from '../province.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const chainOf = (name: string): AgencyId => asId<AgencyId>(name);

const entry = (agencyId: AgencyId | null, subjectId: string): AuditInput => ({
  at: NOW,
  actor: null,
  agencyId,
  action: 'document.drafted',
  subjectKind: 'document',
  subjectId,
  details: { ghiChú: 'Văn bản số 05' },
});

const record = (...inputs: readonly AuditInput[]): Promise<void> =>
  database.transactions.run(async (tx) => {
    for (const input of inputs) await recordAudit(tx, input);
  });

const verify = (agencyId: AgencyId | null) => database.transactions.run((tx) => verifyAuditChain(tx, agencyId));

const idsOf = async (subjectId: string): Promise<readonly string[]> => {
  const entries = await database.transactions.run((tx) => listAudit(tx, { subjectKind: 'document', subjectId }));
  return entries.map(({ id }) => id);
};

/** What an administrator of the database could do; the triggers stand in everybody else's way. */
async function tamper(sql: string): Promise<void> {
  await database.pool.query('alter table audit_entries disable trigger user');
  await database.pool.query(sql);
  await database.pool.query('alter table audit_entries enable trigger user');
}

describe('audit log', () => {
  it('chains the entries of one agency in the order of commits', async () => {
    await record(entry(chainOf('one'), 'a'), entry(chainOf('one'), 'b'));
    await record(entry(chainOf('one'), 'c'));
    expect(await verify(chainOf('one'))).toEqual({ ok: true, value: { entries: 3 } });
    const { rows } = await database.pool.query(
      `select sequence, hash, previous_hash from audit_entries where chain = 'one' order by sequence`,
    );
    expect(rows.map((row) => row.sequence)).toEqual(['1', '2', '3']);
    expect(rows[0].previous_hash).toBe('0'.repeat(64));
    expect(rows[1].previous_hash).toBe(rows[0].hash);
  });

  it('keeps the chains of two agencies and of the node apart', async () => {
    await record(entry(chainOf('left'), 'x'), entry(chainOf('right'), 'y'), entry(null, 'z'));
    expect(await verify(chainOf('left'))).toEqual({ ok: true, value: { entries: 1 } });
    expect(await verify(null)).toEqual({ ok: true, value: { entries: 1 } });
  });

  it('an entry of a rolled-back transaction leaves neither a row nor a gap', async () => {
    await record(entry(chainOf('rollback'), 'first'));
    const refused = database.transactions.run(async (tx) => {
      await recordAudit(tx, entry(chainOf('rollback'), 'refused'));
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    await record(entry(chainOf('rollback'), 'second'));
    expect(await verify(chainOf('rollback'))).toEqual({ ok: true, value: { entries: 2 } });
  });

  it('forty writers at once leave one sound chain', async () => {
    const writers = Array.from({ length: 40 }, (_, index) => record(entry(chainOf('crowd'), `w${index}`)));
    await Promise.all(writers);
    expect(await verify(chainOf('crowd'))).toEqual({ ok: true, value: { entries: 40 } });
  });

  it.each([
    ['update', `update audit_entries set subject_id = 'forged'`],
    ['delete', `delete from audit_entries`],
    ['truncate', `truncate audit_entries`],
  ])('%s of entries is refused by the database', async (_name, sql) => {
    await record(entry(chainOf('refusal'), 'kept'));
    await expect(database.pool.query(sql)).rejects.toThrow('AUDIT_APPEND_ONLY');
  });

  it('a tampered entry is found although the triggers were switched off', async () => {
    await record(entry(chainOf('tampered'), 't1'), entry(chainOf('tampered'), 't2'), entry(chainOf('tampered'), 't3'));
    const [second] = await idsOf('t2');
    await tamper(`update audit_entries set details = '{"number": 6}' where id = ${second}`);
    expect(await verify(chainOf('tampered'))).toEqual({ ok: false, error: { brokenAt: second } });
  });

  it('a removed entry is found at its successor', async () => {
    await record(entry(chainOf('removed'), 'r1'), entry(chainOf('removed'), 'r2'), entry(chainOf('removed'), 'r3'));
    const [second] = await idsOf('r2');
    const [third] = await idsOf('r3');
    await tamper(`delete from audit_entries where id = ${second}`);
    expect(await verify(chainOf('removed'))).toEqual({ ok: false, error: { brokenAt: third } });
  });

  it('reads the entries of one subject in the order of writing', async () => {
    await record(entry(chainOf('reading'), 'same'), {
      ...entry(chainOf('reading'), 'same'),
      action: 'document.submitted',
    });
    const entries = await database.transactions.run((tx) =>
      listAudit(tx, { subjectKind: 'document', subjectId: 'same' }),
    );
    expect(entries.map(({ action, at, details }) => ({ action, at, details }))).toEqual([
      { action: 'document.drafted', at: NOW, details: { ghiChú: 'Văn bản số 05' } },
      { action: 'document.submitted', at: NOW, details: { ghiChú: 'Văn bản số 05' } },
    ]);
  });
});
