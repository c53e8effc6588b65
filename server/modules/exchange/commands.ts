// The commands of the module: the sender's side and the recipient's side.

export { buildStatusEnvelope, recordStatusSent, storeIncoming, type ReceiveDeps } from './commands/receiving.ts';
export {
  buildDocumentEnvelope,
  createPackages,
  recordIncomingStatus,
  recordSendFailed,
  recordSent,
  type CreatePackagesInput,
} from './commands/sending.ts';
