// Wire contract of the lists that forms choose from.

import { type Static, Type } from 'typebox';
import { AgencyIdText, Nullable, strict, Uuid } from './common.ts';
import { RoleName } from './session.ts';

export const DocumentTypeView = Type.Object(
  { id: Type.String(), name: Type.String(), abbreviation: Nullable(Type.String()), isInPilot: Type.Boolean() },
  strict,
);
export type DocumentTypeView = Static<typeof DocumentTypeView>;

export const AgencyView = Type.Object(
  {
    id: AgencyIdText,
    name: Type.String(),
    shortName: Type.String(),
    kind: Type.String(),
    parentId: Nullable(AgencyIdText),
    code: Type.String(),
    isPlaceholderCode: Type.Boolean(),
  },
  strict,
);
export type AgencyView = Static<typeof AgencyView>;

/** People of the caller's own agency. */
export const PersonView = Type.Object(
  { id: Uuid, fullName: Type.String(), position: Type.String(), roles: Type.Array(RoleName) },
  strict,
);
export type PersonView = Static<typeof PersonView>;

export const Items = <T extends import('typebox').TSchema>(item: T) => Type.Object({ items: Type.Array(item) }, strict);
