// What an archive package holds, and that it is the same each time.

import { describe, expect, it } from 'vitest';

import { createArchivePackager } from '../../../server/adapters/archive/packager.ts';
import { AppError } from '../../../server/shared/app-error.ts';
import type { ArchivePackageInput } from '../../../server/modules/archive/ports.ts';
import { archiveFile, filesOf, packageInput, PACKAGE_ID, ROOT, sha256, textOf } from './sample-package.ts';

const packager = createArchivePackager();

const refusalOf = (input: ArchivePackageInput): AppError => {
  try {
    packager.build(input);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return expect.unreachable('the package was built');
};

describe('archive package', () => {
  it('is byte-identical when it is built again from an equal input', () => {
    const one = packager.build(packageInput());
    const other = packager.build(structuredClone(packageInput()));
    expect(sha256(one)).toBe(sha256(other));
  });

  it('does not depend on the order in which documents and fields come', () => {
    const input = packageInput();
    const shuffled = {
      ...input,
      documents: [...input.documents].reverse().map((document) => ({
        ...document,
        metadata: Object.fromEntries(Object.entries(document.metadata).reverse()),
      })),
    };
    expect(sha256(packager.build(shuffled))).toBe(sha256(packager.build(input)));
  });

  it('does not depend on the time zone of the machine', () => {
    const before = process.env['TZ'];
    try {
      const hashes = ['UTC', 'Asia/Ho_Chi_Minh', 'America/Los_Angeles'].map((zone) => {
        process.env['TZ'] = zone;
        return sha256(packager.build(packageInput()));
      });
      expect(new Set(hashes).size).toBe(1);
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('has the folders of an E-ARK package in one root folder', () => {
    expect([...filesOf(packager.build(packageInput())).keys()]).toEqual([
      'DOC-TRUOC.txt',
      'METS.xml',
      'manifest-sha256.txt',
      'metadata/descriptive/EAD.xml',
      'metadata/other/audit/events.jsonl',
      'metadata/other/exchange/001_goi-tin.xml',
      'metadata/other/signatures/001_kiem-tra-chu-ky.json',
      'metadata/preservation/PREMIS.xml',
      'representations/rep1/METS.xml',
      'representations/rep1/data/001_Cong-van-so-12-cua-So.pdf',
      'representations/rep1/data/001_Phu-luc.pdf',
      'representations/rep1/data/002_03-SNV-tra-loi.pdf',
    ]);
    expect(ROOT).toBe(PACKAGE_ID.replaceAll(':', '-'));
  });

  it('keeps the signed files byte by byte', () => {
    const [, outgoing] = packageInput().documents;
    const stored = filesOf(packager.build(packageInput())).get(
      'representations/rep1/data/001_Cong-van-so-12-cua-So.pdf',
    );
    expect(stored).toEqual(new Uint8Array(outgoing?.files[0]?.bytes ?? []));
  });

  it('lists every file but the manifest in the manifest', () => {
    const zip = packager.build(packageInput());
    const files = filesOf(zip);
    const lines = textOf(zip, 'manifest-sha256.txt').trimEnd().split('\n');
    const expected = [...files].filter(([path]) => path !== 'manifest-sha256.txt');
    expect(lines).toEqual(expected.map(([path, bytes]) => `${sha256(bytes)}  ${path}`));
  });

  it('describes the case file with the field names of the decree', () => {
    const ead = textOf(packager.build(packageInput()), 'metadata/descriptive/EAD.xml');
    const fields = [...ead.matchAll(/<label>([^<]+)<\/label>\s*<item>([^<]*)<\/item>/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(fields.slice(0, 10)).toEqual([
      ['FileCode/OrganId', '000.00.13.H15'],
      ['FileCode/FileCatalog', '2019'],
      ['FileCode/FileNotation', '01.VP'],
      ['Title', 'Thí điểm gửi, nhận văn bản "có ký số" &lt;đợt 1&gt; &amp; lưu trữ'],
      ['Maintenance', '10 năm'],
      ['Language', 'Tiếng Việt'],
      ['StartDate', '2019-05-06'],
      ['EndDate', '2019-05-20'],
      ['DocTotal', '2'],
      ['PageTotal', '3'],
    ]);
    expect(fields.slice(12, 19).map(([name]) => name)).toEqual([
      'TypeName',
      'CodeNumber',
      'CodeNotation',
      'IssuedDate',
      'Subject',
      'PageAmount',
      'SignerInfo/FullName',
    ]);
  });

  it('records fixity, events and people in PREMIS', () => {
    const premis = textOf(packager.build(packageInput()), 'metadata/preservation/PREMIS.xml');
    const [, outgoing] = packageInput().documents;
    expect(premis).toContain(`<premis:messageDigest>${outgoing?.files[0]?.sha256 ?? ''}</premis:messageDigest>`);
    expect(premis).toContain('<premis:originalName>Công văn số 12 của Sở.pdf</premis:originalName>');
    expect([...premis.matchAll(/<premis:eventType>([^<]+)/g)].map((found) => found[1])).toEqual([
      'document.signed',
      'document.dispatched',
      'document.registered',
      'creation',
      'message digest calculation',
    ]);
    expect([...premis.matchAll(/<premis:agentName>([^<]+)/g)].map((found) => found[1])).toEqual([
      'Trạm',
      'Sở Thông tin và Truyền thông',
      'Nguyễn Văn Ưởng',
      'Lê Văn Cảnh',
    ]);
    expect(premis).toContain('<premis:eventDateTime>2019-05-06T08:00:00+07:00</premis:eventDateTime>');
  });

  it('keeps the audit trail as one JSON object a line', () => {
    const lines = textOf(packager.build(packageInput()), 'metadata/other/audit/events.jsonl').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { action: 'document.signed', documentOrdinal: 1, details: { certificate: 'a1', level: 'B-B' } },
      { action: 'document.dispatched', documentOrdinal: 1 },
      { action: 'document.registered', documentOrdinal: 2, actorName: 'Lê Văn Cảnh' },
    ]);
  });

  it('tells a person in Vietnamese what it is and how to check it', () => {
    const readMe = textOf(packager.build(packageInput()), 'DOC-TRUOC.txt');
    expect(readMe).toMatch(/^GÓI LƯU TRỮ HỒ SƠ ĐIỆN TỬ\n/);
    expect(readMe).toContain('sha256sum -c manifest-sha256.txt');
    expect(readMe).toContain(PACKAGE_ID);
    expect(readMe).toBe(readMe.normalize('NFC'));
  });

  it('gives two files of one name different names', () => {
    const [incoming, outgoing] = packageInput().documents;
    if (incoming === undefined || outgoing === undefined) return expect.unreachable();
    const files = ['a', 'b', 'c'].map((text, index) =>
      archiveFile('Phụ lục.pdf', index === 0 ? 'original' : 'attachment', `%PDF ${text}`),
    );
    const zip = packager.build(packageInput({ documents: [{ ...outgoing, files }, incoming] }));
    expect([...filesOf(zip).keys()].filter((path) => path.includes('Phu-luc'))).toEqual([
      'representations/rep1/data/001_Phu-luc-2.pdf',
      'representations/rep1/data/001_Phu-luc-3.pdf',
      'representations/rep1/data/001_Phu-luc.pdf',
    ]);
  });

  it('is refused when a stored file is no longer what was signed', () => {
    const [incoming, outgoing] = packageInput().documents;
    if (incoming === undefined || outgoing === undefined) return expect.unreachable();
    const damaged = { ...archiveFile('a.pdf', 'original', '%PDF a'), bytes: Buffer.from('%PDF b') };
    const refusal = refusalOf(packageInput({ documents: [{ ...outgoing, files: [damaged] }, incoming] }));
    expect(refusal).toMatchObject({
      kind: 'bug',
      code: 'ARCHIVE_FIXITY_MISMATCH',
      details: { documentId: outgoing.id },
    });
  });

  it('is refused without documents, without an original or with a repeated ordinal', () => {
    const [incoming, outgoing] = packageInput().documents;
    if (incoming === undefined || outgoing === undefined) return expect.unreachable();
    const evidenceOnly = { ...outgoing, files: outgoing.files.filter((file) => file.kind === 'evidence') };
    expect(refusalOf(packageInput({ documents: [] })).code).toBe('ARCHIVE_PACKAGE_EMPTY');
    expect(refusalOf(packageInput({ documents: [evidenceOnly] })).code).toBe('ARCHIVE_ORIGINAL_MISSING');
    expect(refusalOf(packageInput({ documents: [outgoing, { ...incoming, ordinal: 1 }] })).code).toBe(
      'ARCHIVE_PACKAGE_INVALID',
    );
    expect(refusalOf(packageInput({ packageId: '../x' })).code).toBe('ARCHIVE_PACKAGE_INVALID');
  });

  it('is refused when a text holds a character that XML cannot carry', () => {
    const { caseFile } = packageInput();
    const input = packageInput({ caseFile: { ...caseFile, title: 'a\u0000b' } });
    expect(refusalOf(input)).toMatchObject({ kind: 'rule', code: 'ARCHIVE_TEXT_INVALID' });
  });
});
