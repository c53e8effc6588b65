// Sessions and the directory on a real database.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findAgencyByCode,
  findSessionActor,
  getAgency,
  getUser,
  listUsers,
  logIn,
  logOut,
  SESSION_TTL_MS,
} from '../../../server/modules/agencies/index.ts';
import { asId, type AgencyId, type UserId } from '../../../server/shared/ids.ts';
import { plusMillis } from '../../../server/shared/time.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createDeps, createProvince, DEPARTMENT, NOW, PASSWORD, type Province } from '../province.ts';

const deps = createDeps();
let database: TestDatabase;
let province: Province;
beforeAll(async () => {
  database = await createTestDatabase();
  province = await createProvince(database.transactions);
});
afterAll(() => database.drop());

const attempt = (username: string, password: string) =>
  database.transactions.run((tx) => logIn(tx, deps, { username, password }, NOW));

const failuresOf = async (subjectId: string): Promise<number> => {
  const { rows } = await database.pool.query(
    `select count(*)::int as count from audit_entries where action = 'session.failed' and subject_id = $1`,
    [subjectId],
  );
  return rows[0].count;
};

describe('sessions', () => {
  it('logging in gives a token that names the actor until it expires', async () => {
    const result = await attempt('CV.so-tttt', PASSWORD);
    if (!result.ok) throw result.error;
    const { token, expiresAt, actor } = result.value;
    expect(actor).toEqual(province.department.officer);
    expect(expiresAt).toBe(plusMillis(NOW, SESSION_TTL_MS));

    const actorAt = (offsetMs: number) =>
      database.transactions.run((tx) => findSessionActor(tx, deps.tokens, token, plusMillis(NOW, offsetMs)));
    expect(await actorAt(SESSION_TTL_MS - 1)).toEqual(actor);
    expect(await actorAt(SESSION_TTL_MS)).toBeNull();
  });

  it('the database holds no token, only its hash', async () => {
    const result = await attempt('ld.so-tttt', PASSWORD);
    if (!result.ok) throw result.error;
    const { rows } = await database.pool.query(`select token_hash from sessions`);
    const hashes = rows.map((row) => row.token_hash);
    expect(hashes).toContain(deps.tokens.hashOf(result.value.token));
    expect(hashes).not.toContain(result.value.token);
  });

  it('unknown user and wrong password get the same answer and are both audited', async () => {
    const { userId } = province.department.clerk;
    const [knownBefore, unknownBefore] = [await failuresOf(userId), await failuresOf('unknown')];
    const wrongPassword = await attempt('vt.so-tttt', 'sai');
    const unknownUser = await attempt('không có', PASSWORD);
    expect(wrongPassword).toEqual(unknownUser);
    expect(wrongPassword).toMatchObject({ ok: false, error: { code: 'LOGIN_FAILED', kind: 'unauthenticated' } });
    expect(await failuresOf(userId)).toBe(knownBefore + 1);
    expect(await failuresOf('unknown')).toBe(unknownBefore + 1);
  });

  it('the name that was typed for an unknown user is not kept', async () => {
    await attempt('mat-khau-cua-toi', 'x');
    const { rows } = await database.pool.query(`select from audit_entries e where e::text like '%mat-khau-cua-toi%'`);
    expect(rows).toEqual([]);
  });

  it('logging out ends the session, and doing it again changes nothing', async () => {
    const result = await attempt('cv.ubnd-tinh', PASSWORD);
    if (!result.ok) throw result.error;
    const { token } = result.value;
    await database.transactions.run((tx) => logOut(tx, deps.tokens, token, NOW));
    await database.transactions.run((tx) => logOut(tx, deps.tokens, token, NOW));
    expect(await database.transactions.run((tx) => findSessionActor(tx, deps.tokens, token, NOW))).toBeNull();
    const { rows } = await database.pool.query(`select from audit_entries where action = 'session.closed'`);
    expect(rows).toHaveLength(1);
  });
});

describe('directory', () => {
  it('finds an agency by its full and by a truncated code', async () => {
    const found = await database.transactions.run(async (tx) => [
      (await findAgencyByCode(tx, '000.00.13.H15'))?.id,
      (await findAgencyByCode(tx, '13.H15'))?.id,
      await findAgencyByCode(tx, '000.00.99.H15'),
    ]);
    expect(found).toEqual([DEPARTMENT, DEPARTMENT, null]);
  });

  it('lists the people of one agency by role', async () => {
    const clerks = await database.transactions.run((tx) => listUsers(tx, { agencyId: DEPARTMENT, role: 'clerk' }));
    expect(clerks.map(({ id }) => id)).toEqual([province.department.clerk.userId]);
  });

  it('unknown and malformed ids are not found', async () => {
    const agency = database.transactions.run((tx) => getAgency(tx, asId<AgencyId>('so-khong-co')));
    await expect(agency).rejects.toMatchObject({ code: 'AGENCY_NOT_FOUND', kind: 'not-found' });
    const user = database.transactions.run((tx) => getUser(tx, asId<UserId>('1; drop table users')));
    await expect(user).rejects.toMatchObject({ code: 'USER_NOT_FOUND', kind: 'not-found' });
  });

  it('importing the same people again adds nobody', async () => {
    const count = async () => (await database.pool.query(`select from users`)).rowCount;
    const before = await count();
    await createProvince(database.transactions);
    expect(await count()).toBe(before);
  });
});
