// Wire contract of signing with keys outside of the server, and of many documents at once. Bytes travel as base64; a PIN is
// part of a request only where the server itself asks the device, never for a key in the browser.

import { type Static, Type } from 'typebox';
import { DateTime, Key, Nullable, strict, Uuid } from './common.ts';

export const PageRectView = Type.Object(
  {
    page: Type.Integer({ minimum: 1 }),
    x: Type.Number(),
    y: Type.Number(),
    width: Type.Number(),
    height: Type.Number(),
  },
  { ...strict, description: 'PDF points, origin at the lower left of the page' },
);
export type PageRectView = Static<typeof PageRectView>;

export const SigningPlacesBody = Type.Object(
  {
    number: Type.Optional(PageRectView),
    date: Type.Optional(PageRectView),
    personalSignature: Type.Optional(PageRectView),
    agencySignature: Type.Optional(PageRectView),
  },
  strict,
);
export type SigningPlacesBody = Static<typeof SigningPlacesBody>;

export const ProviderView = Type.Object(
  {
    id: Type.Union([
      Type.Literal('server-key'),
      Type.Literal('pkcs11'),
      Type.Literal('browser-key'),
      Type.Literal('local-service'),
    ]),
    kind: Type.Union([Type.Literal('hash'), Type.Literal('file')]),
    place: Type.Union([Type.Literal('server'), Type.Literal('client')]),
    origin: Nullable(Type.String({ description: 'Of a local signing service' })),
  },
  strict,
);
export type ProviderView = Static<typeof ProviderView>;

export const SigningOptionsView = Type.Object(
  {
    role: Type.Union([Type.Literal('personal'), Type.Literal('agency')]),
    holderName: Type.String({ description: 'Name that the certificate must carry' }),
    pageCount: Type.Integer(),
    places: Type.Required(SigningPlacesBody),
    providers: Type.Array(ProviderView),
  },
  strict,
);
export type SigningOptionsView = Static<typeof SigningOptionsView>;

const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 100_000 });
const Pin = Type.String({ minLength: 1, maxLength: 64 });

export const SchemeView = Type.Object(
  {
    algorithm: Type.Union([Type.Literal('RSASSA-PKCS1-v1_5'), Type.Literal('RSASSA-PSS'), Type.Literal('ECDSA')]),
    hash: Type.Union([Type.Literal('SHA-256'), Type.Literal('SHA-384'), Type.Literal('SHA-512')]),
  },
  strict,
);

export const OpenSessionBody = Type.Object(
  {
    taskKey: Key,
    provider: Type.Union([Type.Literal('browser-key'), Type.Literal('local-service')]),
    certificate: Base64,
    chain: Type.Array(Base64, { maxItems: 10 }),
    scheme: Type.Optional(SchemeView),
    places: Type.Optional(SigningPlacesBody),
  },
  strict,
);
export type OpenSessionBody = Static<typeof OpenSessionBody>;

export const SigningSessionView = Type.Object(
  {
    sessionId: Uuid,
    status: Type.Union([
      Type.Literal('open'),
      Type.Literal('completed'),
      Type.Literal('cancelled'),
      Type.Literal('expired'),
      Type.Literal('refused'),
    ]),
    /** Why it was refused or ended; with its text in error-texts. */
    outcomeCode: Nullable(Type.String()),
    documentId: Uuid,
    title: Type.String(),
    sourceSha256: Type.String({ description: 'Of the very file that is signed' }),
    expiresAt: DateTime,
    signerName: Type.String(),
    serialNumber: Type.String(),
    /** Hash providers: what the key signs, as DER for keys that hash themselves and as hash for devices that do not. */
    hash: Nullable(
      Type.Object(
        {
          scheme: SchemeView,
          signedAttributes: Type.String(),
          toBeSigned: Type.String(),
          documentDigest: Type.String(),
        },
        strict,
      ),
    ),
    /** File providers: the address of the local service, and the message to send to it. */
    service: Nullable(Type.Object({ url: Type.String(), message: Type.Record(Type.String(), Type.Unknown()) }, strict)),
  },
  strict,
);
export type SigningSessionView = Static<typeof SigningSessionView>;

export const SignatureValueBody = Type.Object({ signature: Base64 }, strict);

export const TokenSigningBody = Type.Object(
  {
    taskKey: Key,
    pin: Pin,
    certificate: Type.Optional(Base64),
    places: Type.Optional(SigningPlacesBody),
  },
  strict,
);

export const BatchBody = Type.Object(
  {
    taskKeys: Type.Array(Key, { minItems: 1, maxItems: 50, uniqueItems: true }),
    provider: Type.Union([Type.Literal('server-key'), Type.Literal('pkcs11')]),
    pin: Pin,
  },
  strict,
);
export type BatchBody = Static<typeof BatchBody>;

export const BatchAnswer = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          taskKey: Key,
          documentId: Nullable(Uuid),
          isSigned: Type.Boolean(),
          code: Nullable(Type.String()),
          message: Nullable(Type.String()),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type BatchAnswer = Static<typeof BatchAnswer>;

export const QuarantineView = Type.Object(
  {
    id: Uuid,
    documentId: Uuid,
    subject: Type.String(),
    reason: Type.Union([
      Type.Literal('late'),
      Type.Literal('second'),
      Type.Literal('cancelled'),
      Type.Literal('refused'),
    ]),
    signerName: Type.String(),
    sha256: Type.String(),
    sizeBytes: Type.Integer(),
    receivedAt: DateTime,
  },
  strict,
);
export type QuarantineView = Static<typeof QuarantineView>;

/** What the local service expects from the address to which it uploads. */
export const UploadAnswer = Type.Object(
  { Status: Type.Boolean(), Message: Type.String(), FileName: Type.String(), FileServer: Type.String() },
  strict,
);
