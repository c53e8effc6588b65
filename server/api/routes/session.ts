// Logging in and out, and what the screen needs to know about the caller.

import { findDataSet, getAgency, getUser, logIn, logOut } from '../../modules/agencies/index.ts';
import { getPilot } from '../../modules/pilot/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import { localDateOf } from '../../shared/time.ts';
import type { Tx } from '../../shared/transactions.ts';
import { LoginAnswer, LoginBody, SessionView } from '../contract/index.ts';
import { actorOf } from '../plugins/access.ts';
import { SESSION_COOKIE, sessionTokenOf } from '../plugins/session-token.ts';
import type { ApiDeps, App } from '../types.ts';

export function registerSessionRoutes(app: App, deps: ApiDeps): void {
  const isSecure = deps.settings.isSecure;
  app.post(
    '/api/session',
    {
      schema: { body: LoginBody, response: { 200: LoginAnswer } },
      config: {
        access: { kind: 'public' },
        rateLimit: { max: deps.settings.loginsPerMinute, timeWindow: '1 minute' },
      },
    },
    async (request, reply) => {
      const outcome = await deps.transactions.run(async (tx) => {
        const opened = await logIn(tx, deps, request.body, deps.clock.now());
        return opened.ok
          ? { ok: true as const, ...opened.value, session: await viewSession(tx, deps, opened.value.actor) }
          : opened;
      });
      if (!outcome.ok) throw outcome.error;
      const { token, expiresAt, session } = outcome;
      void reply.setCookie(SESSION_COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure });
      return { token, expiresAt, session };
    },
  );

  app.get(
    '/api/session',
    { schema: { response: { 200: SessionView } }, config: { access: { kind: 'session' } } },
    (request) => deps.transactions.run((tx) => viewSession(tx, deps, actorOf(request))),
  );

  app.delete('/api/session', { config: { access: { kind: 'session' } } }, async (request, reply) => {
    const token = sessionTokenOf(request);
    if (token === null) throw new AppError('unauthenticated', 'LOGIN_REQUIRED', 'No session');
    await deps.transactions.run((tx) => logOut(tx, deps.tokens, token, deps.clock.now()));
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).status(204).send();
  });
}

async function viewSession(tx: Tx, deps: ApiDeps, actor: Actor): Promise<SessionView> {
  const now = deps.clock.now();
  const user = await getUser(tx, actor.userId);
  const agency = await getAgency(tx, actor.agencyId);
  const pilot = await getPilot(tx, localDateOf(now));
  return {
    user: {
      id: user.id,
      username: user.username,
      fullName: user.fullName,
      position: user.position,
      roles: [...user.roles],
    },
    agency: { id: agency.id, name: agency.name, code: agency.code },
    pilot:
      pilot === null
        ? null
        : {
            name: pilot.name,
            startsOn: pilot.startsOn,
            endsOn: pilot.endsOn,
            isOpen: pilot.isOpen,
            dayNumber: pilot.dayNumber,
            dayCount: pilot.dayCount,
          },
    now,
    hasSampleData: (await findDataSet(tx, 'sample-province')) !== null,
    isTestMode: deps.settings.isTestMode,
  };
}
