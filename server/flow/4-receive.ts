// Step 4, receive: a package arrives, is checked, registered or refused, assigned and handled; every step reports its
// status to the sender (QĐ 28/2018 Đ9). The same code serves the loopback transport and a remote node.

import { getAgency } from '../modules/agencies/index.ts';
import {
  assignDocument,
  beginHandling,
  completeHandling,
  createIncoming,
  type Document,
  getDocument,
  linkInstance,
  loadVersion,
  recordAccepted,
  recordRefused,
} from '../modules/documents/index.ts';
import {
  buildStatusEnvelope,
  type Envelope,
  type ExchangeEndpoint,
  getIncomingPackage,
  readWireCode,
  type Receipt,
  recordStatusSent,
  statusName,
  storeIncoming,
  type WireStatusCode,
} from '../modules/exchange/index.ts';
import { registerIncoming } from '../modules/registers/index.ts';
import { loadTrust, requestUpgrade, validateSignatures } from '../modules/signing/index.ts';
import { type FileReport, type FileTrust, loadAnchors, recordValidation } from '../modules/validation/index.ts';
import { completed, giveUp, type Job, type JobHandler } from '../runtime/index.ts';
import { AppError } from '../shared/app-error.ts';
import { asId, type UserId } from '../shared/ids.ts';
import { type Instant, type LocalDate, localDateOf, yearOf } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import { receiveStatus } from './3-dispatch.ts';
import { documentIdOf, type FlowDeps, packageIdOf, type TaskCommand, type TaskContext } from './types.ts';

/** What a node answers to another node. A refusal by a rule is a receipt; trouble of ours is thrown and tried again. */
export function createEndpoint(deps: FlowDeps): ExchangeEndpoint {
  return {
    async receive(envelope) {
      try {
        return await deps.transactions.run((tx) => receiveEnvelope(tx, deps, envelope));
      } catch (error) {
        if (error instanceof AppError && (error.kind === 'rule' || error.kind === 'not-found')) {
          return { accepted: false, messageId: envelope.messageId, code: error.code, reason: error.message };
        }
        throw error;
      }
    },
  };
}

async function receiveEnvelope(tx: Tx, deps: FlowDeps, envelope: Envelope): Promise<Receipt> {
  const now = deps.clock.now();
  const stored = await storeIncoming(tx, deps, envelope, now);
  if (stored.kind === 'duplicate') return stored.receipt;
  if (stored.kind === 'status') {
    await receiveStatus(tx, deps, stored.message, envelope);
    return stored.receipt;
  }
  const document = await createIncoming(tx, deps, stored.arrival, now);
  await requestUpgrade(tx, deps, document.id, 'B-LT', now);
  const instanceKey = await deps.runtime.startInstance(tx, {
    processId: 'incoming-document',
    tenantId: document.agencyId,
    businessKey: document.id,
    variables: {
      documentId: document.id,
      agencyId: document.agencyId,
      packageId: stored.packageId,
      urgency: document.urgency,
    },
    actorId: null,
  });
  await linkInstance(tx, document.id, instanceKey);
  return stored.receipt;
}

/** The three checks of QĐ 28/2018 Đ9(1); the result is shown to the clerk, who decides. */
export function verifyArrival(deps: FlowDeps): JobHandler<FileReport> {
  return {
    async perform(job) {
      const now = deps.clock.now();
      const { bytes, trust } = await deps.transactions.run(async (tx) => ({
        bytes: (await loadVersion(tx, deps, documentIdOf(job))).bytes,
        trust: await trustOf(tx, deps, now),
      }));
      // In a thread and outside of any transaction: the file is somebody else's, and may take its time.
      return deps.validator.validate(bytes, trust, now);
    },
    async record(tx, job, report, now) {
      const documentId = documentIdOf(job);
      const { bytes } = await loadVersion(tx, deps, documentId);
      const check = await validateSignatures(tx, deps, bytes);
      await recordValidation(tx, documentId, report, now);
      const reasons = report.reasons.map(({ domainCode }) => domainCode).filter((code) => code !== '');
      const signatureReasons = [...new Set([...check.reasons, ...reasons])];
      return completed({ signatureVerdict: report.verdict, signatureReasons, checks: threeChecks(signatureReasons) });
    },
  };
}

/** The roots of this node and what its administrators have entered. */
async function trustOf(tx: Tx, deps: FlowDeps, now: Instant): Promise<FileTrust> {
  const own = await loadTrust(tx, deps, now);
  const { roots, intermediates } = await loadAnchors(tx, now);
  return { roots: [...own.roots, ...roots], intermediates, lists: own.lists };
}

const INTEGRITY: ReadonlySet<string> = new Set(['SAI_TOAN_VEN', 'DAU_THOI_GIAN_SAI']);
const COMPLETENESS: ReadonlySet<string> = new Set(['THIEU_TEP', 'THIEU_THONG_TIN', 'KHONG_CHU_KY']);

/** Đầy đủ, toàn vẹn, xác thực: each passes unless a reason of its kind was found. */
function threeChecks(reasons: readonly string[]): Readonly<Record<'complete' | 'intact' | 'authentic', boolean>> {
  const isOther = (reason: string): boolean => !INTEGRITY.has(reason) && !COMPLETENESS.has(reason);
  return {
    complete: !reasons.some((reason) => COMPLETENESS.has(reason)),
    intact: !reasons.some((reason) => INTEGRITY.has(reason)),
    authentic: !reasons.some((reason) => isOther(reason) || reason === 'KHONG_CHU_KY'),
  };
}

/** Sends the status of the header `status`. The job key is the message id, so that repeating it has one effect. */
export function reportStatus(deps: FlowDeps): JobHandler<{ envelope: Envelope; receipt: Receipt }> {
  return {
    async perform(job) {
      const envelope = await deps.transactions.run((tx) => buildStatus(tx, deps, job));
      return { envelope, receipt: await deps.transport.send(envelope) };
    },
    async record(tx, job, { envelope, receipt }, now) {
      if (!receipt.accepted) return giveUp(`The sender's node refused the status: ${receipt.code} ${receipt.reason}`);
      const sent = { incomingPackageId: packageIdOf(job), statusCode: statusCodeOf(job), envelope };
      await recordStatusSent(tx, sent, now);
      return completed({});
    },
  };
}

function statusCodeOf(job: Job): WireStatusCode {
  const code = readWireCode(job.headers['status'] ?? '');
  if (code === null)
    throw new AppError('rule', 'FLOW_HEADER_MISSING', `Job ${job.type} needs a known status as header`);
  return code;
}

async function buildStatus(tx: Tx, deps: FlowDeps, job: Job): Promise<Envelope> {
  const statusCode = statusCodeOf(job);
  const document = await getDocument(tx, documentIdOf(job));
  const incoming = await getIncomingPackage(tx, packageIdOf(job));
  const agency = await getAgency(tx, document.agencyId);
  return buildStatusEnvelope(
    tx,
    deps,
    {
      incomingPackageId: incoming.id,
      statusCode,
      description: describeStatus(statusCode, document),
      staff: { department: agency.name, name: 'Văn thư' },
      messageId: `status-${job.key}`,
    },
    deps.clock.now(),
  );
}

function describeStatus(code: WireStatusCode, document: Document): string {
  if (code === '02' && document.refusalReason !== null)
    return `${document.refusalCode ?? ''}: ${document.refusalReason}`;
  if (code === '03' && document.arrivalNumber !== null) return `${statusName(code)}, số đến ${document.arrivalNumber}`;
  return statusName(code);
}

export interface RegisterInput {
  readonly outcome: 'accept' | 'refuse';
  readonly reasonCode?: string | undefined;
  readonly reason?: string | undefined;
}

export const register: TaskCommand<RegisterInput> = async (tx, { actor, documentId, now }, input) => {
  if (input.outcome === 'refuse') {
    const refusal = { reasonCode: input.reasonCode ?? '', reason: input.reason ?? '' };
    await recordRefused(tx, actor, documentId, refusal, now);
    return { outcome: 'refuse' };
  }
  const document = await getDocument(tx, documentId);
  const arrivedOn = localDateOf(now);
  const { arrivalNumber } = await registerIncoming(
    tx,
    {
      agencyId: document.agencyId,
      year: yearOf(arrivedOn),
      documentId,
      arrivedOn,
      originName: document.originName,
      documentCode: document.documentCode ?? '',
      issuedOn: document.issuedOn ?? arrivedOn,
      documentTypeName: document.documentTypeName,
      subject: document.subject,
    },
    now,
  );
  await recordAccepted(tx, actor, documentId, { arrivalNumber, arrivedOn }, now);
  return { outcome: 'accept', arrivalNumber };
};

export interface AssignInput {
  readonly leadId: string;
  readonly supportIds: readonly string[];
  readonly instruction: string;
  readonly dueOn: string | null;
}

export const assign: TaskCommand<AssignInput> = async (tx, { actor, documentId, now }, input) => {
  const assignment = {
    leadId: asId<UserId>(input.leadId),
    supportIds: input.supportIds.map((id) => asId<UserId>(id)),
    instruction: input.instruction,
    dueOn: input.dueOn === null ? null : asId<LocalDate>(input.dueOn),
  };
  await assignDocument(tx, actor, documentId, assignment, now);
  return { leadId: input.leadId };
};

/** The first act of the handler: told to the process once, which then reports status 05. */
export async function startHandling(tx: Tx, deps: FlowDeps, context: TaskContext): Promise<void> {
  const { actor, documentId, now } = context;
  await beginHandling(tx, actor, documentId, now);
  await deps.runtime.publishMessage(tx, {
    name: 'handling-started',
    correlationKey: documentId,
    variables: {},
    timeToLiveMs: 24 * 60 * 60 * 1000,
    messageId: 'handling-started',
  });
}

export interface HandleInput {
  readonly outcome: string;
}

export function handle(deps: FlowDeps): TaskCommand<HandleInput> {
  return async (tx, context, input) => {
    await startHandling(tx, deps, context);
    await completeHandling(tx, context.actor, context.documentId, { outcome: input.outcome }, context.now);
    return { handlingOutcome: input.outcome };
  };
}
