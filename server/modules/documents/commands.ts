// The commands of the module, one file per part of a document's life.

export { approveDraft, cancelDraft, createDraft, returnDraft, submitDraft, updateDraft } from './commands/draft.ts';
export { saveLetter, savePdf } from './commands/files.ts';
export {
  assignDocument,
  beginHandling,
  completeHandling,
  createIncoming,
  recordAccepted,
  recordRefused,
} from './commands/incoming.ts';
export {
  recordArchived,
  recordDispatched,
  recordExtended,
  recordNumbered,
  recordSealed,
  recordSigned,
  type ExtendedInput,
  type NumberedInput,
  type SignedInput,
} from './commands/issuing.ts';
export { linkInstance } from './commands/link.ts';
