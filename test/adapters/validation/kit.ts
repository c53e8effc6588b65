// What the validation suites are built from: signers with any kind of key, a signing routine in which every part can be
// wrong on purpose, and increments written character by character. It shares no code with the signer of the product
// except the encoders of DER, so that a mistake of one is not hidden by the other.

import { createHash, createPublicKey, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { openPdf } from '../../../server/adapters/pdf/core/file.ts';
import {
  childAt,
  childrenOf,
  context,
  derNull,
  encode,
  generalizedTime,
  integer,
  octetString,
  oid,
  readDer,
  sequence,
  setOf,
  TAG,
} from '../../../server/adapters/signing/der.ts';
import { buildCertificate, encodeName, keyIdentifier } from '../../../server/adapters/signing/certificate-builder.ts';
import type { CertificateRole } from '../../../server/adapters/signing/certificate-builder.ts';
import { OID } from '../../../server/adapters/signing/oids.ts';

export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

// --- signers -------------------------------------------------------------------------------------------------------

export interface Signer {
  readonly key: KeyObject;
  readonly certificate: Uint8Array;
}

const authority = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const AUTHORITY_NAME = encodeName({ commonName: 'CA thử nghiệm', organization: 'Thử nghiệm', title: null });
let serial = 0;

export function certify(key: KeyObject, commonName: string, role: CertificateRole = 'end'): Signer {
  serial += 1;
  const certificate = buildCertificate({
    issuer: AUTHORITY_NAME,
    issuerKey: authority,
    subject: encodeName({ commonName, organization: 'Thử nghiệm', title: null }),
    subjectKey: createPublicKey(key),
    serial: Uint8Array.of(1, serial),
    notBefore: new Date('2019-01-01T00:00:00Z'),
    notAfter: new Date('2039-01-01T00:00:00Z'),
    role,
  });
  return { key, certificate };
}

const ec = (name: string): Signer => certify(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey, name);
export const LEADER = ec('Phạm Thị Mẫu');
export const CLERK = ec('Văn thư');
export const TSA = certify(
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
  'Dấu thời gian thử nghiệm',
  'timestamping',
);

// --- CMS -----------------------------------------------------------------------------------------------------------

const HASHES: Readonly<Record<string, string>> = {
  md5: '1.2.840.113549.2.5',
  sha1: OID.sha1,
  sha256: OID.sha256,
  sha384: OID.sha384,
  sha512: OID.sha512,
};
export const digest = (hash: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(
    createHash(hash)
      .update(joined(...parts))
      .digest(),
  );

const attribute = (type: string, ...values: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(type), encode(TAG.set, ...values));

export interface CmsPlan {
  readonly signer?: Signer;
  readonly hash?: string;
  readonly ess?: 'v1' | 'v2' | 'none' | 'wrong';
  readonly signerId?: 'issuer' | 'ski';
  readonly isSorted?: boolean;
  readonly hasAttributes?: boolean;
  readonly hasCertificate?: boolean;
  /** What the attributes say instead of the digest of the document. */
  readonly messageDigest?: Uint8Array;
  readonly contentType?: string;
  readonly content?: Uint8Array;
  readonly encapsulatedType?: string;
  readonly extraAttributes?: readonly Uint8Array[];
  readonly signerCount?: number;
  readonly algorithm?: Uint8Array;
  readonly signValue?: (message: Uint8Array) => Uint8Array;
  readonly tokenOver?: (signature: Uint8Array) => Uint8Array;
  /** Indefinite lengths, as streaming writers make them. */
  readonly isBer?: boolean;
}

function essOf(kind: NonNullable<CmsPlan['ess']>, certificate: Uint8Array): readonly Uint8Array[] {
  if (kind === 'none') return [];
  const hash = digest(kind === 'v1' ? 'sha1' : 'sha256', kind === 'wrong' ? Uint8Array.of(1) : certificate);
  const type = kind === 'v1' ? OID.signingCertificate : OID.signingCertificateV2;
  return [attribute(type, sequence(sequence(sequence(octetString(hash)))))];
}

function algorithmOf(key: KeyObject, hash: string): Uint8Array {
  if (key.asymmetricKeyType === 'ed25519') return sequence(oid('1.3.101.112'));
  if (key.asymmetricKeyType === 'ec') {
    const named: Readonly<Record<string, string>> = {
      sha1: '1.2.840.10045.4.1',
      sha256: OID.ecdsaWithSha256,
      sha384: OID.ecdsaWithSha384,
      sha512: OID.ecdsaWithSha512,
    };
    return sequence(oid(named[hash] ?? OID.ecPublicKey));
  }
  return sequence(oid(OID.rsaEncryption), derNull());
}

export const valueOf = (key: KeyObject, hash: string, message: Uint8Array): Uint8Array =>
  new Uint8Array(signBytes(key.asymmetricKeyType === 'ed25519' ? null : hash, message, key));

/** The structure with indefinite lengths wherever something is constructed. */
function toBer(der: Uint8Array, depth = 0): Uint8Array {
  const node = readDer(der);
  if ((node.tag & 0x20) === 0) {
    if (node.tag !== TAG.octetString || node.content.length < 4 || depth > 5) return node.bytes;
    const half = node.content.length >> 1;
    const parts = [octetString(node.content.subarray(0, half)), octetString(node.content.subarray(half))];
    return joined(Uint8Array.of(0x24, 0x80), ...parts, Uint8Array.of(0, 0));
  }
  // Certificates and signed attributes stay as they were signed.
  const children = childrenOf(node).map((child) => (depth >= 3 ? child.bytes : toBer(child.bytes, depth + 1)));
  return joined(Uint8Array.of(node.tag, 0x80), ...children, Uint8Array.of(0, 0));
}

/** A CMS over a document digest, with whatever the plan says is different. */
export function makeCms(parts: readonly Uint8Array[], plan: CmsPlan = {}): Uint8Array {
  const signer = plan.signer ?? LEADER;
  const hash = plan.hash ?? 'sha256';
  const { certificate, key } = signer;
  const certificateFields = childrenOf(childAt(readDer(certificate), 0));
  const [issuer, number] = [
    certificateFields[3]?.bytes ?? new Uint8Array(),
    certificateFields[1]?.bytes ?? new Uint8Array(),
  ];
  const documentDigest = plan.messageDigest ?? digest(hash, ...(plan.content === undefined ? parts : [plan.content]));
  const type = plan.contentType ?? plan.encapsulatedType ?? OID.data;
  const attributes = [
    attribute(OID.contentType, oid(type)),
    attribute(OID.messageDigest, octetString(documentDigest)),
    ...essOf(plan.ess ?? 'v2', certificate),
    ...(plan.extraAttributes ?? []),
  ];
  const set = plan.isSorted === false ? encode(TAG.set, ...attributes.reverse()) : setOf(...attributes);
  const hasAttributes = plan.hasAttributes !== false;
  const message = hasAttributes ? set : joined(...parts);
  const value = plan.signValue?.(message) ?? valueOf(key, hash, message);
  const implicit = Uint8Array.from(set);
  implicit[0] = 0xa0;
  const hashId = sequence(oid(HASHES[hash] ?? ''), derNull());
  const info = sequence(
    integer(plan.signerId === 'ski' ? 3 : 1),
    plan.signerId === 'ski' ? encode(0x80, keyIdentifier(createPublicKey(key))) : sequence(issuer, number),
    hashId,
    ...(hasAttributes ? [implicit] : []),
    plan.algorithm ?? algorithmOf(key, hash),
    octetString(value),
    ...(plan.tokenOver === undefined ? [] : [context(1, attribute(OID.signatureTimestamp, plan.tokenOver(value)))]),
  );
  const infos = Array.from({ length: plan.signerCount ?? 1 }, () => info);
  const signedData = sequence(
    integer(1),
    setOf(hashId),
    sequence(
      oid(plan.encapsulatedType ?? OID.data),
      ...(plan.content === undefined ? [] : [context(0, octetString(plan.content))]),
    ),
    ...(plan.hasCertificate === false ? [] : [context(0, certificate)]),
    encode(TAG.set, ...infos),
  );
  const cms = sequence(oid(OID.signedData), context(0, signedData));
  return plan.isBer === true ? toBer(cms) : cms;
}

/** An RFC 3161 token over the given bytes. */
export function makeToken(stamped: Uint8Array, plan: CmsPlan = {}): Uint8Array {
  const info = sequence(
    integer(1),
    oid(OID.testTimestampPolicy),
    sequence(sequence(oid(OID.sha256), derNull()), octetString(digest('sha256', stamped))),
    integer(7),
    generalizedTime(new Date('2019-05-06T01:00:00Z')),
  );
  return makeCms([], { signer: TSA, content: info, encapsulatedType: OID.timestampInfo, ...plan });
}

// --- files ---------------------------------------------------------------------------------------------------------

/** Objects by number; the catalog is 1, the pages 2, the page 3, its content 4. */
export type Objects = Readonly<Record<number, string>>;

export const streamBody = (content: string, entries = ''): string =>
  `<<${entries} /Length ${content.length}>>\nstream\n${content}\nendstream`;

export const LETTER: Objects = {
  1: '<</Type /Catalog /Pages 2 0 R>>',
  2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
  3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>',
  4: streamBody('BT /F1 24 Tf 72 700 Td (Chi 1.000.000 dong) Tj ET'),
  5: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
};

const row = (offset: number): string => `${String(offset).padStart(10, '0')} 00000 n \n`;

export interface FileOptions {
  readonly trailer?: string;
  readonly before?: string;
}

export function makeFile(objects: Objects, options: FileOptions = {}): Uint8Array {
  let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const numbers = Object.keys(objects).map(Number);
  const offsets = new Map<number, number>();
  for (const number of numbers) {
    offsets.set(number, text.length);
    text += `${number} 0 obj\n${objects[number] ?? ''}\nendobj\n`;
  }
  const size = Math.max(...numbers) + 1;
  const start = text.length;
  text += `xref\n0 ${size}\n0000000000 65535 f \n`;
  for (let number = 1; number < size; number += 1) {
    const offset = offsets.get(number);
    text += offset === undefined ? '0000000000 00000 f \n' : row(offset);
  }
  text += `trailer\n<</Size ${size} /Root 1 0 R ${options.trailer ?? ''}>>\nstartxref\n${start}\n%%EOF\n`;
  return bytesOf((options.before ?? '') + text);
}

export interface IncrementOptions {
  /** Further trailer entries; `Root` and `Prev` are written unless they are named here. */
  readonly trailer?: string;
  readonly free?: readonly number[];
  readonly hasXref?: boolean;
  /** Bytes before the header that the file's own offsets do not count. */
  readonly shift?: number;
}

const startOf = (pdf: Uint8Array): number => Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(textOf(pdf))?.[1] ?? 0);

/** Appends a revision with a classic table. */
export function append(pdf: Uint8Array, objects: Objects, options: IncrementOptions = {}): Uint8Array {
  const shift = options.shift ?? 0;
  let text = '';
  const rows: [number, string][] = (options.free ?? []).map((number) => [number, '0000000000 00001 f \n']);
  for (const [key, body] of Object.entries(objects)) {
    rows.push([Number(key), row(pdf.length + text.length - shift)]);
    text += `${key} 0 obj\n${body}\nendobj\n`;
  }
  const start = pdf.length + text.length - shift;
  if (options.hasXref === false) return joined(pdf, bytesOf(text));
  const sections = rows.sort(([left], [right]) => left - right).map(([number, line]) => `${number} 1\n${line}`);
  const extra = options.trailer ?? '';
  const root = extra.includes('/Root') ? '' : '/Root 1 0 R';
  const previous = extra.includes('/Prev') ? '' : `/Prev ${startOf(pdf)}`;
  text += `xref\n${sections.join('')}trailer\n<</Size 500 ${root} ${previous} ${extra}>>\nstartxref\n${start}\n%%EOF\n`;
  return joined(pdf, bytesOf(text));
}

// --- signing -------------------------------------------------------------------------------------------------------

export interface SignPlan extends CmsPlan {
  readonly fieldName?: string;
  /** Number of the field's object; the signature dictionary takes the next one. */
  readonly number?: number;
  readonly subFilter?: string;
  /** Entries of the signature dictionary, e.g. /Reference. */
  readonly entries?: string;
  readonly fieldEntries?: string;
  readonly rect?: string;
  /** Existing fields and annotations of the file, which are kept. */
  readonly fields?: string;
  readonly annots?: string;
  readonly page?: string;
  readonly catalog?: string;
  /** More objects of the same revision. */
  readonly objects?: Objects;
  readonly form?: string;
  /** Changes the byte range that is written, after the gap is known. */
  readonly range?: (range: readonly number[]) => string;
  readonly isRangeSigned?: boolean;
  readonly contents?: (cms: Uint8Array) => Uint8Array;
  readonly makeContents?: (parts: readonly Uint8Array[]) => Uint8Array;
  readonly reserved?: number;
  readonly trailer?: string;
  readonly shift?: number;
}

export const DOC_MDP = (level: number): string =>
  `/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /V /1.2 /P ${level}>>>>]`;
export const FIELD_MDP = (action: string): string =>
  `/Reference [<</Type /SigRef /TransformMethod /FieldMDP /TransformParams <</Type /TransformParams /V /1.2 ${action}>>>>]`;

/** The objects of a signing revision, before anything is signed. */
export function signatureObjects(plan: SignPlan): Objects {
  const number = plan.number ?? 10;
  const name = plan.fieldName ?? 'Ky-1';
  const reserved = plan.reserved ?? 4096;
  const page =
    plan.page ?? '/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>';
  const catalog = plan.catalog ?? '/Type /Catalog /Pages 2 0 R';
  return {
    1: `<<${catalog} /AcroForm <</SigFlags 3 /Fields [${plan.fields ?? ''} ${number} 0 R] ${plan.form ?? ''}>>>>`,
    3: `<<${page} /Annots [${plan.annots ?? ''} ${number} 0 R]>>`,
    [number]: `<</Type /Annot /Subtype /Widget /FT /Sig /T (${name}) /Rect [${plan.rect ?? '0 0 0 0'}] /F 132 /P 3 0 R /V ${number + 1} 0 R ${plan.fieldEntries ?? ''}>>`,
    [number + 1]:
      `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /${plan.subFilter ?? 'ETSI.CAdES.detached'} /M (D:20190506080000+07'00') ${plan.entries ?? ''} /ByteRange [0 0000000000 0000000000 0000000000] /Contents <${'0'.repeat(2 * reserved)}>>>`,
    ...plan.objects,
  };
}

/** Fills byte range and contents of the newest placeholder in a file. */
export function seal(pdf: Uint8Array, plan: SignPlan = {}): Uint8Array {
  const text = textOf(pdf);
  const rangeAt = text.lastIndexOf('/ByteRange [0 0000000000');
  const gapStart = text.indexOf('/Contents <', rangeAt) + '/Contents '.length;
  const gapEnd = text.indexOf('>', gapStart) + 1;
  const range = [0, gapStart, gapEnd, pdf.length - gapEnd];
  const written = plan.range?.(range) ?? `[${range.join(' ')}]`;
  const output = Uint8Array.from(pdf);
  output.set(bytesOf(written.padEnd('[0 0000000000 0000000000 0000000000]'.length)), rangeAt + '/ByteRange '.length);
  const numbers = /-?\d+/g.exec(written) === null ? [] : [...written.matchAll(/-?\d+/g)].map(Number);
  const [start = 0, first = 0, second = 0, length = 0] = plan.isRangeSigned === true ? numbers : range;
  const parts = [output.subarray(start, first), output.subarray(second, second + length)];
  const cms = plan.makeContents?.(parts) ?? makeCms(parts, plan);
  const contents = plan.contents?.(cms) ?? cms;
  output.set(bytesOf(Buffer.from(contents).toString('hex')), gapStart + 1);
  return output;
}

/** One revision with one signature. */
export const signFile = (pdf: Uint8Array, plan: SignPlan = {}): Uint8Array =>
  seal(append(pdf, signatureObjects(plan), { trailer: plan.trailer ?? '', shift: plan.shift ?? 0 }), plan);

export const signLetter = (plan: SignPlan = {}): Uint8Array => signFile(makeFile(LETTER), plan);

/** A second signature, invisible unless a rectangle is given. */
export const signAgain = (pdf: Uint8Array, plan: SignPlan = {}): Uint8Array =>
  signFile(pdf, { fieldName: 'Ky-2', number: 20, fields: '10 0 R', annots: '10 0 R', signer: CLERK, ...plan });

/** The object as the file has it now, for edits of one entry. */
export function bodyOf(pdf: Uint8Array, number: number): string {
  const entry = openPdf(pdf).xref.entries.get(number);
  if (entry?.kind !== 'offset') throw new Error(`Expected object ${number}`);
  const text = textOf(pdf);
  const start = text.indexOf('obj', entry.offset) + 3;
  return text.slice(start, text.indexOf('endobj', start)).trim();
}

export function replaceOnce(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`Expected to find '${from}'`);
  return text.replace(from, () => to);
}
