// Sample accounts worth showing to somebody who has just started the program: the two ends of the first journey of a
// document and the operator of the province. Everybody else has an account of the same form and the same password.

import assert from 'node:assert';
import type { Role } from '../../shared/actor.ts';
import { listSampleAgencies } from './agencies.ts';
import { listSamplePeople } from './people.ts';

/** One password for all sample accounts; an installation with real people has no sample data. */
export const SAMPLE_PASSWORD = 'tram-2019';

export interface SampleAccount {
  readonly username: string;
  /** In words, Vietnamese and English. */
  readonly role: string;
  readonly agencyName: string;
}

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  officer: 'chuyên viên / officer',
  leader: 'lãnh đạo / leader',
  clerk: 'văn thư / clerk',
  archivist: 'lưu trữ / archivist',
  admin: 'quản trị / admin',
};

const USERNAMES = [
  'cv.ubnd-tinh',
  'ld.ubnd-tinh',
  'vt.ubnd-tinh',
  'cv.so-tttt',
  'ld.so-tttt',
  'vt.so-tttt',
  'cv.ubnd-thanh-pho-buon-ma-thuot',
  'ld.ubnd-thanh-pho-buon-ma-thuot',
  'vt.ubnd-thanh-pho-buon-ma-thuot',
  'qt.ubnd-tinh',
] as const;

export const SAMPLE_ACCOUNTS: readonly SampleAccount[] = describeAccounts();

function describeAccounts(): SampleAccount[] {
  const agencies = listSampleAgencies();
  const people = listSamplePeople(agencies);
  return USERNAMES.map((username) => {
    const person = people.find((candidate) => candidate.username === username);
    const agency = agencies.find((candidate) => candidate.id === person?.agencyId);
    assert(person !== undefined && agency !== undefined, `Expected '${username}' among the sample people`);
    return { username, role: person.roles.map((role) => ROLE_WORDS[role]).join(', '), agencyName: agency.name };
  });
}
