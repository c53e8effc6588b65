// The registry: job type → handler, screen of a user task → domain command. Adding a system step to a process means
// one handler here; a person's step without a command of its own is `generic` and needs no code at all.

import { recordAudit } from '../modules/audit/index.ts';
import type { Document, DraftInput } from '../modules/documents/index.ts';
import type { ExchangeEndpoint } from '../modules/exchange/index.ts';
import type { JobHandlers, OpenTask, UserTask, Variables } from '../runtime/index.ts';
import type { Actor } from '../shared/actor.ts';
import type { Key } from '../shared/ids.ts';
import type { Tx } from '../shared/transactions.ts';
import { openDraft, review, type ReviewInput, submit } from './1-draft.ts';
import {
  type AgencySignatureInput,
  allocateDocumentNumber,
  type PersonalSignatureInput,
  remindSend,
  sealWithAgencySignature,
  signPersonally,
  verifyBeforeDispatch,
} from './2-sign.ts';
import { packageDocument, reportSilence, sendPackage } from './3-dispatch.ts';
import {
  assign,
  type AssignInput,
  createEndpoint,
  handle,
  type HandleInput,
  register,
  type RegisterInput,
  reportStatus,
  startHandling,
  verifyArrival,
} from './4-receive.ts';
import { closeDocument, collectIntoCaseFile } from './5-archive.ts';
import { openSigningDesk, type SigningDesk } from './signing-desk.ts';
import { actionOf, type TaskAction } from './task-actions.ts';
import { upgradeNext } from './upgrade-signatures.ts';
import { documentIdOf, type FlowDeps, type TaskCommand, taskActorOf, type TaskContext } from './types.ts';

export type { BatchResult, SigningDesk, SigningOptions } from './signing-desk.ts';
export type { FlowDeps } from './types.ts';
export { taskActorOf } from './types.ts';
export { changeInstance, listInstanceChanges, previewInstanceChange } from './operations.ts';
export { findWorkingCalendar, OFFICE_CALENDAR } from './working-calendar.ts';

/** Input of each screen; the wire contract of the API has the same shapes (api/contract/tasks.ts). */
export interface TaskInputs {
  'draft.prepare': Record<string, never>;
  'draft.review': ReviewInput;
  'sign.personal': PersonalSignatureInput;
  'sign.agency': AgencySignatureInput;
  'receive.register': RegisterInput;
  'receive.assign': AssignInput;
  'receive.handle': HandleInput;
  generic: ReviewInput;
}
export type { TaskAction } from './task-actions.ts';

type TaskCommands = { readonly [A in TaskAction]: TaskCommand<TaskInputs[A]> };

export interface Flow {
  readonly jobHandlers: JobHandlers;
  /** The node's receiving side, for transports. */
  readonly endpoint: ExchangeEndpoint;
  openDraft(tx: Tx, actor: Actor, input: DraftInput): Promise<Document>;
  actionOf(task: Pick<UserTask, 'formReference'>): TaskAction;
  /** Completes the task together with its domain command. */
  performTask<A extends TaskAction>(tx: Tx, actor: Actor, taskKey: Key, input: TaskInput<A>): Promise<OpenTask>;
  claimTask(tx: Tx, actor: Actor, taskKey: Key): Promise<void>;
  /** Signing with keys outside of this server, and many documents at once. Opens its own transactions. */
  readonly signing: SigningDesk;
  /** One piece of work of the queue of timestamps and evidence; false when none is due. */
  upgradeNext(): Promise<boolean>;
}

export interface TaskInput<A extends TaskAction> {
  readonly action: A;
  readonly body: TaskInputs[A];
}

export function createFlow(deps: FlowDeps): Flow {
  const commands = taskCommands(deps);
  const flow: Omit<Flow, 'signing'> = {
    jobHandlers: jobHandlers(deps),
    endpoint: createEndpoint(deps),
    openDraft: (tx, actor, input) => openDraft(tx, deps, actor, input),
    actionOf,
    async performTask(tx, actor, taskKey, input) {
      const open = await deps.runtime.openTask(tx, taskActorOf(actor), taskKey);
      const command = commands[input.action];
      const variables: Variables = await command(tx, contextOf(deps, actor, open), input.body);
      await deps.runtime.completeTask(tx, open, { actorId: actor.userId, variables });
      return open;
    },
    async claimTask(tx, actor, taskKey) {
      const open = await deps.runtime.openTask(tx, taskActorOf(actor), taskKey);
      await deps.runtime.claimTask(tx, taskActorOf(actor), open);
      if (actionOf(open.task) === 'receive.handle') await startHandling(tx, deps, contextOf(deps, actor, open));
    },
    upgradeNext: () => upgradeNext(deps),
  };
  const signing = openSigningDesk(deps, (tx, actor, taskKey, input) =>
    input.action === 'sign.personal'
      ? flow.performTask(tx, actor, taskKey, input)
      : flow.performTask(tx, actor, taskKey, input),
  );
  return { ...flow, signing };
}

const contextOf = (deps: FlowDeps, actor: Actor, open: OpenTask): TaskContext => ({
  actor,
  open,
  documentId: documentIdOf(open.task),
  now: deps.clock.now(),
});

const jobHandlers = (deps: FlowDeps): JobHandlers => ({
  'sign.number': allocateDocumentNumber(deps),
  'sign.verify': verifyBeforeDispatch(deps),
  'dispatch.remind': remindSend(),
  'dispatch.package': packageDocument(),
  'dispatch.send': sendPackage(deps),
  'dispatch.track': reportSilence(),
  'receive.verify': verifyArrival(deps),
  'receive.report-status': reportStatus(deps),
  'archive.collect': collectIntoCaseFile(),
  'archive.close': closeDocument(deps),
});

const taskCommands = (deps: FlowDeps): TaskCommands => ({
  'draft.prepare': submit,
  'draft.review': review,
  'sign.personal': signPersonally(deps),
  'sign.agency': sealWithAgencySignature(deps),
  'receive.register': register,
  'receive.assign': assign,
  'receive.handle': handle(deps),
  generic: completeGeneric,
});

/** A person's step without a domain command: the outcome steers the process, the comment stands in the history. */
const completeGeneric: TaskCommand<ReviewInput> = async (tx, { actor, open, documentId, now }, input) => {
  await recordAudit(tx, {
    at: now,
    actor,
    agencyId: actor.agencyId,
    action: 'task.completed',
    subjectKind: 'document',
    subjectId: documentId,
    details: {
      elementId: open.task.elementId,
      taskName: open.task.name,
      outcome: input.outcome,
      comment: input.comment,
    },
  });
  return { outcome: input.outcome, comment: input.comment };
};
