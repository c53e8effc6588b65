// Reads of agencies, people and sessions. The directory of agencies is public inside the province; people are
// read per agency, and a caller that shows them to a person passes that person's own agency.

import type { Actor, Role } from '../../shared/actor.ts';
import type { AgencyId, UserId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { Agency, DataSet, User } from './agency.ts';
import { agencyError } from './errors.ts';
import type { TokenSource } from './ports.ts';
import { normalizeAgencyCode } from './rules.ts';
import * as store from './store.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const findAgency = (tx: Tx, id: AgencyId): Promise<Agency | null> => store.selectAgency(tx, id);

/** AGENCY_NOT_FOUND when there is none. */
export async function getAgency(tx: Tx, id: AgencyId): Promise<Agency> {
  const agency = await store.selectAgency(tx, id);
  if (agency === null) throw agencyError('AGENCY_NOT_FOUND', `Expected agency '${id}' to exist`, { agencyId: id });
  return agency;
}

/** Accepts the truncated codes that occur on the wire. */
export async function findAgencyByCode(tx: Tx, code: string): Promise<Agency | null> {
  const full = normalizeAgencyCode(code);
  return full === null ? null : store.selectAgencyByCode(tx, full);
}

export const listAgencies = (tx: Tx): Promise<readonly Agency[]> => store.selectAgencies(tx);

/** USER_NOT_FOUND for unknown, inactive and malformed ids. */
export async function getUser(tx: Tx, id: UserId): Promise<User> {
  const user = UUID.test(id) ? await store.selectUser(tx, id) : null;
  if (user === null) throw agencyError('USER_NOT_FOUND', `Expected user '${id}' to exist`, { userId: id });
  return user;
}

export const listUsers = (
  tx: Tx,
  filter: { readonly agencyId: AgencyId; readonly role?: Role },
): Promise<readonly User[]> => store.selectUsers(tx, filter.agencyId, filter.role ?? null);

export async function getActor(tx: Tx, userId: UserId): Promise<Actor> {
  return actorOf(await getUser(tx, userId));
}

export const actorOf = (user: User): Actor => ({
  userId: user.id,
  agencyId: user.agencyId,
  fullName: user.fullName,
  position: user.position,
  roles: user.roles,
});

/** The person behind a session token; null when the token is unknown, expired or its user inactive. */
export const findSessionActor = (tx: Tx, tokens: TokenSource, token: string, now: Instant): Promise<Actor | null> =>
  store.selectSessionActor(tx, tokens.hashOf(token), now);

/** The loaded version of a data set, for example `sample-province`. */
export const findDataSet = (tx: Tx, name: string): Promise<DataSet | null> => store.selectDataSet(tx, name);
