// Signatures, the credentials they are made with, and what a check of a file's signatures finds. The credentials of
// this node are TEST certificates without legal value; real keys stay where they are and sign in sessions (session.ts).

import type { AgencyId, DocumentId, UserId } from '../../shared/ids.ts';
import { asId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { Actor } from '../../shared/actor.ts';
import type { PageRect, ProviderId, SignatureFinding, SignatureRole } from './ports.ts';

/** PIN of every test certificate: it protects nothing, it only lets people practise. */
export const SAMPLE_PIN = '123456';

/** Covers the pilot of 2019 and the years in which it is replayed. */
export const TEST_VALID_FROM = asId<Instant>('2018-12-31T17:00:00.000Z');
export const TEST_VALID_TO = asId<Instant>('2039-12-31T16:59:59.000Z');

export type Holder =
  { readonly kind: 'person'; readonly userId: UserId } | { readonly kind: 'agency'; readonly agencyId: AgencyId };

export interface Credential {
  readonly id: string;
  readonly subjectName: string;
  readonly serialNumber: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  readonly pkcs12: Uint8Array;
  readonly isTest: boolean;
  /** Wrong PINs since the last right one. */
  readonly failedPins: number;
  readonly pinLockedUntil: Instant | null;
}

export interface Signature {
  readonly id: string;
  readonly documentId: DocumentId;
  readonly role: SignatureRole;
  /** Name in the certificate: the person, or the agency. */
  readonly signerName: string;
  /** Who acted: for the agency's signature the clerk who held the seal. */
  readonly actorId: UserId;
  readonly actorName: string;
  readonly serialNumber: string;
  readonly fieldName: string;
  readonly signedAt: Instant;
  /** Made with a test certificate: no legal value. */
  readonly isTest: boolean;
  /** Where the key was. */
  readonly provider: ProviderId;
}

export interface SignInput {
  readonly documentId: DocumentId;
  readonly role: SignatureRole;
  readonly actor: Actor;
  readonly pdf: Uint8Array;
  readonly rect: PageRect;
  readonly pin: string;
  readonly reason: string;
  readonly location: string;
}

export type Verdict = 'valid' | 'invalid' | 'undetermined';

export interface SignatureCheck {
  /** Of the signatures that are there: all intact and trusted, one not, or not decidable now. */
  readonly verdict: Verdict;
  readonly personal: SignatureFinding | null;
  readonly agency: SignatureFinding | null;
  /**
   * Valid, signed by a person and by the agency, and nothing was added after the last signature: what a paper
   * original needs too (NĐ 30/2020 Đ5(1)).
   */
  readonly isComplete: boolean;
  readonly findings: readonly SignatureFinding[];
  /** Refusal codes, each once, e.g. `KHONG_CHU_KY`, `SAI_TOAN_VEN`. */
  readonly reasons: readonly string[];
}
