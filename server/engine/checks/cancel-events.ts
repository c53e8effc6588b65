// Rule cancel-events: a cancel end event stands directly in a transaction, and the transaction has a cancel boundary
// event to be left by; a cancel boundary event sits on a transaction and nowhere else.

import { checkElements, hasTrigger } from './check.ts';

export const cancelEvents = checkElements('cancel-events', (element, { process }) => {
  if (!hasTrigger(element, 'cancel')) return [];
  if (element.kind === 'boundaryEvent') {
    const host = process.elements[element.attachedTo ?? ''];
    const isRight = host?.kind === 'transaction' && element.isInterrupting && element.triggers.length === 1;
    return isRight ? [] : ['is a cancel event; it sits on a transaction, interrupts it and is nothing else'];
  }
  const transaction = process.elements[element.parentId ?? ''];
  if (transaction?.kind !== 'transaction') return ['cancels, but does not stand directly in a transaction'];
  const hasExit = transaction.boundaryEvents.some((id) => {
    const boundary = process.elements[id];
    return boundary !== undefined && hasTrigger(boundary, 'cancel');
  });
  return hasExit ? [] : [`cancels '${transaction.id}', which has no cancel boundary event to be left by`];
});
