// What the signing module needs from outside: the PDF signer (PAdES), the reader of signatures, and the test
// certificate authority. Implemented in adapters/pdf/ and adapters/signing/.

import type { Instant } from '../../shared/time.ts';

export interface PageRect {
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** TT 15/2025/TT-BKHCN asks for PSS with RSA keys; PKCS#1 v1.5 is what signatures of 2019 use. */
export interface SignatureScheme {
  readonly algorithm: 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS' | 'ECDSA';
  readonly hash: 'SHA-256' | 'SHA-384' | 'SHA-512';
}

/** A certificate with its key, opened from a PKCS#12 file for the time of one signature. */
export interface SigningCredential {
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array;
  /** DER of the intermediate and root certificates, nearest first. */
  readonly chain: readonly Uint8Array[];
  readonly subjectName: string;
  /** Upper-case hex. */
  readonly serialNumber: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  /** How `sign` signs; absent: RSASSA-PKCS1-v1_5 with SHA-256. */
  readonly scheme?: SignatureScheme;
  /** Signs the DER of the CMS signed attributes with the scheme above. An ECDSA value is DER (r, s). */
  sign(signedAttributes: Uint8Array): Promise<Uint8Array>;
}

export type SignatureRole = 'personal' | 'agency';

/** 2019: TT 01/2019/TT-BNV. 2020: NĐ 30/2020/NĐ-CP, annex I. The rules in force at the signing time decide. */
export type AppearanceProfile = '2019' | '2020';

/** seal: on the document itself. annex: an annex in a file of its own. copy: a certified copy made by scanning. */
export type AgencyForm =
  | { readonly kind: 'seal' }
  | { readonly kind: 'annex'; readonly documentNumber: string }
  | { readonly kind: 'copy'; readonly copyForm: 'SAO Y' | 'SAO LỤC' | 'TRÍCH SAO' };

export interface VisibleSignature {
  readonly role: SignatureRole;
  readonly rect: PageRect;
  /** Absent: 2019. */
  readonly profile?: AppearanceProfile;
  /** Only with role agency; absent: seal. */
  readonly form?: AgencyForm;
  /** personal: handwriting-like picture of the name, blue, no text (TT 01/2019). agency: red seal picture,
   *  agency name and signing time to the second with +07:00. */
  readonly displayName: string;
}

/** Asks a time-stamping authority. Throws AppError SIGNING_TSA_*; the token that it answers is verified. */
export interface TimestampSource {
  timestamp(digest: Uint8Array, hash: SignatureScheme['hash']): Promise<Uint8Array>;
}

export interface SignPdfInput {
  readonly pdf: Uint8Array;
  readonly credential: SigningCredential;
  /** `KyDuyet-1`, `DongDau-1`: an empty signature field of the file with this name is used, else one is made. */
  readonly fieldName: string;
  /** Present: the signature gets a timestamp (PAdES B-T). */
  readonly timestamp?: TimestampSource;
  /** null: an invisible signature. */
  readonly appearance: VisibleSignature | null;
  readonly signedAt: Instant;
  readonly reason: string;
  readonly location: string;
}

export interface PrepareInput {
  readonly pdf: Uint8Array;
  /** DER of the certificate whose key will sign, and of the authorities above it. */
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  /** Absent: what the kind of key in the certificate suggests (RSA: PKCS#1 v1.5). */
  readonly scheme?: SignatureScheme;
  readonly fieldName: string;
  readonly appearance: VisibleSignature | null;
  readonly signedAt: Instant;
  readonly reason: string;
  readonly location: string;
  /** Room for the CMS; absent: 16 KB, enough for a chain of three and a timestamp. */
  readonly reservedBytes?: number;
}

export type ByteRange = readonly [start: number, gapStart: number, gapEnd: number, length: number];

/** Everything that the second step needs; plain data that can be stored between the steps. */
export interface PreparedSignature {
  /** The source with its new revision; the gap for the CMS is zero. */
  readonly bytes: Uint8Array;
  readonly byteRange: ByteRange;
  readonly sourceSha256: string;
  readonly sourceLength: number;
  readonly fieldName: string;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly scheme: SignatureScheme;
  /** Digest over the byte range, by the hash of the scheme. */
  readonly documentDigest: Uint8Array;
  /** DER of the SET: the message that the key signs. */
  readonly signedAttributes: Uint8Array;
  /** Hash of `signedAttributes`, for devices that sign hashes. */
  readonly toBeSigned: Uint8Array;
}

export interface EmbedInput {
  /** The source as it is stored now: must be the one that was prepared. */
  readonly source: Uint8Array;
  /** From the key's device: RSA as is, ECDSA as DER or as r and s side by side. */
  readonly signature: Uint8Array;
  /** Asked once the value is verified; absent: B-B. */
  readonly timestampOf?: (signature: Uint8Array) => Promise<Uint8Array>;
}

/** Signing with a key that is elsewhere. Both steps answer only what our own reader has verified. */
export interface TwoStepSigner {
  /** Throws AppError SIGNING_PDF_UNREADABLE, SIGNING_FIELD_EXISTS, SIGNING_PAGE_MISSING, SIGNING_KEY_UNSUPPORTED. */
  prepare(input: PrepareInput): PreparedSignature;
  /** Throws AppError SIGNING_SOURCE_CHANGED, SIGNING_SIGNATURE_MISMATCH, SIGNING_RESERVE_TOO_SMALL. */
  embed(prepared: PreparedSignature, input: EmbedInput): Promise<Uint8Array>;
  /**
   * A whole file that a local signing service made from `source`: begins with it, has exactly one signature more, of this
   * certificate, in this field, over everything, and changes nothing else. Throws AppError SIGNING_FILE_*, SIGNING_PDF_UNREADABLE.
   */
  checkSignedFile(file: SignedFile): void;
}

export interface SignedFile {
  readonly source: Uint8Array;
  readonly output: Uint8Array;
  readonly fieldName: string;
  readonly certificate: Uint8Array;
}

export interface SignerToCheck {
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  /** The name that the certificate must carry; null: anyone's. */
  readonly expectedName: string | null;
  readonly at: Instant;
}

export interface CheckedSigner {
  readonly subjectName: string;
  readonly serialNumber: string;
  /** Issued by an authority whose name says that it has no legal value. */
  readonly isTest: boolean;
}

/** What this node trusts, and the revocation lists that it can make or has at hand. */
export interface TrustMaterial {
  readonly roots: readonly Uint8Array[];
  /** Issuing authorities that are known: tokens and services often give the signer's certificate alone. */
  readonly intermediates: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
}

/**
 * Judges a certificate before its key may sign: purpose, validity, owner, chain, revocation; "unknown" is a refusal.
 * Throws AppError SIGNING_CERTIFICATE_*, SIGNING_REVOCATION_UNKNOWN, SIGNING_KEY_UNSUPPORTED.
 */
export interface SignerChecker {
  check(signer: SignerToCheck, trust: TrustMaterial, network: 'may-ask' | 'offline'): Promise<CheckedSigner>;
  /** The common name, NFC; empty when the bytes are no certificate. */
  nameOf(certificate: Uint8Array): string;
}

export type ProviderId = 'server-key' | 'pkcs11' | 'browser-key' | 'local-service';
export type OutsideProviderId = Exclude<ProviderId, 'server-key'>;

/**
 * A place where keys live. `hash`: gets the signed attributes and gives a signature value. `file`: fetches the file, signs
 * it with a user interface of its own, and brings it back. `server`: this process asks it; `client`: the signer's machine.
 */
export type SigningProvider = ServerHashProvider | ClientHashProvider | FileProvider;

export interface TokenCertificate {
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
}

export interface ServerHashProvider {
  readonly id: 'pkcs11';
  readonly kind: 'hash';
  readonly place: 'server';
  /** Certificates whose keys the device holds. Throws AppError SIGNING_TOKEN_ABSENT. */
  listCertificates(): Promise<readonly TokenCertificate[]>;
  /** Throws AppError SIGNING_PIN_WRONG (details: isLastTry), SIGNING_PIN_LOCKED, SIGNING_TOKEN_ABSENT, SIGNING_TOKEN_FAILED. */
  sign(request: {
    readonly certificate: Uint8Array;
    readonly scheme: SignatureScheme;
    readonly message: Uint8Array;
    readonly pin: string;
  }): Promise<Uint8Array>;
}

export interface ClientHashProvider {
  readonly id: 'browser-key';
  readonly kind: 'hash';
  readonly place: 'client';
}

export interface FileTask {
  readonly sessionId: string;
  readonly role: SignatureRole;
  readonly fieldName: string;
  readonly fileName: string;
  readonly downloadUrl: string;
  readonly uploadUrl: string;
  readonly documentNumber: string | null;
  readonly issuedOn: string | null;
}

export interface FileInstruction {
  readonly url: string;
  /** What the page sends to `url`, as JSON text. */
  readonly message: Readonly<Record<string, unknown>>;
}

export interface FileProvider {
  readonly id: 'local-service';
  readonly kind: 'file';
  readonly place: 'client';
  /** Origin of the service on the signer's machine, for the content security policy of the page. */
  readonly origin: string;
  describe(task: FileTask): FileInstruction;
}

export type SignatureLevel = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';

/** Lifts a signed file to a higher level by increments; every signature stays intact. */
export interface SignatureExtender {
  levelOf(pdf: Uint8Array): SignatureLevel;
  /** One level higher. Throws AppError SIGNING_TSA_*, SIGNING_CERTIFICATE_*, SIGNING_REVOCATION_UNKNOWN, SIGNING_*. */
  extend(
    pdf: Uint8Array,
    to: Exclude<SignatureLevel, 'B-B'>,
    options: { readonly trust: TrustMaterial; readonly source: TimestampSource; readonly now: Instant },
  ): Promise<Uint8Array>;
}

export interface NumberAndDate {
  /** `05`, `3321`: below ten with a leading zero. */
  readonly number: string;
  /** `Đắk Lắk, ngày 06 tháng 5 năm 2019` */
  readonly dateLine: string;
  readonly numberRect: PageRect;
  readonly dateRect: PageRect;
}

export interface PdfSigner {
  /** PAdES B-B or B-T as an incremental update: the output begins with the input, byte for byte (asserted). */
  sign(input: SignPdfInput): Promise<Uint8Array>;
  /** Draws number and date as an incremental update that leaves earlier signatures valid. */
  drawNumberAndDate(pdf: Uint8Array, content: NumberAndDate): Promise<Uint8Array>;
}

export interface SignatureFinding {
  readonly fieldName: string;
  readonly signerName: string;
  readonly serialNumber: string;
  /** As claimed by the signature dictionary /M. */
  readonly claimedAt: Instant | null;
  /** Digest over the byte ranges and CMS signature value agree. */
  readonly isIntact: boolean;
  /** The certificate chains to an authority in the trust list and was valid at the claimed time. */
  readonly isTrusted: boolean;
  /** Which part of the file it covers: whole file, or up to a revision. */
  readonly coversWholeFile: boolean;
  /** Only revocation data (B-LT) follows what it covers: nothing that is shown came later. */
  readonly isFollowedByEvidenceOnly?: boolean;
  /** Why it is not intact or not trusted; codes of domain.md 8.2, e.g. `SAI_TOAN_VEN`. */
  readonly reasons: readonly string[];
  /** A document timestamp (B-LTA) is a signature of a time-stamping authority, not of a person. */
  readonly kind?: 'signature' | 'document-timestamp';
  /** Time of a verified timestamp of a trusted authority; null without one. */
  readonly timestampedAt?: Instant | null;
  /** null when the signature could not be read. */
  readonly scheme?: SignatureScheme | null;
}

export interface SignatureReader {
  read(pdf: Uint8Array, trust: readonly Uint8Array[]): readonly SignatureFinding[];
}

/** Opens PKCS#12. Throws AppError `SIGNING_PIN_WRONG` (rule) when the PIN does not open it. */
export interface CredentialOpener {
  /** `rsaPadding`: how an RSA key signs; absent: PKCS1. */
  open(pkcs12: Uint8Array, pin: string, options?: { readonly rsaPadding: 'PKCS1' | 'PSS' }): SigningCredential;
}

export type KeyKind = 'RSA-2048' | 'RSA-3072' | 'EC-P256' | 'EC-P384';

export interface CertificateRequest {
  /** `Nguyễn Văn A` or `Sở Thông tin và Truyền thông` */
  readonly commonName: string;
  readonly organization: string;
  readonly title: string | null;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  readonly pin: string;
  /** Absent: RSA-2048. */
  readonly keyKind?: KeyKind;
}

/** Test certificate authority: "no legal value" is part of its name. Root → issuing CA → people and seals. */
export interface TestAuthority {
  /** Root and issuing certificate with keys; made once per installation and stored by the module. */
  create(validFrom: Instant): Promise<TestAuthorityMaterial>;
  issue(material: TestAuthorityMaterial, request: CertificateRequest): Promise<IssuedCertificate>;
  /** Revocation lists of root and issuing authority, the second made now. */
  publishLists(
    material: TestAuthorityMaterial,
    revoked: readonly RevokedCertificate[],
    now: Instant,
  ): readonly Uint8Array[];
  /** The node's own time-stamping authority: answers in this process, with business time. */
  timestampSource(material: TestAuthorityMaterial, now: () => Instant): TimestampSource;
}

export interface TestAuthorityMaterial {
  readonly rootCertificate: Uint8Array;
  readonly issuingCertificate: Uint8Array;
  /** PKCS#8 DER of the issuing key. The root key is thrown away. */
  readonly issuingKey: Uint8Array;
  /** The root's only revocation list, made before its key is thrown away. */
  readonly rootCrl: Uint8Array;
  /** Time-stamping authority of the node, with its PKCS#8 key. */
  readonly timestampCertificate: Uint8Array;
  readonly timestampKey: Uint8Array;
}

export interface RevokedCertificate {
  readonly serialNumber: string;
  readonly at: Instant;
}

export interface IssuedCertificate {
  readonly pkcs12: Uint8Array;
  readonly certificate: Uint8Array;
  readonly serialNumber: string;
}
