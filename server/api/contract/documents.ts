// Wire contract of documents: drafts in, everything a screen needs of one document out.

import { type Static, Type } from 'typebox';
import { AgencyIdText, DateTime, Key, LocalDay, Nullable, strict, Uuid } from './common.ts';

export const Urgency = Type.Union([
  Type.Literal('normal'),
  Type.Literal('urgent'),
  Type.Literal('very_urgent'),
  Type.Literal('most_urgent'),
]);
export const Secrecy = Type.Union([
  Type.Literal('none'),
  Type.Literal('confidential'),
  Type.Literal('secret'),
  Type.Literal('top_secret'),
]);
export const SigningCapacity = Type.Union([
  Type.Literal('head'),
  Type.Literal('on_behalf'),
  Type.Literal('deputy'),
  Type.Literal('by_order'),
  Type.Literal('sub_delegated'),
  Type.Literal('acting'),
]);

/** Anything but secrecy `none` is refused with DOCUMENT_SECRET_REFUSED (QĐ 28/2018 Đ1(2)). */
export const DraftBody = Type.Object(
  {
    documentTypeId: Type.String({ minLength: 1, maxLength: 50 }),
    subject: Type.String({ minLength: 1, maxLength: 500 }),
    urgency: Urgency,
    secrecy: Secrecy,
    recipientIds: Type.Array(AgencyIdText, { minItems: 1, maxItems: 500, uniqueItems: true }),
    signerId: Uuid,
    signingCapacity: SigningCapacity,
    dueOn: Nullable(LocalDay),
  },
  strict,
);
export type DraftBody = Static<typeof DraftBody>;

/** Text from which the A4 PDF is made. */
export const LetterBody = Type.Object(
  {
    paragraphs: Type.Array(Type.String({ minLength: 1, maxLength: 20_000 }), { minItems: 1, maxItems: 500 }),
    recipientsLines: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 150 }), { maxItems: 50 })),
  },
  strict,
);
export type LetterBody = Static<typeof LetterBody>;

export const VersionView = Type.Object(
  {
    version: Type.Integer(),
    kind: Type.Union([
      Type.Literal('draft'),
      Type.Literal('signed'),
      Type.Literal('numbered'),
      Type.Literal('sealed'),
      Type.Literal('received'),
      Type.Literal('extended'),
    ]),
    fileName: Type.String(),
    sha256: Type.String(),
    sizeBytes: Type.Integer(),
    pageCount: Type.Integer(),
    createdAt: DateTime,
  },
  strict,
);
export type VersionView = Static<typeof VersionView>;

export const SignatureView = Type.Object(
  {
    role: Type.Union([Type.Literal('personal'), Type.Literal('agency')]),
    signerName: Type.String(),
    serialNumber: Type.String(),
    signedAt: DateTime,
    isTestCertificate: Type.Boolean({ description: 'True: made with a test certificate, no legal value' }),
    provider: Type.String({ description: 'Where the key was: server-key, pkcs11, browser-key, local-service' }),
  },
  strict,
);

export const EvidenceView = Type.Object(
  {
    status: Type.Union([Type.Literal('pending'), Type.Literal('done'), Type.Literal('failed')]),
    reached: Type.String({ description: 'PAdES level: B-B, B-T, B-LT, B-LTA' }),
    target: Type.String({ description: 'B-LT after sealing and on receipt, B-LTA when archived' }),
    attempts: Type.Integer(),
    /** Code of the last failed attempt, with its text in error-texts. */
    lastErrorCode: Nullable(Type.String()),
    requestedAt: DateTime,
    changedAt: DateTime,
  },
  strict,
);
export type EvidenceView = Static<typeof EvidenceView>;

export const DocumentSummary = Type.Object(
  {
    id: Uuid,
    direction: Type.Union([Type.Literal('outgoing'), Type.Literal('incoming')]),
    status: Type.String({ description: 'docs/glossary.md, states of documents' }),
    documentTypeId: Type.String(),
    documentTypeName: Type.String(),
    subject: Type.String(),
    urgency: Urgency,
    documentCode: Nullable(Type.String({ description: 'Số và ký hiệu, e.g. 05/UBND-KSTTHC' })),
    issuedOn: Nullable(LocalDay),
    arrivalNumber: Nullable(Type.Integer()),
    originName: Type.String({ description: 'Issuing agency' }),
    createdAt: DateTime,
    updatedAt: DateTime,
  },
  strict,
);
export type DocumentSummary = Static<typeof DocumentSummary>;

export const DeliveryView = Type.Object(
  {
    packageId: Uuid,
    recipientId: AgencyIdText,
    recipientName: Type.String(),
    status: Type.String({ description: 'queued, sent, arrived, accepted, assigned, in_progress, completed, refused' }),
    statusName: Type.String({ description: 'Vietnamese' }),
    sentAt: Nullable(DateTime),
    history: Type.Array(
      Type.Object({ code: Type.String(), name: Type.String(), description: Type.String(), at: DateTime }, strict),
    ),
  },
  strict,
);
export type DeliveryView = Static<typeof DeliveryView>;

export const DocumentView = Type.Object(
  {
    ...DocumentSummary.properties,
    agencyId: AgencyIdText,
    notation: Type.String(),
    signerName: Nullable(Type.String()),
    signerPosition: Nullable(Type.String()),
    /** So that the metadata of a draft can be edited without choosing signer and capacity again. */
    signerId: Nullable(Uuid),
    signingCapacity: Nullable(SigningCapacity),
    drafterName: Nullable(Type.String()),
    dueOn: Nullable(LocalDay),
    sendBy: Nullable(Type.Object({ at: DateTime, reason: Type.String() }, strict)),
    returnReason: Nullable(Type.String()),
    instruction: Nullable(Type.String()),
    assigneeName: Nullable(Type.String()),
    recipients: Type.Array(Type.Object({ id: AgencyIdText, name: Type.String() }, strict)),
    letter: Nullable(LetterBody),
    versions: Type.Array(VersionView),
    signatures: Type.Array(SignatureView),
    /** Timestamps and evidence that are added after signing; null when none were asked for. */
    evidence: Nullable(EvidenceView),
    deliveries: Type.Array(DeliveryView),
    caseFileId: Nullable(Uuid),
    instanceKey: Nullable(Key),
    /** Open tasks of this document that the caller may act on. */
    taskKeys: Type.Array(Key),
  },
  strict,
);
export type DocumentView = Static<typeof DocumentView>;

export const TimelineEntry = Type.Object(
  {
    at: DateTime,
    action: Type.String({ description: 'Closed list, e.g. document.signed' }),
    title: Type.String({ description: 'One Vietnamese sentence' }),
    actorName: Nullable(Type.String()),
    details: Type.Record(Type.String(), Type.Unknown()),
  },
  strict,
);
export type TimelineEntry = Static<typeof TimelineEntry>;

export const SignatureCheckView = Type.Object(
  {
    verdict: Type.Union([Type.Literal('valid'), Type.Literal('invalid'), Type.Literal('undetermined')]),
    findings: Type.Array(
      Type.Object(
        {
          fieldName: Type.String(),
          /** A document timestamp is the signature of a time-stamping authority, not of a person. */
          kind: Type.Union([Type.Literal('signature'), Type.Literal('document-timestamp')]),
          signerName: Type.String(),
          claimedAt: Nullable(DateTime),
          isIntact: Type.Boolean(),
          isTrusted: Type.Boolean(),
          coversWholeFile: Type.Boolean(),
          reasons: Type.Array(Type.String()),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type SignatureCheckView = Static<typeof SignatureCheckView>;
