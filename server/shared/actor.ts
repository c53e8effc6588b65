// Who acts. Built by the API from the session; workers act as SYSTEM.

import type { AgencyId, UserId } from './ids.ts';

export const ROLES = ['officer', 'leader', 'clerk', 'archivist', 'admin'] as const;
/** chuyên viên, lãnh đạo, văn thư, lưu trữ, quản trị */
export type Role = (typeof ROLES)[number];

export interface Actor {
  readonly userId: UserId;
  readonly agencyId: AgencyId;
  readonly fullName: string;
  readonly position: string;
  readonly roles: readonly Role[];
}

/** Candidate group of a user task: a role inside one agency, e.g. `so-tttt:clerk`. Walls between agencies rest on it. */
export const groupOf = (agencyId: string, role: Role): string => `${agencyId}:${role}`;
export const groupsOf = (actor: Actor): string[] => actor.roles.map((role) => groupOf(actor.agencyId, role));
