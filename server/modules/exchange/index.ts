// Public face of the exchange module: packages out and in, reports about them, wire codes. See README.md.

export * from './commands.ts';
export { EXCHANGE_ERRORS } from './errors.ts';
export type {
  IncomingPackage,
  OutgoingPackage,
  PackageWithHistory,
  Packet,
  RecordedStatus,
  SentStatus,
  StatusInput,
  StatusReport,
  StoredIncoming,
} from './package.ts';
export type {
  DocumentMessage,
  Envelope,
  ExchangeCodec,
  ExchangeEndpoint,
  ExchangeTransport,
  Receipt,
  StatusMessage,
  WireMessage,
  WireStaff,
} from './ports.ts';
export {
  getIncomingPackage,
  getPackage,
  listPackages,
  listPackets,
  listSentStatuses,
  loadPackageBytes,
} from './queries.ts';
export { incomingInputOf, urgencyOf } from './rules.ts';
export {
  DELIVERY_STATUSES,
  deliveryStatusOf,
  mergeStatus,
  readWireCode,
  statusName,
  wireCodeOf,
  type DeliveryStatus,
  type WireStatusCode,
} from './wire-status.ts';
