// A small case file with two documents, for the archive tests. All people and codes are invented samples.

import { createHash } from 'node:crypto';

import { strFromU8, unzipSync, zipSync } from 'fflate';

import type { ArchiveFile, ArchivePackageInput } from '../../../server/modules/archive/ports.ts';
import { asId } from '../../../server/shared/ids.ts';
import type { Instant } from '../../../server/shared/time.ts';

export const PACKAGE_ID = 'urn:uuid:0190b2a4-7e3c-7b1e-9d3a-1c2d3e4f5a6b';
export const ROOT = 'urn-uuid-0190b2a4-7e3c-7b1e-9d3a-1c2d3e4f5a6b';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const instant = (text: string): Instant => asId<Instant>(text);

export const archiveFile = (
  name: string,
  kind: ArchiveFile['kind'],
  content: string,
  mediaType = 'application/pdf',
): ArchiveFile => {
  const bytes = Buffer.from(content, 'utf8');
  return { name, kind, mediaType, bytes, sha256: sha256(bytes) };
};

export const packageInput = (changes: Partial<ArchivePackageInput> = {}): ArchivePackageInput => ({
  packageId: PACKAGE_ID,
  createdAt: instant('2019-06-03T02:00:00.000Z'),
  agency: { code: '000.00.13.H15', name: 'Sở Thông tin và Truyền thông' },
  caseFile: {
    notation: '01.VP',
    year: 2019,
    title: 'Thí điểm gửi, nhận văn bản "có ký số" <đợt 1> & lưu trữ',
    retention: '10 năm',
  },
  documents: [
    {
      id: '0190b2a4-0000-7000-8000-000000000002',
      ordinal: 2,
      direction: 'incoming',
      metadata: { Subject: 'Trả lời Công văn 12', IssuedDate: '2019-05-20', PageAmount: '1', ArrivalNumber: '77' },
      files: [archiveFile('03 SNV trả lời.pdf', 'original', '%PDF-1.7 trả lời')],
      events: [
        {
          at: instant('2019-05-20T03:00:00.000Z'),
          action: 'document.registered',
          actorName: 'Lê Văn Cảnh',
          agencyName: 'Sở Thông tin và Truyền thông',
          details: { arrivalNumber: 77 },
        },
      ],
    },
    {
      id: '0190b2a4-0000-7000-8000-000000000001',
      ordinal: 1,
      direction: 'outgoing',
      metadata: {
        PageAmount: '2',
        Subject: 'V/v thí điểm',
        CodeNotation: 'STTTT-VP',
        CodeNumber: '12',
        TypeName: 'Công văn',
        IssuedDate: '2019-05-06',
        'SignerInfo/FullName': 'Nguyễn Văn Ưởng',
      },
      files: [
        archiveFile('Công văn số 12 của Sở.pdf', 'original', '%PDF-1.7 công văn'),
        archiveFile('Phụ lục.pdf', 'attachment', '%PDF-1.7 phụ lục'),
        archiveFile('goi-tin.xml', 'exchange', '<edXML/>', 'application/xml'),
        archiveFile('kiem-tra-chu-ky.json', 'evidence', '{"valid":true}', 'application/json'),
      ],
      events: [
        {
          at: instant('2019-05-06T01:00:00.000Z'),
          action: 'document.signed',
          actorName: 'Nguyễn Văn Ưởng',
          agencyName: 'Sở Thông tin và Truyền thông',
          details: { level: 'B-B', certificate: 'a1' },
        },
        {
          at: instant('2019-05-06T02:00:00.000Z'),
          action: 'document.dispatched',
          actorName: 'Lê Văn Cảnh',
          agencyName: 'Sở Thông tin và Truyền thông',
          details: {},
        },
      ],
    },
  ],
  ...changes,
});

/** Path below the root folder → bytes. */
export const filesOf = (zip: Uint8Array): Map<string, Uint8Array> =>
  new Map(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name.slice(ROOT.length + 1), bytes]));

export const textOf = (zip: Uint8Array, path: string): string => strFromU8(filesOf(zip).get(path) ?? new Uint8Array());

/** Packs files again, as somebody would who changed a package by hand. */
export const repack = (files: ReadonlyMap<string, Uint8Array>, root = ROOT): Uint8Array =>
  zipSync(Object.fromEntries([...files].map(([path, bytes]) => [`${root}/${path}`, bytes])));
