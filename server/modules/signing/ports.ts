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
  /** Signs the DER of the CMS signed attributes: RSASSA-PKCS1-v1_5 with SHA-256. */
  sign(signedAttributes: Uint8Array): Promise<Uint8Array>;
}

export type SignatureRole = 'personal' | 'agency';

export interface VisibleSignature {
  readonly role: SignatureRole;
  readonly rect: PageRect;
  /** personal: handwriting-like picture of the name, blue, no text (TT 01/2019). agency: red seal picture,
   *  agency name and signing time to the second with +07:00. */
  readonly displayName: string;
}

export interface SignPdfInput {
  readonly pdf: Uint8Array;
  readonly credential: SigningCredential;
  /** Unique in the file, e.g. `KyDuyet-1`, `DongDau-1`. */
  readonly fieldName: string;
  readonly appearance: VisibleSignature;
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
  /** PAdES B-B as an incremental update: the output begins with the input, byte for byte (asserted). */
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
}

export interface SignatureReader {
  read(pdf: Uint8Array, trust: readonly Uint8Array[]): readonly SignatureFinding[];
}

/** Opens PKCS#12. Throws AppError `SIGNING_PIN_WRONG` (rule) when the PIN does not open it. */
export interface CredentialOpener {
  open(pkcs12: Uint8Array, pin: string): SigningCredential;
}

export interface CertificateRequest {
  /** `Nguyễn Văn A` or `Sở Thông tin và Truyền thông` */
  readonly commonName: string;
  readonly organization: string;
  readonly title: string | null;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  readonly pin: string;
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
