// Agencies, their codes and their people. Ids are slugs (`so-tttt`); a code of QCVN 102:2016 is an attribute with
// a scheme, never a key, because the structure has changed since (QĐ 20/2020).

import type { Role } from '../../shared/actor.ts';
import type { AgencyId, UserId } from '../../shared/ids.ts';

export const AGENCY_KINDS = [
  'provincial_committee', // UBND tỉnh
  'provincial_office', // Văn phòng UBND tỉnh
  'department', // sở
  'inspectorate', // Thanh tra tỉnh
  'board', // ban
  'other_body', // cơ quan khác
  'district_committee', // UBND huyện, thị xã, thành phố
  'commune_committee', // UBND xã, phường, thị trấn
  'central_body', // cơ quan trung ương, for axis tests
] as const;
export type AgencyKind = (typeof AGENCY_KINDS)[number];

/** Committees sign "TM. ỦY BAN NHÂN DÂN" and print no superior agency. */
export const isCommittee = (kind: AgencyKind): boolean =>
  kind === 'provincial_committee' || kind === 'district_committee' || kind === 'commune_committee';

export interface Agency {
  readonly id: AgencyId;
  readonly name: string;
  /** Abbreviation in notations: `UBND`, `STTTT`. Not unique: every committee uses `UBND`. */
  readonly shortName: string;
  readonly kind: AgencyKind;
  /** 1 province or central body, 2 department or district, 3 commune. */
  readonly level: number;
  readonly parentId: AgencyId | null;
  /** Current agency code, `000.00.13.H15`. */
  readonly code: string;
  readonly isPlaceholderCode: boolean;
  /** Địa danh on documents: `Đắk Lắk`, `Buôn Ma Thuột`. */
  readonly place: string;
  /** Drafting unit in the notation of official letters: `KSTTHC` in `UBND-KSTTHC`. */
  readonly letterUnit: string;
  readonly isSample: boolean;
}

export interface User {
  readonly id: UserId;
  readonly username: string;
  readonly fullName: string;
  readonly position: string;
  readonly agencyId: AgencyId;
  readonly roles: readonly Role[];
  readonly isSample: boolean;
}

/** An agency as a data set brings it; parents come before their children. */
export type AgencyImport = Agency;

export interface UserImport {
  readonly username: string;
  readonly fullName: string;
  readonly position: string;
  readonly agencyId: AgencyId;
  readonly roles: readonly Role[];
  readonly isSample: boolean;
  readonly passwordHash: string;
}

/** Marker of loaded reference data, so that a second start does nothing. */
export interface DataSet {
  readonly name: string;
  readonly version: string;
}
