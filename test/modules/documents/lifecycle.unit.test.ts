// The two lifecycle tables, cell by cell: what is allowed leads where it should, everything else is refused.

import { describe, expect, it } from 'vitest';
import {
  decideTransition,
  hasReached,
  INCOMING_STATUSES,
  isFinal,
  OUTGOING_STATUSES,
  type Direction,
  type DocumentAction,
  type DocumentStatus,
} from '../../../server/modules/documents/index.ts';
import { INCOMING_ACTIONS, OUTGOING_ACTIONS } from '../../../server/modules/documents/lifecycle.ts';

type Arrow = readonly [from: DocumentStatus, action: DocumentAction, to: DocumentStatus];

const OUTGOING_ARROWS: readonly Arrow[] = [
  ['draft', 'edit', 'draft'],
  ['draft', 'submit', 'in_review'],
  ['draft', 'cancel', 'cancelled'],
  ['in_review', 'return', 'draft'],
  ['in_review', 'approve', 'awaiting_signature'],
  ['in_review', 'cancel', 'cancelled'],
  ['awaiting_signature', 'return', 'draft'],
  ['awaiting_signature', 'sign', 'signed'],
  ['awaiting_signature', 'cancel', 'cancelled'],
  ['signed', 'number', 'numbered'],
  ['numbered', 'seal', 'sealed'],
  ['sealed', 'dispatch', 'dispatched'],
  ['dispatched', 'archive', 'archived'],
  ['dispatched', 'revoke', 'revoked'],
  ['dispatched', 'supersede', 'superseded'],
];
const INCOMING_ARROWS: readonly Arrow[] = [
  ['arrived', 'accept', 'accepted'],
  ['arrived', 'refuse', 'refused'],
  ['accepted', 'register', 'registered'],
  ['registered', 'assign', 'assigned'],
  ['assigned', 'begin', 'in_progress'],
  ['in_progress', 'begin', 'in_progress'],
  ['in_progress', 'complete', 'completed'],
  ['completed', 'archive', 'archived'],
];

interface Table {
  readonly direction: Direction;
  readonly statuses: readonly DocumentStatus[];
  readonly actions: readonly DocumentAction[];
  readonly arrows: readonly Arrow[];
}
const TABLES: readonly Table[] = [
  { direction: 'outgoing', statuses: OUTGOING_STATUSES, actions: OUTGOING_ACTIONS, arrows: OUTGOING_ARROWS },
  { direction: 'incoming', statuses: INCOMING_STATUSES, actions: INCOMING_ACTIONS, arrows: INCOMING_ARROWS },
];

describe.each(TABLES)('lifecycle of $direction documents', ({ direction, statuses, actions, arrows }) => {
  const cells = statuses.flatMap((status) => actions.map((action) => ({ status, action })));

  it.each(cells)('$action of a document that is $status follows the table', ({ status, action }) => {
    const arrow = arrows.find(([from, name]) => from === status && name === action);
    const decided = decideTransition({ direction, status }, action);
    if (arrow === undefined) {
      expect(decided).toMatchObject({ ok: false, error: { code: 'DOCUMENT_STATE', details: { action, status } } });
    } else {
      expect(decided).toEqual({ ok: true, value: arrow[2] });
    }
  });

  it('final states lead nowhere and no other state is final', () => {
    const withExit = new Set(arrows.map(([from]) => from));
    expect(statuses.filter((status) => isFinal({ direction, status }))).toEqual(
      statuses.filter((status) => !withExit.has(status)),
    );
  });

  it('actions of the other direction are refused', () => {
    const foreign: DocumentAction = direction === 'outgoing' ? 'accept' : 'sign';
    expect(statuses.filter((status) => decideTransition({ direction, status }, foreign).ok)).toEqual([]);
  });
});

describe('progress on the main path', () => {
  it.each<[Direction, DocumentStatus, DocumentStatus, boolean]>([
    ['outgoing', 'signed', 'numbered', false],
    ['outgoing', 'numbered', 'numbered', true],
    ['outgoing', 'archived', 'numbered', true],
    ['outgoing', 'cancelled', 'draft', false],
    ['incoming', 'completed', 'in_progress', true],
    ['incoming', 'refused', 'arrived', false],
    ['incoming', 'arrived', 'sealed', false],
  ])('%s %s has reached %s: %s', (direction, status, target, expected) => {
    expect(hasReached({ direction, status }, target)).toBe(expected);
  });
});
