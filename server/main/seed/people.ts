// Invented people for every agency of the sample province that takes part: an officer, a leader and a clerk each, and
// more hands at the provincial level. The same input always gives the same people, so accounts survive a reload.

import assert from 'node:assert';
import type { AgencyImport, AgencyKind, UserImport } from '../../modules/agencies/index.ts';
import type { Role } from '../../shared/actor.ts';
import { sampleNameOf } from './names.ts';

export type SamplePerson = Omit<UserImport, 'passwordHash'>;

interface Post {
  /** First part of the username: `cv.so-tttt`. */
  readonly prefix: string;
  readonly role: Role;
  /** Leaders are called by the head of their kind of agency. */
  readonly position: string | null;
}

const OFFICER: Post = { prefix: 'cv', role: 'officer', position: 'Chuyên viên' };
const LEADER: Post = { prefix: 'ld', role: 'leader', position: null };
const CLERK: Post = { prefix: 'vt', role: 'clerk', position: 'Văn thư' };
const SECOND_OFFICER: Post = { prefix: 'cv2', role: 'officer', position: 'Chuyên viên' };
const ARCHIVIST: Post = { prefix: 'lt', role: 'archivist', position: 'Lưu trữ viên' };
const ADMIN: Post = { prefix: 'qt', role: 'admin', position: 'Quản trị hệ thống' };

const SMALL_AGENCY: readonly Post[] = [OFFICER, LEADER, CLERK];
const PROVINCIAL_AGENCY: readonly Post[] = [...SMALL_AGENCY, SECOND_OFFICER, ARCHIVIST];

const POSTS: Readonly<Record<AgencyKind, readonly Post[]>> = {
  provincial_committee: [...PROVINCIAL_AGENCY, ADMIN],
  provincial_office: PROVINCIAL_AGENCY,
  department: [...PROVINCIAL_AGENCY, ADMIN],
  inspectorate: PROVINCIAL_AGENCY,
  board: PROVINCIAL_AGENCY,
  other_body: PROVINCIAL_AGENCY,
  district_committee: SMALL_AGENCY,
  commune_committee: SMALL_AGENCY,
  // They stand for correspondents outside the province and have no accounts here.
  central_body: [],
};

/** Names depend on the agency's place in the list, not on how many people the agencies before it have. */
const POSTS_MAX = 6;

export function listSamplePeople(agencies: readonly AgencyImport[]): readonly SamplePerson[] {
  return agencies.flatMap((agency, agencyIndex) => {
    const posts = POSTS[agency.kind];
    assert(posts.length <= POSTS_MAX, `Expected at most ${POSTS_MAX} people in '${agency.id}'`);
    return posts.map((post, postIndex) => ({
      username: `${post.prefix}.${agency.id}`,
      fullName: sampleNameOf(agencyIndex * POSTS_MAX + postIndex),
      position: post.position ?? leaderPositionOf(agency),
      agencyId: agency.id,
      roles: [post.role],
      isSample: true,
    }));
  });
}

function leaderPositionOf(agency: AgencyImport): string {
  switch (agency.kind) {
    case 'provincial_committee':
      // The chairman's office has a well-known holder in every year, so the sample stays a step below it.
      return 'Phó Chủ tịch UBND tỉnh';
    case 'provincial_office':
    case 'other_body':
      return 'Chánh Văn phòng';
    case 'department':
      return 'Giám đốc Sở';
    case 'inspectorate':
      return 'Chánh Thanh tra tỉnh';
    case 'board':
      return 'Trưởng ban';
    case 'district_committee':
    case 'commune_committee':
      return `Chủ tịch ${committeeLevelOf(agency)}`;
    case 'central_body':
      return 'Lãnh đạo';
  }
}

/** `UBND thị trấn Ea Súp` without its địa danh: `UBND thị trấn`. */
const committeeLevelOf = (agency: AgencyImport): string => agency.name.slice(0, -agency.place.length).trim();
