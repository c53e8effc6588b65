// Sessions and imports of reference data.

import type { Actor } from '../../shared/actor.ts';
import type { AppError } from '../../shared/app-error.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { plusMillis, type Instant } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { recordAudit } from '../audit/index.ts';
import type { AgencyImport, DataSet, UserImport } from './agency.ts';
import { agencyError } from './errors.ts';
import type { PasswordHasher, TokenSource } from './ports.ts';
import { SESSION_TTL_MS, type Credentials, type OpenedSession } from './session.ts';
import * as store from './store.ts';

/**
 * Opens a session. A refusal is a value, not an exception: the failed attempt is audited in the same
 * transaction, so the caller commits first and throws `error` (LOGIN_FAILED) afterwards.
 *
 * Unknown user and wrong password get the same answer after the same work: without an account one hash is
 * computed in vain, so that response times do not tell which usernames exist.
 */
export async function logIn(
  tx: Tx,
  deps: { readonly hasher: PasswordHasher; readonly tokens: TokenSource },
  credentials: Credentials,
  now: Instant,
): Promise<Result<OpenedSession, AppError>> {
  const login = await store.selectLogin(tx, credentials.username.normalize('NFC'));
  const isVerified =
    login === null
      ? await deps.hasher.hash(credentials.password).then(() => false)
      : await deps.hasher.verify(login.passwordHash, credentials.password);
  if (login === null || !isVerified) {
    await auditFailedLogin(tx, login, now);
    return err(agencyError('LOGIN_FAILED', 'Expected a known username with its password'));
  }

  const { passwordHash: _, ...actor } = login;
  const { token, tokenHash } = deps.tokens.next();
  const expiresAt = plusMillis(now, SESSION_TTL_MS);
  await store.deleteExpiredSessions(tx, actor.userId, now);
  await store.insertSession(tx, { tokenHash, userId: actor.userId, openedAt: now, expiresAt });
  await recordAudit(tx, {
    at: now,
    actor,
    agencyId: actor.agencyId,
    action: 'session.opened',
    subjectKind: 'user',
    subjectId: actor.userId,
    details: {},
  });
  return ok({ token, expiresAt, actor });
}

/** The typed name is not kept when it names nobody: people type passwords into the wrong field. */
async function auditFailedLogin(tx: Tx, login: Actor | null, now: Instant): Promise<void> {
  await recordAudit(tx, {
    at: now,
    actor: null,
    agencyId: login?.agencyId ?? null,
    action: 'session.failed',
    subjectKind: 'user',
    subjectId: login?.userId ?? 'unknown',
    details: {},
  });
}

/** Closes the session of this token; repeating it, or an unknown token, changes nothing. */
export async function logOut(tx: Tx, tokens: TokenSource, token: string, now: Instant): Promise<void> {
  const tokenHash = tokens.hashOf(token);
  const actor = await store.selectSessionActor(tx, tokenHash, now);
  await store.deleteSession(tx, tokenHash);
  if (actor === null) return;
  await recordAudit(tx, {
    at: now,
    actor,
    agencyId: actor.agencyId,
    action: 'session.closed',
    subjectKind: 'user',
    subjectId: actor.userId,
    details: {},
  });
}

/** Adds agencies that are not there yet; existing ones stay as they are. Parents come before children. */
export const importAgencies = (tx: Tx, agencies: readonly AgencyImport[]): Promise<void> =>
  store.insertAgencies(tx, agencies);

/** Adds users whose username is free. */
export const importUsers = (tx: Tx, users: readonly UserImport[]): Promise<void> => store.insertUsers(tx, users);

/** True when this transaction is the one that has to load this version of the data set. */
export const claimDataSet = (tx: Tx, dataSet: DataSet, now: Instant): Promise<boolean> =>
  store.claimDataSet(tx, dataSet, now);
