// Public face of the agencies module: directory, people, roles, sessions. See README.md.

export {
  AGENCY_KINDS,
  isCommittee,
  type Agency,
  type AgencyImport,
  type AgencyKind,
  type DataSet,
  type User,
  type UserImport,
} from './agency.ts';
export { CLIENT_SCOPES, type Client, type ClientScope, type ClientToken } from './client.ts';
export { createClientToken, findClient, revokeClient, verifyAccount } from './clients.ts';
export { claimDataSet, importAgencies, importUsers, logIn, logOut } from './commands.ts';
export { AGENCY_ERRORS } from './errors.ts';
export type { PasswordHasher, TokenSource } from './ports.ts';
export {
  actorOf,
  findAgency,
  findAgencyByCode,
  findDataSet,
  findSessionActor,
  getActor,
  getAgency,
  getUser,
  listAgencies,
  listUsers,
} from './queries.ts';
export { isAgencyCode, normalizeAgencyCode } from './rules.ts';
export { SESSION_TTL_MS, type Credentials, type OpenedSession } from './session.ts';
