// What the command line may ask over the network while it signs or verifies.

import type { HttpGuard } from '../adapters/signing/guarded-http.ts';
import type { Arguments } from './arguments.ts';

const FETCH_TIMEOUT_MS = 20_000;
const MAX_FETCH_BYTES = 16 * 1024 * 1024;

/** Hosts that the user has typed may be private; addresses from certificates must be public. */
export function guardFor(args: Arguments, urls: readonly string[]): HttpGuard {
  const typed = urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
  return {
    publicHosts: ['*'],
    trustedHosts: [...args.texts('allow-host'), ...typed],
    timeoutMs: FETCH_TIMEOUT_MS,
    maxBytes: MAX_FETCH_BYTES,
  };
}
