// Sample letters, credentials and hand-made PDF files for the tests of the PDF and signing adapters. Files are written
// here byte by byte where a test needs a fault that no library would write.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { PDFDocument } from '@cantoo/pdf-lib';
import { createLetterRenderer } from '../../../server/adapters/pdf/letter-renderer.ts';
import { createPdfSigner } from '../../../server/adapters/pdf/signer.ts';
import { createCredentialOpener } from '../../../server/adapters/signing/pkcs12.ts';
import { createTestAuthority } from '../../../server/adapters/signing/test-authority.ts';
import type { LayoutAnchors, LetterContent } from '../../../server/modules/documents/ports.ts';
import type { SigningCredential, TestAuthorityMaterial } from '../../../server/modules/signing/ports.ts';
import { parseInstant, plusMillis } from '../../../server/shared/time.ts';
import type { Instant } from '../../../server/shared/time.ts';

export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`Expected an instant, got ${text}`);
  return instant;
}

export const VALID_FROM = at('2019-01-01T00:00:00+07:00');
export const SIGNED_AT = at('2019-05-06T08:00:00+07:00');
export const SEALED_AT = at('2019-05-06T08:30:15+07:00');
export const DATE_LINE = 'Đắk Lắk, ngày 06 tháng 5 năm 2019';
export const LEADER = 'Phạm Thị Mẫu';
export const AGENCY = 'Ủy ban nhân dân tỉnh Đắk Lắk';
/** Every base letter of Vietnamese with every mark. */
export const ALL_VIETNAMESE = [...'aăâeêioôơuưy']
  .map((base) =>
    ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map((mark) => (base + mark).normalize('NFC')).join(''),
  )
  .join(' ');

export const OFFICIAL_LETTER: LetterContent = {
  documentType: { id: 'official_letter', name: 'Công văn', abbreviation: null },
  superiorAgencyName: null,
  agencyName: 'ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK',
  notation: 'UBND-KSTTHC',
  issuedPlace: 'Đắk Lắk',
  subject: 'thí điểm trao đổi văn bản điện tử có ký số giữa các cơ quan nhà nước trên địa bàn tỉnh',
  addressees: ['Các sở, ban, ngành thuộc tỉnh', 'Ủy ban nhân dân các huyện, thị xã, thành phố'],
  paragraphs: [
    'Thực hiện Quyết định số 28/2018/QĐ-TTg ngày 12 tháng 7 năm 2018 của Thủ tướng Chính phủ về việc gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước, Ủy ban nhân dân tỉnh yêu cầu:',
    '1. Thời gian thí điểm từ ngày 02 tháng 5 năm 2019 đến hết ngày 15 tháng 6 năm 2019.',
    'Yêu cầu Thủ trưởng các cơ quan, đơn vị nghiêm túc triển khai thực hiện./.',
  ],
  recipientsLines: ['Như trên', 'Chủ tịch, các Phó Chủ tịch UBND tỉnh', 'Lưu: VT, KSTTHC'],
  signer: { capacityLine: 'TM. ỦY BAN NHÂN DÂN', positionLine: 'CHỦ TỊCH', fullName: LEADER },
};

export interface Signers {
  readonly material: TestAuthorityMaterial;
  readonly leader: SigningCredential;
  readonly seal: SigningCredential;
  readonly leaderPkcs12: Uint8Array;
}

/** A fresh authority with a leader and a seal. Takes one to three seconds: RSA keys are real. */
export async function makeSigners(validFrom: Instant = VALID_FROM): Promise<Signers> {
  const authority = createTestAuthority();
  const opener = createCredentialOpener();
  const material = await authority.create(validFrom);
  const common = { organization: AGENCY, validFrom, validTo: plusMillis(validFrom, 5 * 365 * 86_400_000) };
  const leader = await authority.issue(material, { ...common, commonName: LEADER, title: 'Chủ tịch', pin: '123456' });
  const seal = await authority.issue(material, { ...common, commonName: AGENCY, title: null, pin: 'mật-khẩu' });
  return {
    material,
    leader: opener.open(leader.pkcs12, '123456'),
    seal: opener.open(seal.pkcs12, 'mật-khẩu'),
    leaderPkcs12: leader.pkcs12,
  };
}

export const ANCHORS: LayoutAnchors = {
  number: { page: 1, x: 123, y: 733, width: 30, height: 13 },
  date: { page: 1, x: 275, y: 733, width: 277, height: 13 },
  personalSignature: { page: 1, x: 363, y: 230, width: 130, height: 74 },
  agencySignature: { page: 1, x: 290, y: 210, width: 130, height: 117 },
};

const signer = createPdfSigner();

export const signAsLeader = (pdf: Uint8Array, { leader }: Signers, anchors = ANCHORS): Promise<Uint8Array> =>
  signer.sign({
    pdf,
    credential: leader,
    fieldName: 'KyDuyet-1',
    appearance: { role: 'personal', rect: anchors.personalSignature, displayName: LEADER },
    signedAt: SIGNED_AT,
    reason: 'Ký duyệt văn bản',
    location: 'Đắk Lắk',
  });

export const drawNumber = (pdf: Uint8Array, anchors = ANCHORS): Promise<Uint8Array> =>
  signer.drawNumberAndDate(pdf, {
    number: '3321',
    dateLine: DATE_LINE,
    numberRect: anchors.number,
    dateRect: anchors.date,
  });

export const sealAsAgency = (pdf: Uint8Array, { seal }: Signers, anchors = ANCHORS): Promise<Uint8Array> =>
  signer.sign({
    pdf,
    credential: seal,
    fieldName: 'DongDau-1',
    appearance: { role: 'agency', rect: anchors.agencySignature, displayName: AGENCY },
    signedAt: SEALED_AT,
    reason: 'Đóng dấu phát hành',
    location: 'Đắk Lắk',
  });

/** Personal signature → number and date → agency signature: the legal order. */
export async function signWhole(pdf: Uint8Array, signers: Signers, anchors = ANCHORS): Promise<Uint8Array> {
  return sealAsAgency(await drawNumber(await signAsLeader(pdf, signers, anchors), anchors), signers, anchors);
}

export const renderSample = (
  content: LetterContent = OFFICIAL_LETTER,
): ReturnType<ReturnType<typeof createLetterRenderer>['render']> => createLetterRenderer().render(content);

/** A file of a library that is not ours, with a table or a stream as cross-reference. */
export async function foreignPdf(hasXrefStream: boolean): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.addPage([595.28, 841.89]).drawRectangle({ x: 100, y: 100, width: 50, height: 50 });
  document.addPage([595.28, 841.89]);
  return document.save({ useObjectStreams: hasXrefStream });
}

export interface HandMade {
  /** Bodies of objects 1, 2, …; object 1 is the catalog. */
  readonly objects: readonly string[];
  /** Written before the cross-reference without being named in it. */
  readonly orphan?: string;
  readonly trailer?: string;
  /** Replaces the generated cross-reference section. */
  readonly xref?: (offsets: readonly number[]) => string;
  readonly startXref?: (xrefOffset: number) => number;
  readonly before?: string;
}

export const ONE_PAGE = [
  '<</Type /Catalog /Pages 2 0 R>>',
  '<</Type /Pages /Kids [3 0 R] /Count 1>>',
  '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<>>>>',
  '<</Length 23>>\nstream\n0 0 1 rg 9 9 99 99 re f\nendstream',
] as const;

/** A PDF with a classic table, written character by character. */
export function handMadePdf(parts: HandMade): Uint8Array {
  const before = parts.before ?? '';
  let text = `${before}%PDF-1.7\n`;
  const offsets: number[] = [];
  parts.objects.forEach((body, index) => {
    offsets.push(text.length - before.length);
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
  });
  text += parts.orphan ?? '';
  const start = text.length - before.length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = offsets.length + 1;
  text += parts.xref?.(offsets) ?? `xref\n0 ${size}\n0000000000 65535 f \n${rows}`;
  text += `trailer\n<</Size ${size} /Root 1 0 R ${parts.trailer ?? ''}>>\n`;
  text += `startxref\n${parts.startXref?.(start) ?? start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** The page of ONE_PAGE in an object stream, named by a cross-reference stream with the PNG "up" predictor. */
export function objectStreamPdf(): Uint8Array {
  const packed = ONE_PAGE.slice(0, 3);
  let header = '';
  let body = '';
  packed.forEach((object, index) => {
    header += `${index + 1} ${body.length} `;
    body += `${object} `;
  });
  const container = `<</Type /ObjStm /N 3 /First ${header.length} /Length ${header.length + body.length}>>\nstream\n${header}${body}\nendstream`;
  let text = '%PDF-1.7\n';
  const offsetOf = (number: number, object: string): number => {
    const offset = text.length;
    text += `${number} 0 obj\n${object}\nendobj\n`;
    return offset;
  };
  const content = offsetOf(4, ONE_PAGE[3]);
  const holder = offsetOf(5, container);
  const start = text.length;
  const rows = [[0, 0, 0], ...packed.map((_, index) => [2, 5, index]), [1, content, 0], [1, holder, 0], [1, start, 0]];
  const plain = rows.map(([type = 0, second = 0, third = 0]) => [type, second >> 8, second & 255, third]);
  const predicted = plain.flatMap((row, index) => [
    2,
    ...row.map((byte, column) => (byte - (plain[index - 1]?.[column] ?? 0)) & 255),
  ]);
  const data = deflateSync(Buffer.from(predicted)).toString('latin1');
  offsetOf(
    6,
    `<</Type /XRef /Size 7 /Root 1 0 R /W [1 2 1] /Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 4>> /Length ${data.length}>>\nstream\n${data}\nendstream`,
  );
  return new Uint8Array(Buffer.from(`${text}startxref\n${start}\n%%EOF\n`, 'latin1'));
}

/** Runs a program in a directory of its own that holds the given files. */
export function runTool(
  tool: string,
  args: readonly string[],
  files: Readonly<Record<string, Uint8Array>>,
): { output: string; read: (name: string) => Uint8Array } {
  const directory = mkdtempSync(join(tmpdir(), 'tram-pdf-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(directory, name), bytes);
    const output = execFileSync(tool, args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const written = new Map<string, Uint8Array>();
    const read = (name: string): Uint8Array => {
      const bytes = written.get(name);
      if (bytes === undefined) throw new Error(`Expected ${tool} to write ${name}`);
      return bytes;
    };
    for (const arg of args.filter((candidate) => candidate.startsWith('out'))) {
      written.set(arg, new Uint8Array(readFileSync(join(directory, arg))));
    }
    return { output, read };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export function pemOf(certificate: Uint8Array): Uint8Array {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const text = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  return new Uint8Array(Buffer.from(text));
}

export const indexOfText = (bytes: Uint8Array, text: string, from = 0): number =>
  Buffer.from(bytes).indexOf(text, from, 'latin1');

export function replaceText(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const at = indexOfText(bytes, from);
  if (at < 0 || from.length !== to.length) throw new Error(`Expected to replace '${from}' by a text of equal length`);
  const copy = Uint8Array.from(bytes);
  copy.set(Buffer.from(to, 'latin1'), at);
  return copy;
}
