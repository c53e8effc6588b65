// Case files and archive packages: filed once, in order, inside the agency; the package holds the signed original byte
// for byte and can be checked without us.

import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkArchivePackage } from '../../../server/adapters/archive/check.ts';
import { createArchivePackager } from '../../../server/adapters/archive/packager.ts';
import {
  addToCaseFile,
  exportCaseFile,
  findCaseFileOf,
  listCaseFiles,
  openOrGetCaseFile,
} from '../../../server/modules/archive/index.ts';
import { loadVersion, type Document } from '../../../server/modules/documents/index.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type Journey, prepareDispatched, prepareSigned } from '../journey.ts';
import { COMMITTEE, createDeps, createProvince, NOW, type Province } from '../province.ts';

const KEY = { agencyId: COMMITTEE, year: 2019, direction: 'outgoing', documentTypeId: 'official_letter' } as const;

describe('the archive', () => {
  let database: TestDatabase;
  let province: Province;
  let journey: Journey;
  let document: Document;
  const deps = { ...createDeps(), packager: createArchivePackager() };

  beforeAll(async () => {
    database = await createTestDatabase();
    province = await createProvince(database.transactions);
    journey = { transactions: database.transactions, deps, staff: province.committee };
    document = await prepareDispatched(journey);
  });
  afterAll(() => database.drop());

  const run = <T>(work: Parameters<typeof database.transactions.run<T>>[0]): Promise<T> =>
    database.transactions.run(work);
  const file = (id = document.id) =>
    run(async (tx) => {
      const caseFile = await openOrGetCaseFile(tx, KEY, NOW);
      await addToCaseFile(tx, { documentId: id, caseFileId: caseFile.id }, NOW);
      return caseFile;
    });

  it('opens one case file for simultaneous first documents', async () => {
    const opened = await Promise.all(Array.from({ length: 6 }, () => run((tx) => openOrGetCaseFile(tx, KEY, NOW))));
    expect(new Set(opened.map((caseFile) => caseFile.id)).size).toBe(1);
    expect(opened[0]).toMatchObject({ title: 'Công văn đi năm 2019', retention: '50 năm', notation: 'ĐI.CV' });
  });

  it('files a document once however often it is asked', async () => {
    await Promise.all([file(), file(), file()]);
    const [caseFile] = await run((tx) => listCaseFiles(tx, province.committee.clerk));
    expect(caseFile?.documents.map((filed) => filed.id)).toEqual([document.id]);
    expect(await run((tx) => findCaseFileOf(tx, document.id))).toBe(caseFile?.id);
  });

  it('refuses a document that is not finished', async () => {
    const signed = await prepareSigned(journey);
    await expect(file(signed.id)).rejects.toMatchObject({ code: 'CASE_FILE_DOCUMENT_NOT_ISSUED', kind: 'rejection' });
  });

  it('numbers the documents of a case file without gaps', async () => {
    await file((await prepareDispatched(journey)).id);
    const { rows } = await run((tx) =>
      tx.query<{ ordinal: number }>('select ordinal from case_file_documents order by ordinal'),
    );
    expect(rows.map((row) => row.ordinal)).toEqual([1, 2]);
  });

  it('shows another agency nothing', async () => {
    const caseFile = await file();
    expect(await run((tx) => listCaseFiles(tx, province.department.clerk))).toEqual([]);
    const foreign = run((tx) => exportCaseFile(tx, deps, province.department.clerk, caseFile.id, NOW));
    await expect(foreign).rejects.toMatchObject({ code: 'CASE_FILE_NOT_FOUND', kind: 'not-found' });
  });

  it('exports the signed original byte for byte, with metadata, history and hashes that agree', async () => {
    const caseFile = await file();
    const { bytes } = await run((tx) => exportCaseFile(tx, deps, province.committee.clerk, caseFile.id, NOW));
    expect(checkArchivePackage(bytes)).toMatchObject({ ok: true });

    const entries = unzipSync(bytes);
    const paths = Object.keys(entries);
    const original = paths.find((path) => /representations\/rep1\/data\/001_.*\.pdf$/.test(path)) ?? '';
    const { bytes: stored } = await run((tx) => loadVersion(tx, deps, document.id));
    expect(Buffer.from(entries[original] ?? []).equals(Buffer.from(stored))).toBe(true);

    const text = (ending: string): string =>
      Buffer.from(entries[paths.find((path) => path.endsWith(ending)) ?? ''] ?? []).toString('utf8');
    expect(text('EAD.xml')).toContain('V/v thí điểm gửi, nhận văn bản điện tử có ký số');
    const history = text('events.jsonl')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { action: string }).action);
    expect(history).toEqual(expect.arrayContaining(['document.signed', 'document.numbered', 'document.sealed']));
  });
});
