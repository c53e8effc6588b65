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
}

export interface TestAuthorityMaterial {
  readonly rootCertificate: Uint8Array;
  readonly issuingCertificate: Uint8Array;
  /** PKCS#8 DER of the issuing key. The root key is thrown away. */
  readonly issuingKey: Uint8Array;
}

export interface IssuedCertificate {
  readonly pkcs12: Uint8Array;
  readonly certificate: Uint8Array;
  readonly serialNumber: string;
}
