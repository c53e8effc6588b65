// Numbers under concurrency, rollback and repetition; what the database refuses by itself.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allocateNumber,
  listEntries,
  outgoingSeriesOf,
  registerIncoming,
  type AllocateInput,
} from '../../../server/modules/registers/index.ts';
import { asId, type AgencyId, type DocumentId } from '../../../server/shared/ids.ts';
import { yearOf, type LocalDate } from '../../../server/shared/time.ts';
import type { Tx } from '../../../server/shared/transactions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { CITY, COMMITTEE, createProvince, DEPARTMENT, NOW } from '../province.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await createProvince(database.transactions);
});
afterAll(() => database.drop());

const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transactions.run(work);
const day = (text: string): LocalDate => asId<LocalDate>(text);

/** Rows of documents only: registers do not look into them. */
async function createDocuments(count: number): Promise<readonly DocumentId[]> {
  const { rows } = await database.pool.query(
    `insert into documents (agency_id, direction, status, document_type_name, subject, urgency, notation, issued_place,
       origin_name, created_at, updated_at)
     select $1, 'outgoing', 'draft', 'Công văn', 'V/v', 'normal', 'X', 'Đắk Lắk', 'Y', now(), now()
       from generate_series(1, $2::int) returning id`,
    [COMMITTEE, count],
  );
  return rows.map(({ id }) => id);
}

const input = (documentId: DocumentId, changes: Partial<AllocateInput> = {}): AllocateInput => {
  const issuedOn = changes.issuedOn ?? day('2019-05-06');
  return {
    agencyId: COMMITTEE,
    series: 'official_letter',
    year: yearOf(issuedOn),
    documentId,
    issuedOn,
    subject: 'V/v thí điểm',
    documentTypeName: 'Công văn',
    notation: 'UBND-KSTTHC',
    signerName: 'Y Thịnh Êban',
    recipientsText: 'Các sở, ban, ngành',
    ...changes,
  };
};

const allocate = (documentId: DocumentId, changes: Partial<AllocateInput> = {}) =>
  run((tx) => allocateNumber(tx, input(documentId, changes), NOW));

const oneDocument = async (): Promise<DocumentId> => {
  const [id] = await createDocuments(1);
  if (id === undefined) throw new Error('One row was inserted');
  return id;
};

describe('outgoing numbers', () => {
  it('fifty allocations at once give 1 to 50, one for each document', async () => {
    const documents = await createDocuments(50);
    const series = `crowd-${randomUUID()}`;
    const given = await Promise.all(documents.map((id) => allocate(id, { series })));
    const numbers = given.map(({ number }) => number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    const entries = (await run((tx) => listEntries(tx, { agencyId: COMMITTEE, kind: 'outgoing', year: 2019 }))).filter(
      (entry) => entry.series === series,
    );
    expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(new Set(entries.map(({ documentId }) => documentId))).toEqual(new Set(documents));
  });

  it('a document that asks ten times at once gets one number', async () => {
    const id = await oneDocument();
    const series = `again-${randomUUID()}`;
    const given = await Promise.all(Array.from({ length: 10 }, () => allocate(id, { series })));
    expect(new Set(given.map(({ number, entryId }) => `${number} ${entryId}`)).size).toBe(1);
    expect(await allocate(await oneDocument(), { series })).toMatchObject({ number: 2 });
  });

  it('a rolled-back allocation gives its number back', async () => {
    const [first, lost, next] = await createDocuments(3);
    const series = `rollback-${randomUUID()}`;
    if (first === undefined || lost === undefined || next === undefined) throw new Error('Three rows were inserted');
    await allocate(first, { series });
    const failed = run(async (tx) => {
      expect(await allocateNumber(tx, input(lost, { series }), NOW)).toMatchObject({ number: 2 });
      throw new Error('signing failed');
    });
    await expect(failed).rejects.toThrow('signing failed');
    expect(await allocate(next, { series })).toMatchObject({ number: 2 });
  });

  it('each agency, series and year counts by itself', async () => {
    const [a, b, c, d] = await createDocuments(4);
    if (a === undefined || b === undefined || c === undefined || d === undefined)
      throw new Error('Four rows were inserted');
    const series = `apart-${randomUUID()}`;
    expect(await allocate(a, { series })).toMatchObject({ number: 1 });
    expect(await allocate(b, { series, agencyId: DEPARTMENT })).toMatchObject({ number: 1 });
    expect(await allocate(c, { series: `${series}-2` })).toMatchObject({ number: 1 });
    expect(await allocate(d, { series, issuedOn: day('2020-01-02') })).toMatchObject({ number: 1 });
  });

  it('a number is not dated before the number before it', async () => {
    const [a, b, c] = await createDocuments(3);
    if (a === undefined || b === undefined || c === undefined) throw new Error('Three rows were inserted');
    const series = `dates-${randomUUID()}`;
    await allocate(a, { series, issuedOn: day('2019-05-06') });
    const backwards = allocate(b, { series, issuedOn: day('2019-05-03') });
    await expect(backwards).rejects.toMatchObject({ code: 'REGISTER_DATE_BACKWARDS', kind: 'rule' });
    expect(await allocate(c, { series, issuedOn: day('2019-05-06') })).toMatchObject({ number: 2 });
  });

  it('a day of another year is a fault of the caller', async () => {
    const refused = allocate(await oneDocument(), { series: `year-${randomUUID()}`, year: 2018 });
    await expect(refused).rejects.toMatchObject({ code: 'REGISTER_YEAR_MISMATCH', kind: 'bug' });
  });

  it('each document type is a series of its own', () => {
    expect(outgoingSeriesOf('decision')).not.toBe(outgoingSeriesOf('official_letter'));
  });
});

describe('arrival numbers', () => {
  const arrive = (documentId: DocumentId, agencyId: AgencyId) =>
    run((tx) =>
      registerIncoming(
        tx,
        {
          agencyId,
          year: 2019,
          documentId,
          arrivedOn: day('2019-05-06'),
          originName: 'Ủy ban nhân dân tỉnh Đắk Lắk',
          documentCode: '3321/UBND-KSTTHC',
          issuedOn: day('2019-04-26'),
          documentTypeName: 'Công văn',
          subject: 'V/v thí điểm',
        },
        NOW,
      ),
    );

  it('count from 1 in each agency and are given once per document', async () => {
    const [a, b, c] = await createDocuments(3);
    if (a === undefined || b === undefined || c === undefined) throw new Error('Three rows were inserted');
    expect((await arrive(a, CITY)).arrivalNumber).toBe(1);
    expect((await arrive(b, CITY)).arrivalNumber).toBe(2);
    expect((await arrive(a, CITY)).arrivalNumber).toBe(1);
    expect((await arrive(c, DEPARTMENT)).arrivalNumber).toBe(1);
    const entries = await run((tx) => listEntries(tx, { agencyId: CITY, kind: 'incoming', year: 2019 }));
    expect(entries).toMatchObject([
      { number: 1, documentId: a, originName: 'Ủy ban nhân dân tỉnh Đắk Lắk', documentIssuedOn: '2019-04-26' },
      { number: 2, documentId: b },
    ]);
  });
});

describe('what the database itself refuses in registers', () => {
  it.each([
    ['a jump of the counter', `update registers set last_number = last_number + 2`, 'REGISTER_IMMUTABLE'],
    ['a counter that goes back', `update registers set last_number = last_number - 1`, 'REGISTER_IMMUTABLE'],
    ['removing a register', `delete from registers`, 'REGISTER_IMMUTABLE'],
    ['renumbering an entry', `update register_entries set number = number + 1000`, 'REGISTER_ENTRY_IMMUTABLE'],
    ['redating an entry', `update register_entries set entered_on = '2019-01-01'`, 'REGISTER_ENTRY_IMMUTABLE'],
    ['removing an entry', `delete from register_entries`, 'REGISTER_ENTRY_IMMUTABLE'],
  ])('%s', async (_name, sql, code) => {
    await allocate(await oneDocument(), { series: `refusal-${randomUUID()}` });
    await expect(database.pool.query(sql)).rejects.toThrow(code);
  });

  it('an entry with another number than the register has counted to', async () => {
    await allocate(await oneDocument(), { series: `order-${randomUUID()}` });
    const insert = database.pool.query(
      `insert into register_entries (register_id, number, document_id, entered_on, notation, document_type_name, subject,
         recorded_at)
       select register_id, 77, $1, entered_on, '', '', '', now() from register_entries limit 1`,
      [await oneDocument()],
    );
    await expect(insert).rejects.toThrow('REGISTER_ENTRY_ORDER');
  });
});
