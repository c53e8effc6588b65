// Step 3, dispatch: one package per recipient, sent through the exchange transport, tracked by the statuses that the
// recipient sends back. Sending is at least once with a message id that never changes; the other side keeps one.

import { getAgency } from '../modules/agencies/index.ts';
import { recordAudit } from '../modules/audit/index.ts';
import { getDocument, recordDispatched } from '../modules/documents/index.ts';
import {
  buildDocumentEnvelope,
  createPackages,
  deliveryStatusOf,
  type Envelope,
  getPackage,
  readWireCode,
  type Receipt,
  recordIncomingStatus,
  recordSent,
  type StatusMessage,
} from '../modules/exchange/index.ts';
import { completed, giveUp, type JobHandler } from '../runtime/index.ts';
import type { Tx } from '../shared/transactions.ts';
import { documentIdOf, type FlowDeps, packageIdOf } from './types.ts';

/** A recipient's answer waits this long for a process that is not there yet. */
const ACKNOWLEDGEMENT_TTL_MS = 365 * 24 * 60 * 60 * 1000;

export function packageDocument(): JobHandler {
  return {
    async record(tx, job, _performed, now) {
      const document = await getDocument(tx, documentIdOf(job));
      const sender = await getAgency(tx, document.agencyId);
      const packages = await createPackages(tx, { document, sender, recipients: document.recipients }, now);
      await recordDispatched(tx, document.id, now);
      return completed({
        packages: packages.map((item) => ({ packageId: item.id, recipientId: item.recipientId })),
      });
    },
  };
}

export function sendPackage(deps: FlowDeps): JobHandler<Receipt> {
  return {
    async perform(job) {
      const envelope = await deps.transactions.run((tx) => buildDocumentEnvelope(tx, deps, packageIdOf(job)));
      return deps.transport.send(envelope);
    },
    async record(tx, job, receipt, now) {
      if (!receipt.accepted)
        return giveUp(`The recipient's node refused the package: ${receipt.code} ${receipt.reason}`);
      await recordSent(tx, packageIdOf(job), receipt, now);
      return completed({ sentAt: now });
    },
  };
}

/** No acknowledgement in time: noted in the history of the document, so that somebody looks (QĐ 28/2018 Đ8). */
export function reportSilence(): JobHandler {
  return {
    async record(tx, job, _performed, now) {
      const item = await getPackage(tx, packageIdOf(job));
      const document = await getDocument(tx, documentIdOf(job));
      await recordAudit(tx, {
        at: now,
        actor: null,
        agencyId: document.agencyId,
        action: 'package.unacknowledged',
        subjectKind: 'document',
        subjectId: document.id,
        details: { packageId: item.id, recipientId: item.recipientId },
      });
      return completed({});
    },
  };
}

/** A status message arrived at the sender: stored, and told to the process that waits for the acknowledgement. */
export async function receiveStatus(tx: Tx, deps: FlowDeps, message: StatusMessage, envelope: Envelope): Promise<void> {
  const delivery = await recordIncomingStatus(tx, message, envelope, deps.clock.now());
  const code = readWireCode(message.statusCode);
  const reported = code === null ? null : deliveryStatusOf(code);
  if (reported !== 'accepted' && reported !== 'refused') return;
  await deps.runtime.publishMessage(tx, {
    name: 'package-acknowledged',
    correlationKey: delivery.packageId,
    variables: { deliveryStatus: reported },
    timeToLiveMs: ACKNOWLEDGEMENT_TTL_MS,
    messageId: reported,
  });
}
