// One entry of the trust list: a certificate that this node believes for a period, and who decided so and why.

import type { UserId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';

export type AnchorKind = 'root' | 'intermediate';

export interface TrustAnchor {
  readonly id: string;
  /** Of the certificate's DER, lower-case hex: what is compared by telephone before it is believed. */
  readonly sha256: string;
  readonly kind: AnchorKind;
  readonly name: string;
  readonly effectiveFrom: Instant;
  readonly effectiveTo: Instant | null;
  readonly reason: string;
  readonly addedBy: UserId;
  readonly retiredReason: string | null;
}

export interface NewAnchor {
  readonly certificate: Uint8Array;
  /** What the administrator has compared; must be that of the certificate. */
  readonly expectedSha256: string;
  readonly reason: string;
}

/** Short reasons say nothing to an inspector. */
export const MIN_REASON_LENGTH = 10;
