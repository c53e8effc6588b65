// The states of documents and what leads from one to the next: one table per direction. Other code asks the table
// and never compares status texts. The order signed → numbered → sealed → dispatched is law (NĐ 30/2020 Đ14), so it
// holds here whatever a process model says.

import { err, ok, type Result } from '../../shared/result.ts';

export type Direction = 'outgoing' | 'incoming';

export const OUTGOING_STATUSES = [
  'draft',
  'in_review',
  'awaiting_signature',
  'signed',
  'numbered',
  'sealed',
  'dispatched',
  'archived',
  'cancelled',
  'revoked',
  'superseded',
] as const;
export const INCOMING_STATUSES = [
  'arrived',
  'accepted',
  'registered',
  'assigned',
  'in_progress',
  'completed',
  'archived',
  'refused',
] as const;
export type OutgoingStatus = (typeof OUTGOING_STATUSES)[number];
export type IncomingStatus = (typeof INCOMING_STATUSES)[number];
export type DocumentStatus = OutgoingStatus | IncomingStatus;

export const OUTGOING_ACTIONS = [
  'edit',
  'submit',
  'return',
  'approve',
  'sign',
  'number',
  'seal',
  'dispatch',
  'archive',
  'cancel',
  'revoke',
  'supersede',
] as const;
export const INCOMING_ACTIONS = ['accept', 'refuse', 'register', 'assign', 'begin', 'complete', 'archive'] as const;
export type OutgoingAction = (typeof OUTGOING_ACTIONS)[number];
export type IncomingAction = (typeof INCOMING_ACTIONS)[number];
export type DocumentAction = OutgoingAction | IncomingAction;

const OUTGOING: Readonly<Record<OutgoingStatus, Partial<Record<OutgoingAction, OutgoingStatus>>>> = {
  draft: { edit: 'draft', submit: 'in_review', cancel: 'cancelled' },
  in_review: { return: 'draft', approve: 'awaiting_signature', cancel: 'cancelled' },
  awaiting_signature: { return: 'draft', sign: 'signed', cancel: 'cancelled' },
  signed: { number: 'numbered' },
  numbered: { seal: 'sealed' },
  sealed: { dispatch: 'dispatched' },
  dispatched: { archive: 'archived', revoke: 'revoked', supersede: 'superseded' },
  archived: {},
  cancelled: {},
  revoked: {},
  superseded: {},
};

const INCOMING: Readonly<Record<IncomingStatus, Partial<Record<IncomingAction, IncomingStatus>>>> = {
  arrived: { accept: 'accepted', refuse: 'refused' },
  accepted: { register: 'registered' },
  registered: { assign: 'assigned' },
  assigned: { begin: 'in_progress' },
  in_progress: { begin: 'in_progress', complete: 'completed' },
  completed: { archive: 'archived' },
  archived: {},
  refused: {},
};

const TABLE: Readonly<Record<Direction, Readonly<Record<string, Readonly<Record<string, DocumentStatus>>>>>> = {
  outgoing: OUTGOING,
  incoming: INCOMING,
};

export interface StateRefusal {
  readonly code: 'DOCUMENT_STATE';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Stateful {
  readonly direction: Direction;
  readonly status: DocumentStatus;
}

/** The state after the action, or why the action is not permitted now. */
export function decideTransition(
  { direction, status }: Stateful,
  action: DocumentAction,
): Result<DocumentStatus, StateRefusal> {
  const next = TABLE[direction][status]?.[action];
  if (next !== undefined) return ok(next);
  return err({
    code: 'DOCUMENT_STATE',
    message: `Expected to ${action} the ${direction} document, but it is '${status}'`,
    details: { action, status },
  });
}

const MAIN_PATH: Readonly<Record<Direction, readonly DocumentStatus[]>> = {
  outgoing: ['draft', 'in_review', 'awaiting_signature', 'signed', 'numbered', 'sealed', 'dispatched', 'archived'],
  incoming: ['arrived', 'accepted', 'registered', 'assigned', 'in_progress', 'completed', 'archived'],
};

/**
 * Whether the document has been in this state of the main path, now or before. System steps that are offered again
 * after a crash use it to see that their work is done.
 */
export function hasReached({ direction, status }: Stateful, target: DocumentStatus): boolean {
  const path = MAIN_PATH[direction];
  const here = path.indexOf(status);
  const there = path.indexOf(target);
  return there >= 0 && here >= there;
}

/** Nothing leads further. */
export const isFinal = ({ direction, status }: Stateful): boolean =>
  Object.keys(TABLE[direction][status] ?? {}).length === 0;
