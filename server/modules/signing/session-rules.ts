// Pure rules of signing sessions, of counted PINs and of upgrades: what may still be accepted, and what is too late.

import { err, ok, type Result } from '../../shared/result.ts';
import { plusMillis, type Instant } from '../../shared/time.ts';
import type { Refusal, SigningErrorCode } from './errors.ts';
import type { SignatureLevel } from './ports.ts';
import type { QuarantineReason, SigningSession, UpgradeTarget } from './session.ts';

type Lateness = Pick<SigningSession, 'status' | 'expiresAt'>;

/** Why an answer to this session is not accepted any more; null while it is. */
export function findLateness({ status, expiresAt }: Lateness, now: Instant): QuarantineReason | null {
  if (status === 'completed') return 'second';
  if (status === 'cancelled') return 'cancelled';
  if (status === 'refused') return 'refused';
  return status === 'expired' || expiresAt <= now ? 'late' : null;
}

const LATENESS_CODES: Readonly<Record<QuarantineReason, SigningErrorCode>> = {
  late: 'SIGNING_SESSION_EXPIRED',
  second: 'SIGNING_SESSION_USED',
  cancelled: 'SIGNING_SESSION_CANCELLED',
  refused: 'SIGNING_SESSION_USED',
};
export const latenessCode = (reason: QuarantineReason): SigningErrorCode => LATENESS_CODES[reason];

/** The version that a session was opened for must still be the latest one, byte for byte. */
export function checkSource(
  session: Pick<SigningSession, 'version' | 'sourceSha256'>,
  latest: { readonly version: number; readonly sha256: string },
): Result<null, Refusal> {
  if (latest.version === session.version && latest.sha256 === session.sourceSha256) return ok(null);
  return err({
    code: 'SIGNING_SOURCE_CHANGED',
    message: `Expected version ${session.version} of the document, but the latest is ${latest.version}`,
    details: { version: session.version, latest: latest.version },
  });
}

export const MAX_PIN_TRIES = 5;
const PIN_LOCK_MS = 15 * 60_000;

export interface PinCount {
  readonly failedPins: number;
  readonly lockedUntil: Instant | null;
}

/** After the last try the key rests; guessing a PIN of six digits would take centuries. */
export function countWrongPin(failedPins: number, now: Instant): PinCount {
  const failed = failedPins + 1;
  return failed >= MAX_PIN_TRIES
    ? { failedPins: 0, lockedUntil: plusMillis(now, PIN_LOCK_MS) }
    : { failedPins: failed, lockedUntil: null };
}

export function checkPinLock(lockedUntil: Instant | null, now: Instant): Result<null, Refusal> {
  if (lockedUntil === null || lockedUntil <= now) return ok(null);
  return err({
    code: 'SIGNING_PIN_LOCKED',
    message: `Expected a key that is not locked, but it is until ${lockedUntil}`,
    details: { lockedUntil },
  });
}

const LEVELS: readonly SignatureLevel[] = ['B-B', 'B-T', 'B-LT', 'B-LTA'];

export const hasLevel = (reached: SignatureLevel, target: UpgradeTarget): boolean =>
  LEVELS.indexOf(reached) >= LEVELS.indexOf(target);

const FIRST_BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 60 * 60_000;

/** An authority that is silent is asked less and less often, but for ever: a proof later is better than none. */
export const upgradeBackoffMs = (attempts: number): number =>
  Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts, 12));

/** Faults of the file or its certificates: no later try can help. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'SIGNING_NOT_SIGNED',
  'SIGNING_SIGNATURE_BROKEN',
  'SIGNING_PDF_UNREADABLE',
  'SIGNING_CERTIFICATE_UNTRUSTED',
  'SIGNING_CERTIFICATE_EXPIRED',
  'SIGNING_CERTIFICATE_REVOKED',
  'SIGNING_WOULD_BREAK_SIGNATURE',
]);
export const isFinalUpgradeError = (code: string): boolean => FINAL_CODES.has(code);
