// Rules of a document message that span more than one element and so do not fit into the field table.

import type { WireProblem } from '../../../modules/exchange/ports.ts';
import { NEW_DOCUMENT } from './mapping.ts';
import { groupsAt, textAt, type WireGroup } from './wire-group.ts';

/** A recipient named twice would be delivered twice. */
export function checkRecipients(header: WireGroup): WireProblem[] {
  const codes = groupsAt(header, 'To').map((to) => textAt(to, 'OrganId'));
  const repeated = codes.find((code, index) => codes.indexOf(code) !== index);
  if (repeated === undefined) return [];
  return [{ code: 'M.MessageHeader.To.OrganId', message: `Recipient ${repeated} is named more than once.` }];
}

/** Recall, update and replacement carry the document as well; read as new documents they would do harm. */
export function checkOperation(trace: WireGroup): WireProblem[] {
  const operation = textAt(trace, 'Bussiness', 'BussinessDocType');
  if (operation === '' || operation === NEW_DOCUMENT) return [];
  return [
    {
      code: 'M.TraceHeaderList.Bussiness.BussinessDocType',
      message: `Operation ${operation} is not handled; only new documents (${NEW_DOCUMENT}) are.`,
    },
  ];
}
