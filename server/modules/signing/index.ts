// Public face of the signing module: test certificates, signatures, checks. See README.md.

export { applySignature, ensureAuthority, ensureCredential } from './commands.ts';
export { SIGNING_ERRORS } from './errors.ts';
export type {
  CredentialOpener,
  NumberAndDate,
  PdfSigner,
  SignatureFinding,
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
