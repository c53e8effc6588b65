// All SQL of the agencies module. Bulk writers take whole data sets in one statement per table.

import type { Actor, Role } from '../../shared/actor.ts';
import type { AgencyId, UserId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { Agency, AgencyImport, DataSet, User, UserImport } from './agency.ts';

const AGENCY_COLUMNS = `a.id, a.name, a.short_name as "shortName", a.kind, a.level, a.parent_id as "parentId",
  c.code, c.is_placeholder as "isPlaceholderCode", a.place, a.letter_unit as "letterUnit", a.is_sample as "isSample"`;
const AGENCY_SOURCE = `agencies a join agency_codes c on c.agency_id = a.id and c.valid_to is null`;

const USER_COLUMNS = `u.id, u.username, u.full_name as "fullName", u.position, u.agency_id as "agencyId",
  u.is_sample as "isSample",
  array(select r.role from user_roles r where r.user_id = u.id order by r.role) as "roles"`;

export async function selectAgency(tx: Tx, id: AgencyId): Promise<Agency | null> {
  const sql = `select ${AGENCY_COLUMNS} from ${AGENCY_SOURCE} where a.id = $1`;
  const { rows } = await tx.query<Agency>(sql, [id], 'agencies.select-agency');
  return rows[0] ?? null;
}

export async function selectAgencyByCode(tx: Tx, code: string): Promise<Agency | null> {
  const { rows } = await tx.query<Agency>(
    `select ${AGENCY_COLUMNS} from ${AGENCY_SOURCE}
      where a.id = (select agency_id from agency_codes where code = $1)`,
    [code],
    'agencies.select-agency-by-code',
  );
  return rows[0] ?? null;
}

export async function selectAgencies(tx: Tx): Promise<readonly Agency[]> {
  const { rows } = await tx.query<Agency>(`select ${AGENCY_COLUMNS} from ${AGENCY_SOURCE} order by a.level, c.code`);
  return rows;
}

export async function selectUser(tx: Tx, id: UserId): Promise<User | null> {
  const sql = `select ${USER_COLUMNS} from users u where u.id = $1 and u.is_active`;
  const { rows } = await tx.query<User>(sql, [id], 'agencies.select-user');
  return rows[0] ?? null;
}

export async function selectUsers(tx: Tx, agencyId: AgencyId, role: Role | null): Promise<readonly User[]> {
  const { rows } = await tx.query<User>(
    `select ${USER_COLUMNS} from users u
      where u.agency_id = $1 and u.is_active
        and ($2::text is null or exists (select from user_roles r where r.user_id = u.id and r.role = $2))
      order by u.username`,
    [agencyId, role],
  );
  return rows;
}

export interface StoredLogin extends Actor {
  readonly passwordHash: string;
}

export async function selectLogin(tx: Tx, username: string): Promise<StoredLogin | null> {
  const { rows } = await tx.query<StoredLogin>(
    `select u.id as "userId", u.agency_id as "agencyId", u.full_name as "fullName", u.position,
            array(select r.role from user_roles r where r.user_id = u.id order by r.role) as "roles",
            u.password_hash as "passwordHash"
       from users u
      where lower(u.username) = lower($1) and u.is_active`,
    [username],
  );
  return rows[0] ?? null;
}

export async function insertSession(
  tx: Tx,
  session: { tokenHash: string; userId: UserId; openedAt: Instant; expiresAt: Instant },
): Promise<void> {
  await tx.query(`insert into sessions (token_hash, user_id, opened_at, expires_at) values ($1, $2, $3, $4)`, [
    session.tokenHash,
    session.userId,
    session.openedAt,
    session.expiresAt,
  ]);
}

export async function selectSessionActor(tx: Tx, tokenHash: string, now: Instant): Promise<Actor | null> {
  const { rows } = await tx.query<Actor>(
    `select u.id as "userId", u.agency_id as "agencyId", u.full_name as "fullName", u.position,
            array(select r.role from user_roles r where r.user_id = u.id order by r.role) as "roles"
       from sessions s join users u on u.id = s.user_id and u.is_active
      where s.token_hash = $1 and s.expires_at > $2`,
    [tokenHash, now],
    'agencies.select-session-actor',
  );
  return rows[0] ?? null;
}

export async function deleteSession(tx: Tx, tokenHash: string): Promise<void> {
  await tx.query(`delete from sessions where token_hash = $1`, [tokenHash]);
}

export async function deleteExpiredSessions(tx: Tx, userId: UserId, now: Instant): Promise<void> {
  await tx.query(`delete from sessions where user_id = $1 and expires_at <= $2`, [userId, now]);
}

export async function insertAgencies(tx: Tx, agencies: readonly AgencyImport[]): Promise<void> {
  const rows = JSON.stringify(agencies);
  await tx.query(
    `insert into agencies (id, name, short_name, kind, level, parent_id, place, letter_unit, is_sample)
     select id, name, "shortName", kind, level, "parentId", place, "letterUnit", "isSample"
       from jsonb_to_recordset($1::jsonb) as r(id text, name text, "shortName" text, kind text, level int,
            "parentId" text, place text, "letterUnit" text, "isSample" boolean)
     on conflict (id) do nothing`,
    [rows],
  );
  await tx.query(
    `insert into agency_codes (code, agency_id, is_placeholder)
     select code, id, "isPlaceholderCode"
       from jsonb_to_recordset($1::jsonb) as r(id text, code text, "isPlaceholderCode" boolean)
     on conflict (code) do nothing`,
    [rows],
  );
}

export async function insertUsers(tx: Tx, users: readonly UserImport[]): Promise<void> {
  await tx.query(
    `with source as (
       select * from jsonb_to_recordset($1::jsonb) as r(username text, "fullName" text, position text,
         "agencyId" text, roles jsonb, "isSample" boolean, "passwordHash" text)
     ), added as (
       insert into users (username, full_name, position, agency_id, password_hash, is_sample)
       select username, "fullName", position, "agencyId", "passwordHash", "isSample" from source
       on conflict (lower(username)) do nothing
       returning id, username
     )
     insert into user_roles (user_id, role)
     select added.id, role
       from added join source using (username), jsonb_array_elements_text(source.roles) as role`,
    [JSON.stringify(users)],
  );
}

export async function selectDataSet(tx: Tx, name: string): Promise<DataSet | null> {
  const { rows } = await tx.query<DataSet>(`select name, version from data_sets where name = $1`, [name]);
  return rows[0] ?? null;
}

/** True for exactly one of two concurrent loaders; the other waits here and then gets false. */
export async function claimDataSet(tx: Tx, dataSet: DataSet, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into data_sets (name, version, loaded_at) values ($1, $2, $3)
     on conflict (name) do update set version = excluded.version, loaded_at = excluded.loaded_at
       where data_sets.version <> excluded.version`,
    [dataSet.name, dataSet.version, now],
  );
  return rowCount === 1;
}
