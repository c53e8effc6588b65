// What an installation is told about signing: which hosts may be asked for revocation data, which authority gives timestamps,
// and where keys may be. Read from the environment once; without any of it, browsers may sign and the node's own test
// authority gives timestamps.

import type { HttpGuard } from '../adapters/signing/guarded-http.ts';
import { StartupError } from './startup-error.ts';

export interface SigningSettings {
  /** Hosts of authorities (CRL, OCSP, issuers): exact, or `*.suffix`. */
  readonly publicHosts: readonly string[];
  /** Hosts that may have private addresses. */
  readonly trustedHosts: readonly string[];
  readonly tsaUrl: string | null;
  readonly pkcs11: { readonly modulePath: string; readonly tokenLabel?: string } | null;
  /** Origin of the local signing service, `wss://127.0.0.1:8987`. */
  readonly localServiceOrigin: string | null;
}

export const DEFAULT_SIGNING: SigningSettings = {
  publicHosts: ['*.gov.vn'],
  trustedHosts: [],
  tsaUrl: null,
  pkcs11: null,
  localServiceOrigin: null,
};

type Environment = Readonly<Record<string, string | undefined>>;

const listOf = (text: string | undefined): readonly string[] | undefined =>
  text
    ?.split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');

function readAddress(env: Environment, name: string, protocols: readonly string[]): URL | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol)) throw new StartupError('FLAG_INVALID', name);
  return url;
}

/** Throws StartupError FLAG_INVALID. */
export function loadSigningSettings(env: Environment): SigningSettings {
  const modulePath = env['TRAM_PKCS11_MODULE'];
  const tokenLabel = env['TRAM_PKCS11_TOKEN'];
  const label = tokenLabel === undefined || tokenLabel === '' ? {} : { tokenLabel };
  const service = readAddress(env, 'TRAM_SIGN_SERVICE', ['ws:', 'wss:']);
  return {
    publicHosts: listOf(env['TRAM_CA_HOSTS']) ?? DEFAULT_SIGNING.publicHosts,
    trustedHosts: listOf(env['TRAM_CA_TRUSTED_HOSTS']) ?? [],
    tsaUrl: readAddress(env, 'TRAM_TSA_URL', ['http:', 'https:'])?.href ?? null,
    pkcs11: modulePath === undefined || modulePath === '' ? null : { modulePath, ...label },
    localServiceOrigin: service === null ? null : `${service.protocol}//${service.host}`,
  };
}

const EVIDENCE_TIMEOUT_MS = 10_000;
/** The state's own authority was seen to take 2 to 131 seconds. */
const TSA_TIMEOUT_MS = 180_000;
const EVIDENCE_BYTES = 10 * 1024 * 1024;

export const evidenceGuard = (settings: SigningSettings): HttpGuard => ({
  publicHosts: settings.publicHosts,
  trustedHosts: settings.trustedHosts,
  timeoutMs: EVIDENCE_TIMEOUT_MS,
  maxBytes: EVIDENCE_BYTES,
});

/** The operator has named this very host, so it may have a private address. */
export const timestampGuard = (settings: SigningSettings, url: string): HttpGuard => ({
  ...evidenceGuard(settings),
  trustedHosts: [...settings.trustedHosts, new URL(url).hostname.replace(/^\[|\]$/g, '')],
  timeoutMs: TSA_TIMEOUT_MS,
});
