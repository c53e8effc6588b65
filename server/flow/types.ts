// What the steps of a document's path are built from. `flow` is the one seam between processes and documents: it maps
// job types to handlers and screens (form references) to domain commands, each in the transaction of its engine step.

import type { LetterRenderer, PdfInspector, ContentStore } from '../modules/documents/index.ts';
import type { ExchangeCodec, ExchangeTransport } from '../modules/exchange/index.ts';
import type { TokenSource } from '../modules/agencies/index.ts';
import type {
  CredentialOpener,
  PdfSigner,
  SignatureExtender,
  SignatureReader,
  SignerChecker,
  SigningProvider,
  TestAuthority,
  TimestampSource,
  TwoStepSigner,
} from '../modules/signing/index.ts';
import type { FileValidator } from '../modules/validation/index.ts';
import type { Job, OpenTask, Runtime, Variables } from '../runtime/index.ts';
import type { Actor } from '../shared/actor.ts';
import { groupsOf } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import type { Clock } from '../shared/clock.ts';
import { asId, type DocumentId, type PackageId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Transactions, Tx } from '../shared/transactions.ts';
import type { TaskActor } from '../runtime/index.ts';

export interface FlowDeps {
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly runtime: Runtime;
  readonly contentStore: ContentStore;
  readonly inspector: PdfInspector;
  readonly renderer: LetterRenderer;
  readonly signer: PdfSigner;
  readonly reader: SignatureReader;
  /** Judges whole files, in threads. */
  readonly validator: FileValidator;
  readonly opener: CredentialOpener;
  readonly authority: TestAuthority;
  readonly twoStep: TwoStepSigner;
  readonly checker: SignerChecker;
  readonly extender: SignatureExtender;
  /** The configured time-stamping authority, which must chain to these roots; null when none is configured. */
  readonly configuredTimestamps: (roots: readonly Uint8Array[]) => TimestampSource | null;
  /** Where keys outside of this database may be; empty: nowhere. */
  readonly providers: readonly SigningProvider[];
  readonly tokens: TokenSource;
  readonly codec: ExchangeCodec;
  readonly transport: ExchangeTransport;
}

export interface TaskContext {
  readonly actor: Actor;
  readonly open: OpenTask;
  readonly documentId: DocumentId;
  readonly now: Instant;
}

/**
 * The domain command of a user task. Runs in the transaction that completes the task; what it returns becomes the
 * task's result in the process. Throws AppError to refuse, which undoes everything.
 */
export type TaskCommand<Input> = (tx: Tx, context: TaskContext, input: Input) => Promise<Variables>;

export const taskActorOf = (actor: Actor): TaskActor => ({
  userId: actor.userId,
  tenantId: actor.agencyId,
  groups: groupsOf(actor),
});

/** The document that an instance is about: its business key. */
export function documentIdOf(subject: { readonly businessKey: string | null }): DocumentId {
  if (subject.businessKey === null) throw new AppError('bug', 'INSTANCE_WITHOUT_DOCUMENT', 'No business key');
  return asId<DocumentId>(subject.businessKey);
}

export function packageIdOf(job: Job): PackageId {
  const value = job.variables['packageId'];
  if (typeof value !== 'string') {
    throw new AppError('rule', 'FLOW_VARIABLE_MISSING', `Job ${job.type} needs the variable packageId`, {
      details: { jobType: job.type, variable: 'packageId' },
    });
  }
  return asId<PackageId>(value);
}
