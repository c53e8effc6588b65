// Public face of the registers module: numbers of outgoing and incoming documents. See README.md.

export { allocateNumber, registerIncoming } from './commands.ts';
export { REGISTER_ERRORS } from './errors.ts';
export { listEntries } from './queries.ts';
export type { AllocateInput, RegisterEntry, RegisterIncomingInput, RegisterKind } from './register.ts';
export { outgoingSeriesOf } from './rules.ts';
