// Reading signatures: those that were made here, and those that a file carries.

import type { DocumentId } from '../../shared/ids.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { SignatureReader } from './ports.ts';
import { decideCheck } from './rules.ts';
import type { Signature, SignatureCheck } from './signature.ts';
import { selectSignatures, selectTrustedRoots } from './store.ts';

/** Signatures made on this node, in order of time. */
export const listSignatures = (tx: Tx, documentId: DocumentId): Promise<readonly Signature[]> =>
  selectSignatures(tx, documentId);

/** Checks the signatures inside the file, now, against the roots that this node trusts. Changes nothing. */
export async function validateSignatures(
  tx: Tx,
  deps: { readonly reader: SignatureReader },
  pdf: Uint8Array,
): Promise<SignatureCheck> {
  return decideCheck(deps.reader.read(pdf, await selectTrustedRoots(tx)));
}
