// Public face of the signing module: test certificates, signatures, checks. See README.md.

export { applySignature, ensureAuthority, ensureCredential, recordWrongPin } from './commands.ts';
export {
  cancelSession,
  completeSession,
  getSession,
  getSessionByToken,
  handleQuarantined,
  listQuarantined,
  lockOpenSession,
  openSession,
  quarantine,
  recordOutsideSignature,
  refuseSession,
  requireOrder,
} from './commands/sessions.ts';
export { findTimestampSource, loadTrust, type TimestampDeps } from './commands/trust.ts';
export {
  failUpgrade,
  findUpgrade,
  finishUpgrade,
  leaseUpgrade,
  repeatUpgrade,
  requestUpgrade,
} from './commands/upgrades.ts';
export { SIGNING_ERRORS, signingError, orRefuse as orRefuseSigning, type SigningErrorCode } from './errors.ts';
export type {
  CredentialOpener,
  FileInstruction,
  NumberAndDate,
  OutsideProviderId,
  PageRect,
  PdfSigner,
  PreparedSignature,
  ProviderId,
  SignatureExtender,
  SignatureFinding,
  SignatureLevel,
  SignatureScheme,
  SignerChecker,
  SigningProvider,
  TimestampSource,
  TokenCertificate,
  TwoStepSigner,
  SignatureReader,
  SignatureRole,
  TestAuthority,
} from './ports.ts';
export { listSignatures, validateSignatures } from './queries.ts';
export {
  SAMPLE_PIN,
  TEST_VALID_FROM,
  TEST_VALID_TO,
  type Credential,
  type Holder,
  type Signature,
  type SignatureCheck,
  type SignInput,
  type Verdict,
} from './signature.ts';
export { decideHolder, fieldNameOf } from './rules.ts';
export { checkSource, findLateness, hasLevel, latenessCode } from './session-rules.ts';
export {
  SESSION_TTL_MS,
  type LeasedUpgrade,
  type Quarantined,
  type QuarantineReason,
  type SigningSession,
  type Upgrade,
  type UpgradeTarget,
} from './session.ts';
