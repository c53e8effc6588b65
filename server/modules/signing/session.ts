// Signing sessions: what is handed to a key outside of this server, and the one answer that may come back. A session is
// bound to a person, a task, a version of the document and its hash; it ends once, and never opens again.

import type { AgencyId, DocumentId, Key, UserId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import type { OutsideProviderId, PreparedSignature, SignatureLevel, SignatureRole } from './ports.ts';

/** Long enough to find the token and type a PIN, short enough that nobody signs what was left on a screen. */
export const SESSION_TTL_MS = 10 * 60_000;

export type SessionStatus = 'open' | 'completed' | 'cancelled' | 'expired' | 'refused';

export interface SigningSession {
  readonly id: string;
  readonly provider: OutsideProviderId;
  readonly status: SessionStatus;
  readonly documentId: DocumentId;
  readonly version: number;
  readonly sourceSha256: string;
  readonly role: SignatureRole;
  readonly userId: UserId;
  readonly agencyId: AgencyId;
  readonly taskKey: Key;
  readonly fieldName: string;
  readonly signerName: string;
  readonly serialNumber: string;
  readonly isTest: boolean;
  /** DER; checked before anything was handed out. */
  readonly certificate: Uint8Array;
  /** null for a file provider, which makes its own increment. */
  readonly prepared: Omit<PreparedSignature, 'bytes'> | null;
  /** What was appended to the source; with the source it gives the prepared bytes. */
  readonly increment: Uint8Array | null;
  readonly signedAt: Instant;
  readonly expiresAt: Instant;
  readonly outcomeCode: string | null;
}

export type QuarantineReason = 'late' | 'second' | 'cancelled' | 'refused';

/** A result that was not accepted: kept as evidence, with a notice for the agency. */
export interface Quarantined {
  readonly id: string;
  readonly sessionId: string;
  readonly documentId: DocumentId;
  readonly subject: string;
  readonly reason: QuarantineReason;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly signerName: string;
  readonly receivedAt: Instant;
}

export type UpgradeTarget = 'B-LT' | 'B-LTA';

/** Timestamps and evidence that are still to come, or have come. */
export interface Upgrade {
  readonly documentId: DocumentId;
  readonly target: UpgradeTarget;
  readonly reached: SignatureLevel;
  readonly status: 'pending' | 'done' | 'failed';
  readonly attempts: number;
  readonly lastErrorCode: string | null;
  readonly requestedAt: Instant;
  readonly changedAt: Instant;
}

export interface LeasedUpgrade extends Upgrade {
  readonly leaseToken: string;
}
