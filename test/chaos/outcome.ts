// What must be true after any failure: every document of the finished journeys is archived, with exactly one number,
// one set of signatures and one delivery per recipient, and every agency's chain of audit entries is whole.

import { expect } from 'vitest';
import type { JourneyResult } from '../../scripts/demo/journey.ts';
import { RECIPIENTS } from '../../scripts/demo/journey.ts';
import type { SignatureCheckView } from '../../server/api/contract/index.ts';
import { verifyAuditChain } from '../../server/modules/audit/index.ts';
import { asId, type AgencyId } from '../../server/shared/ids.ts';
import type { Transactions } from '../../server/shared/transactions.ts';

export async function expectEverythingOnce(
  transactions: Transactions,
  results: readonly JourneyResult[],
): Promise<void> {
  for (const result of results) await expectDocumentOnce(transactions, result);
  const numbers = results.map((result) => Number(result.document.documentCode?.split('/')[0])).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  await expectNothingLeft(transactions);
  for (const agencyId of [null, 'ubnd-tinh', ...RECIPIENTS]) {
    const chain = await transactions.run((tx) =>
      verifyAuditChain(tx, agencyId === null ? null : asId<AgencyId>(agencyId)),
    );
    expect(chain).toMatchObject({ ok: true });
  }
}

async function expectDocumentOnce(
  transactions: Transactions,
  { sender, document, receivers }: JourneyResult,
): Promise<void> {
  expect(document.status).toBe('archived');
  expect(document.signatures.map((signature) => signature.role)).toEqual(['personal', 'agency']);
  expect(document.deliveries.map((delivery) => delivery.status)).toEqual(RECIPIENTS.map(() => 'completed'));
  for (const delivery of document.deliveries) {
    expect(delivery.history.map((entry) => entry.code)).toEqual(['01', '03', '04', '05', '06']);
  }
  const check = await sender.clerk.get<SignatureCheckView>(`/api/documents/${document.id}/signatures`);
  expect(check).toMatchObject({ verdict: 'valid' });
  const kinds = check.findings.map((finding) => finding.kind);
  expect(kinds.filter((kind) => kind === 'signature')).toHaveLength(2);
  // One proof of time after the seal, one at archiving; both are jobs and may still be on their way.
  expect(kinds.length).toBeLessThanOrEqual(4);

  const count = async (sql: string): Promise<number> => {
    const { rows } = await transactions.run((tx) => tx.query<{ count: string }>(sql, [document.id]));
    return Number(rows[0]?.count);
  };
  expect(await count(`select count(*) from register_entries where document_id = $1`)).toBe(1);
  expect(await count(`select count(*) from outgoing_packages where document_id = $1`)).toBe(RECIPIENTS.length);
  expect(await count(`select count(*) from case_file_documents where document_id = $1`)).toBe(1);
  expect(
    await count(`select count(*) from incoming_packages i join outgoing_packages o on o.message_id = i.message_id
                 where o.document_id = $1`),
  ).toBe(RECIPIENTS.length);

  for (const receiver of receivers) {
    expect(receiver.document.status).toBe('archived');
    const { items } = await receiver.cast.clerk.get<{ items: { documentCode: string }[] }>(
      '/api/documents?direction=incoming&limit=500',
    );
    expect(items.filter((item) => item.documentCode === document.documentCode)).toHaveLength(1);
  }
}

/** No incident, no running instance, no open job but timers of nothing: the work is done. */
async function expectNothingLeft(transactions: Transactions): Promise<void> {
  const { rows } = await transactions.run((tx) =>
    tx.query<{ incidents: string; instances: string; jobs: string; tasks: string }>(
      `select (select count(*) from incidents where status = 'active') as incidents,
              (select count(*) from process_instances where status = 'active') as instances,
              (select count(*) from jobs where status = 'open') as jobs,
              (select count(*) from user_tasks where status = 'open') as tasks`,
    ),
  );
  expect(rows).toEqual([{ incidents: '0', instances: '0', jobs: '0', tasks: '0' }]);
}
