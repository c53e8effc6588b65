// Builds the objects of one process from the platform: the only place that knows which adapter stands behind which
// port. No container and no registration order: constructor calls, top to bottom.

import { randomUUID } from 'node:crypto';
import { createArchivePackager } from '../adapters/archive/packager.ts';
import { createEdxmlCodec } from '../adapters/exchange/edxml/codec.ts';
import { createMetrics, type Metrics } from '../adapters/metrics/metrics.ts';
import { createLoopbackTransport } from '../adapters/exchange/loopback-transport.ts';
import { createPasswordHasher } from '../adapters/ids/password-hasher.ts';
import { createTokenSource } from '../adapters/ids/token-source.ts';
import { createPdfInspector } from '../adapters/pdf/inspector.ts';
import { createLetterRenderer } from '../adapters/pdf/letter-renderer.ts';
import { createPdfSigner } from '../adapters/pdf/signer.ts';
import { createTwoStepSigner } from '../adapters/pdf/two-step.ts';
import { BROWSER_KEY, createLocalServiceProvider } from '../adapters/signing/local-service.ts';
import { createSignatureExtender } from '../adapters/signing/long-term.ts';
import { createTokenProvider } from '../adapters/signing/pkcs11.ts';
import { createCredentialOpener } from '../adapters/signing/pkcs12.ts';
import { createFileValidator } from '../adapters/signing/validation/file-validator.ts';
import { createValidationPool } from '../adapters/signing/validation/pool.ts';
import { createSignatureReader } from '../adapters/signing/signature-reader.ts';
import { createSignerChecker } from '../adapters/signing/signer-check.ts';
import { createTestAuthority } from '../adapters/signing/test-authority.ts';
import { createTimestampSource } from '../adapters/signing/tsa-client.ts';
import { createFlow, findWorkingCalendar, type Flow, type FlowDeps } from '../flow/index.ts';
import type { PasswordHasher, TokenSource } from '../modules/agencies/index.ts';
import type { ArchivePackager } from '../modules/archive/index.ts';
import { createRuntime, type HistorySettings, type Runtime } from '../runtime/index.ts';
import type { Key } from '../shared/ids.ts';
import type { Platform } from './boot.ts';
import { DEFAULT_SIGNING, evidenceGuard, type SigningSettings, timestampGuard } from './signing-settings.ts';

export interface Services {
  readonly runtime: Runtime;
  readonly flow: Flow;
  readonly files: FlowDeps & { readonly packager: ArchivePackager };
  readonly hasher: PasswordHasher;
  readonly tokens: TokenSource;
  readonly metrics: Metrics;
}

/** Where keys may be, besides in this database. */
const providersOf = ({ pkcs11, localServiceOrigin }: SigningSettings): FlowDeps['providers'] => [
  BROWSER_KEY,
  ...(pkcs11 === null ? [] : [createTokenProvider(pkcs11)]),
  ...(localServiceOrigin === null ? [] : [createLocalServiceProvider(localServiceOrigin)]),
];

export function wire(
  platform: Platform,
  signing: SigningSettings = DEFAULT_SIGNING,
  eventHistory?: HistorySettings,
): Services {
  const { transactions, statements, clock, keys, carrier, news, contentStore, logger } = platform;
  const wake = (jobKeys: readonly Key[]): void => {
    // Best effort: what is not offered now, the reconciler offers later.
    carrier.offer(jobKeys.map((jobKey) => ({ jobKey, offerId: randomUUID() }))).catch((error: unknown) => {
      logger.warn({ err: error, jobs: jobKeys.length }, 'The queue did not take the offers; the reconciler will');
    });
  };
  const tokens = createTokenSource();
  const metrics = createMetrics();
  const runtime = createRuntime({
    transactions,
    statements,
    clock,
    keys,
    wake,
    news,
    metrics,
    findCalendar: findWorkingCalendar,
    ...(eventHistory !== undefined && { eventHistory }),
  });
  const files = {
    transactions,
    clock,
    runtime,
    contentStore,
    inspector: createPdfInspector(),
    renderer: createLetterRenderer(),
    signer: createPdfSigner(),
    reader: createSignatureReader(),
    validator: createFileValidator(createValidationPool(), evidenceGuard(signing)),
    opener: createCredentialOpener(),
    authority: createTestAuthority(),
    twoStep: createTwoStepSigner(),
    checker: createSignerChecker(evidenceGuard(signing)),
    extender: createSignatureExtender(evidenceGuard(signing)),
    configuredTimestamps: (trust: readonly Uint8Array[]) => {
      const url = signing.tsaUrl;
      return url === null ? null : createTimestampSource({ url, guard: timestampGuard(signing, url), trust });
    },
    providers: providersOf(signing),
    tokens,
    codec: createEdxmlCodec(),
    // Every agency of the sample province lives on this node; a remote node gets a transport of its own.
    transport: createLoopbackTransport(() => flow.endpoint),
    packager: createArchivePackager(),
  };
  const flow: Flow = createFlow(files);
  return { runtime, flow, files, hasher: createPasswordHasher(), tokens, metrics };
}
