// The public check of a file, and the trust list of the node.

import { Type, type Static } from 'typebox';
import { strict } from './common.ts';

export const FileVerdictName = Type.Union([
  Type.Literal('valid'),
  Type.Literal('reservations'),
  Type.Literal('undetermined'),
  Type.Literal('invalid'),
]);

export const FileReasonView = Type.Object(
  { code: Type.String(), domainCode: Type.String(), text: Type.String() },
  strict,
);

export const SignatureSummaryView = Type.Object(
  {
    field: Type.String(),
    kind: Type.Union([Type.Literal('signature'), Type.Literal('document-timestamp')]),
    verdict: FileVerdictName,
    signerName: Type.Union([Type.String(), Type.Null()]),
    issuerName: Type.Union([Type.String(), Type.Null()]),
    signedAt: Type.Union([Type.String(), Type.Null()]),
    isTimestamped: Type.Boolean(),
    algorithm: Type.Union([Type.String(), Type.Null()]),
    reasons: Type.Array(FileReasonView),
    changesText: Type.Union([Type.String(), Type.Null()]),
  },
  strict,
);

/** `report` is the whole report, as docs/validation.md describes it. */
export const FileCheckView = Type.Object(
  {
    verdict: FileVerdictName,
    reasons: Type.Array(FileReasonView),
    signatures: Type.Array(SignatureSummaryView),
    report: Type.Unknown(),
  },
  strict,
);
export type FileCheckView = Static<typeof FileCheckView>;

export const TrustAnchorView = Type.Object(
  {
    sha256: Type.String(),
    kind: Type.Union([Type.Literal('root'), Type.Literal('intermediate')]),
    name: Type.String(),
    effectiveFrom: Type.String(),
    effectiveTo: Type.Union([Type.String(), Type.Null()]),
    reason: Type.String(),
    retiredReason: Type.Union([Type.String(), Type.Null()]),
  },
  strict,
);
export type TrustAnchorView = Static<typeof TrustAnchorView>;

export const AddAnchorBody = Type.Object(
  {
    /** PEM text or base64 DER. */
    certificate: Type.String({ minLength: 100, maxLength: 40_000 }),
    sha256: Type.String({ minLength: 64, maxLength: 120 }),
    reason: Type.String({ maxLength: 1_000 }),
  },
  strict,
);
export const RetireAnchorBody = Type.Object({ reason: Type.String({ maxLength: 1_000 }) }, strict);
