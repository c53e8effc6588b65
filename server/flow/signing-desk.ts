// What a signer can do beside completing one task with a key of this server: see the ways to sign, sign in a session, sign
// many documents at one confirmation. Each document is a transaction of its own and gets a result of its own.

import {
  getSession,
  handleQuarantined,
  listQuarantined,
  recordWrongPin,
  signingError,
  type Quarantined,
  type SignatureRole,
  type SigningProvider,
  type SigningSession,
} from '../modules/signing/index.ts';
import type { DocumentId, Key } from '../shared/ids.ts';
import type { Actor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import type { AgencySignatureInput, PersonalSignatureInput } from './2-sign.ts';
import { anchorsOf } from './signing-places.ts';
import {
  answerByPerson,
  answerByService,
  cancelSigning,
  openSigningSession,
  type OpenedSession,
  type OpenSessionInput,
  readHandedFile,
  signWithToken,
  type TokenSigningInput,
} from './signing-sessions.ts';
import { openSigningTask } from './signing-task.ts';
import type { Tx } from '../shared/transactions.ts';
import type { FlowDeps } from './types.ts';

/** One confirmation signs at most so many. */
export const MAX_BATCH = 50;

export type SigningInput =
  | { readonly action: 'sign.personal'; readonly body: PersonalSignatureInput }
  | { readonly action: 'sign.agency'; readonly body: AgencySignatureInput };

/** Completes a task of signing with a key of this server. */
export type PerformSigning = (tx: Tx, actor: Actor, taskKey: Key, input: SigningInput) => Promise<unknown>;

export interface BatchInput {
  readonly taskKeys: readonly Key[];
  readonly provider: 'server-key' | 'pkcs11';
  readonly pin: string;
}

export interface BatchResult {
  readonly taskKey: Key;
  readonly documentId: DocumentId | null;
  /** null: signed. */
  readonly problem: AppError | null;
}

export interface SigningOptions {
  readonly role: SignatureRole;
  readonly holderName: string;
  readonly providers: readonly SigningProvider[];
  readonly anchors: ReturnType<typeof anchorsOf>;
  readonly pageCount: number;
}

export interface SigningDesk {
  readonly providers: readonly SigningProvider[];
  describe(actor: Actor, taskKey: Key): Promise<SigningOptions>;
  open(actor: Actor, input: OpenSessionInput): Promise<OpenedSession>;
  find(actor: Actor, sessionId: string): Promise<SigningSession>;
  answer(actor: Actor, sessionId: string, signature: Uint8Array): Promise<SigningSession>;
  cancel(actor: Actor, sessionId: string): Promise<SigningSession>;
  signWithToken(actor: Actor, input: TokenSigningInput): Promise<SigningSession>;
  readFile(token: string): Promise<{ readonly bytes: Uint8Array; readonly fileName: string }>;
  answerWithFile(token: string, bytes: Uint8Array): Promise<SigningSession>;
  signBatch(actor: Actor, input: BatchInput): Promise<readonly BatchResult[]>;
  listQuarantined(actor: Actor): Promise<readonly Quarantined[]>;
  handleQuarantined(actor: Actor, id: string): Promise<void>;
  /** Runs the work; a wrong PIN is counted after its rollback, and the error says how many tries are left. */
  countingPins<T>(work: () => Promise<T>): Promise<T>;
}

export function openSigningDesk(deps: FlowDeps, perform: PerformSigning): SigningDesk {
  const countingPins = <T>(work: () => Promise<T>): Promise<T> => countWrongPins(deps, work);
  return {
    providers: deps.providers,
    describe: (actor, taskKey) => describeTask(deps, actor, taskKey),
    open: (actor, input) => openSigningSession(deps, actor, input),
    find: (actor, sessionId) => deps.transactions.run((tx) => getSession(tx, actor, sessionId)),
    answer: (actor, sessionId, signature) => answerByPerson(deps, actor, sessionId, signature),
    cancel: (actor, sessionId) => cancelSigning(deps, actor, sessionId),
    signWithToken: (actor, input) => signWithToken(deps, actor, input),
    readFile: (token) => readHandedFile(deps, token),
    answerWithFile: (token, bytes) => answerByService(deps, token, bytes),
    signBatch: (actor, input) => signBatch(deps, perform, actor, input),
    listQuarantined: (actor) => deps.transactions.run((tx) => listQuarantined(tx, actor)),
    handleQuarantined: (actor, id) => deps.transactions.run((tx) => handleQuarantined(tx, actor, id, deps.clock.now())),
    countingPins,
  };
}

async function describeTask(deps: FlowDeps, actor: Actor, taskKey: Key): Promise<SigningOptions> {
  return deps.transactions.run(async (tx) => {
    const task = await openSigningTask(tx, deps, actor, taskKey);
    return {
      role: task.role,
      holderName: task.holderName,
      providers: deps.providers,
      anchors: anchorsOf(task.version),
      pageCount: task.version.pageCount,
    };
  });
}

async function countWrongPins<T>(deps: FlowDeps, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'SIGNING_PIN_WRONG') throw error;
    const { credentialId } = error.details;
    if (typeof credentialId !== 'string') throw error;
    const left = await deps.transactions.run((tx) => recordWrongPin(tx, credentialId, deps.clock.now()));
    const code = left.lockedUntil === null ? 'SIGNING_PIN_WRONG' : 'SIGNING_PIN_LOCKED';
    throw signingError({ code, message: error.message, details: { ...left } });
  }
}

/** A wrong PIN stops the rest: fifty tries with it would only lock the key. */
const STOPPING: ReadonlySet<string> = new Set(['SIGNING_PIN_WRONG', 'SIGNING_PIN_LOCKED', 'SIGNING_TOKEN_ABSENT']);

async function signBatch(
  deps: FlowDeps,
  perform: PerformSigning,
  actor: Actor,
  input: BatchInput,
): Promise<readonly BatchResult[]> {
  const results: BatchResult[] = [];
  let isStopped = false;
  for (const taskKey of input.taskKeys) {
    if (isStopped) {
      const problem = signingError({
        code: 'SIGNING_BATCH_STOPPED',
        message: 'The batch stopped before this document',
      });
      results.push({ taskKey, documentId: null, problem });
      continue;
    }
    const result = await signOne(deps, perform, actor, { ...input, taskKey });
    isStopped = result.problem !== null && STOPPING.has(result.problem.code);
    results.push(result);
  }
  return results;
}

async function signOne(
  deps: FlowDeps,
  perform: PerformSigning,
  actor: Actor,
  { taskKey, provider, pin }: Omit<BatchInput, 'taskKeys'> & { readonly taskKey: Key },
): Promise<BatchResult> {
  try {
    if (provider === 'pkcs11') {
      const { documentId } = await signWithToken(deps, actor, { taskKey, pin });
      return { taskKey, documentId, problem: null };
    }
    const documentId = await countWrongPins(deps, () =>
      deps.transactions.run(async (tx) => {
        const { role, document } = await openSigningTask(tx, deps, actor, taskKey);
        if (role === 'personal') {
          await perform(tx, actor, taskKey, { action: 'sign.personal', body: { outcome: 'sign', pin } });
        } else await perform(tx, actor, taskKey, { action: 'sign.agency', body: { pin } });
        return document.id;
      }),
    );
    return { taskKey, documentId, problem: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'bug') throw error;
    return { taskKey, documentId: null, problem: error };
  }
}
