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
  recordNumbered,
  recordSealed,
  recordSigned,
  type NumberedInput,
} from './commands/issuing.ts';
export { linkInstance } from './commands/link.ts';
