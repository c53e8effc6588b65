// Wire contract of logging in and of what a screen must know about the caller.

import { type Static, Type } from 'typebox';
import { AgencyIdText, DateTime, Nullable, strict, Uuid } from './common.ts';

export const RoleName = Type.Union([
  Type.Literal('officer'),
  Type.Literal('leader'),
  Type.Literal('clerk'),
  Type.Literal('archivist'),
  Type.Literal('admin'),
]);

export const LoginBody = Type.Object(
  { username: Type.String({ minLength: 1, maxLength: 100 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
  strict,
);
export type LoginBody = Static<typeof LoginBody>;

export const PilotView = Type.Object(
  {
    name: Type.String(),
    startsOn: Type.String(),
    endsOn: Type.String(),
    isOpen: Type.Boolean(),
    dayNumber: Nullable(Type.Integer({ description: 'Day of the pilot, 1 on the first; null outside' })),
    dayCount: Type.Integer(),
  },
  strict,
);

export const SessionView = Type.Object(
  {
    user: Type.Object(
      {
        id: Uuid,
        username: Type.String(),
        fullName: Type.String(),
        position: Type.String(),
        roles: Type.Array(RoleName),
      },
      strict,
    ),
    agency: Type.Object({ id: AgencyIdText, name: Type.String(), code: Type.String() }, strict),
    pilot: Nullable(PilotView),
    now: DateTime,
    hasSampleData: Type.Boolean(),
    isTestMode: Type.Boolean(),
  },
  strict,
);
export type SessionView = Static<typeof SessionView>;

/** `token` may be sent as `Authorization: Bearer`; browsers use the cookie that is set with it. */
export const LoginAnswer = Type.Object({ token: Type.String(), expiresAt: DateTime, session: SessionView }, strict);
export type LoginAnswer = Static<typeof LoginAnswer>;
