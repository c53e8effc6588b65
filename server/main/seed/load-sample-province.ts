// Loads the sample province at a start: agencies, people, settings of the pilot, and the test certificates that the
// first journey of a document needs. Every step adds only what is missing and the marker is written last, so a start
// that is killed half-way is completed by the next one and two starts at once double nothing.

import { createHash } from 'node:crypto';
import {
  claimDataSet,
  findDataSet,
  importAgencies,
  importUsers,
  listUsers,
  type AgencyImport,
  type PasswordHasher,
} from '../../modules/agencies/index.ts';
import { importPilot } from '../../modules/pilot/index.ts';
import { ensureAuthority, ensureCredential, type Holder, type TestAuthority } from '../../modules/signing/index.ts';
import { asId, type AgencyId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Transactions } from '../../shared/transactions.ts';
import { SAMPLE_PASSWORD } from './accounts.ts';
import { listSampleAgencies } from './agencies.ts';
import { listSamplePeople, type SamplePerson } from './people.ts';
import { SAMPLE_PILOT } from './pilot.ts';

export { SAMPLE_ACCOUNTS, SAMPLE_PASSWORD, type SampleAccount } from './accounts.ts';

const DATA_SET = 'sample-province';

/** Their signatures are tried first; everybody else gets a certificate at first use, because RSA keys take long. */
const EAGER_AGENCIES: readonly AgencyId[] = ['ubnd-tinh', 'so-tttt', 'so-noi-vu', 'ubnd-thanh-pho-buon-ma-thuot'].map(
  (id) => asId<AgencyId>(id),
);

export interface SampleProvinceDeps {
  readonly hasher: PasswordHasher;
  readonly authority: TestAuthority;
}

/** `loaded` is false when this version of the data is there already. */
export async function loadSampleProvince(
  transactions: Transactions,
  deps: SampleProvinceDeps,
  now: Instant,
): Promise<{ readonly loaded: boolean }> {
  const agencies = listSampleAgencies();
  const people = listSamplePeople(agencies);
  const version = versionOf(agencies, people);
  const present = await transactions.run((tx) => findDataSet(tx, DATA_SET));
  if (present?.version === version) return { loaded: false };

  const passwordHash = await deps.hasher.hash(SAMPLE_PASSWORD);
  await transactions.run(async (tx) => {
    await importAgencies(tx, agencies);
    await importUsers(
      tx,
      people.map((person) => ({ ...person, passwordHash })),
    );
    await importPilot(tx, SAMPLE_PILOT);
  });
  await issueCertificates(transactions, deps, now);
  const loaded = await transactions.run((tx) => claimDataSet(tx, { name: DATA_SET, version }, now));
  return { loaded };
}

/** Computed from the content, so that nobody can change the data and forget the version. */
function versionOf(agencies: readonly AgencyImport[], people: readonly SamplePerson[]): string {
  const content = JSON.stringify([agencies, people, SAMPLE_PILOT, EAGER_AGENCIES]);
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

async function issueCertificates(transactions: Transactions, deps: SampleProvinceDeps, now: Instant): Promise<void> {
  await transactions.run((tx) => ensureAuthority(tx, deps, now));
  // Keys are made outside the event loop, so the agencies share the cores. All are awaited before a failure is thrown:
  // the caller closes the database then.
  const outcomes = await Promise.allSettled(
    EAGER_AGENCIES.map((agencyId) => issueForAgency(transactions, deps, { agencyId, now })),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/** The leaders and the seal. One transaction for each key: a kill loses at most the key that was being made. */
async function issueForAgency(
  transactions: Transactions,
  deps: SampleProvinceDeps,
  { agencyId, now }: { readonly agencyId: AgencyId; readonly now: Instant },
): Promise<void> {
  const leaders = await transactions.run((tx) => listUsers(tx, { agencyId, role: 'leader' }));
  const holders: readonly Holder[] = [
    ...leaders.map((leader): Holder => ({ kind: 'person', userId: leader.id })),
    { kind: 'agency', agencyId },
  ];
  for (const holder of holders) await transactions.run((tx) => ensureCredential(tx, deps, holder, now));
}
