// Validation in threads: what a hostile file does to its reader stays there, and the process goes on answering.

import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createValidationPool, POOL_LIMITS } from '../../../server/adapters/signing/validation/pool.ts';
import type { ValidationPool } from '../../../server/adapters/signing/validation/pool.ts';
import { append, bodyOf, joined, LETTER, makeFile, replaceOnce, signFile, signLetter, streamBody } from './kit.ts';

const OPTIONS = { mode: 'integrity', trust: [], guard: null, at: null, now: new Date('2026-01-01T00:00:00Z') } as const;

let pool: ValidationPool;
beforeAll(() => {
  pool = createValidationPool({ ...POOL_LIMITS, threads: 1, memoryMb: 128 });
});
afterAll(() => pool.close());

const judge = async (pdf: Uint8Array): Promise<{ verdict: string; codes: readonly string[] }> => {
  const { report } = await pool.validate(pdf, OPTIONS);
  const all = [...report.reasons, ...report.signatures.flatMap(({ reasons }) => reasons)];
  return { verdict: report.verdict, codes: all.map(({ code }) => code) };
};

/** A cross-reference stream that expands to far more than it is. */
function bomb(megabytes: number): Uint8Array {
  const data = deflateSync(Buffer.alloc(megabytes * 1024 * 1024)).toString('latin1');
  const base = makeFile(LETTER);
  const body = streamBody(data, '/Type /XRef /Size 9 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode');
  const tail = `60 0 obj\n${body}\nendobj\nstartxref\n${base.length}\n%%EOF\n`;
  return joined(base, new Uint8Array(Buffer.from(tail, 'latin1')));
}

describe('validation in a thread', () => {
  it('answers what validation answers, with the evidence', async () => {
    const { report, evidence } = await pool.validate(signLetter(), OPTIONS);
    expect(report).toMatchObject({ verdict: 'valid', signatures: [{ field: 'Ky-1', algorithm: 'ECDSA 256 SHA-256' }] });
    expect(evidence.certificates).toHaveLength(1);
  });

  it('refuses a file of 200 MB without reading it', async () => {
    expect(await judge(new Uint8Array(200 * 1024 * 1024))).toEqual({ verdict: 'invalid', codes: ['FILE_TOO_LARGE'] });
  });

  it.each([
    ['a bomb of 300 MB', () => bomb(300)],
    [
      '10,000 levels of arrays',
      () =>
        append(signLetter(), { 1: replaceOnce(bodyOf(signLetter(), 1), '/Pages', `/X ${'['.repeat(10_000)} /Pages`) }),
    ],
    [
      '10,000 levels of the page tree',
      () => {
        const levels = Object.fromEntries(
          Array.from({ length: 10_000 }, (_, index) => [index + 10, `<</Kids [${index + 11} 0 R]>>`]),
        );
        return signFile(makeFile({ ...LETTER, 2: '<</Type /Pages /Kids [10 0 R] /Count 1>>', ...levels }), {
          number: 20_000,
        });
      },
    ],
    [
      '10,000 levels of fields',
      () => {
        const levels = Object.fromEntries(
          Array.from({ length: 10_000 }, (_, index) => [index + 100, `<</T (a) /Kids [${index + 101} 0 R]>>`]),
        );
        return signFile(makeFile({ ...LETTER, ...levels }), { fields: '100 0 R', number: 20_000 });
      },
    ],
    [
      'a chain of 10,000 references',
      () => {
        const chain = Object.fromEntries(
          Array.from({ length: 10_000 }, (_, index) => [index + 100, `${index + 101} 0 R`]),
        );
        return makeFile({ ...LETTER, ...chain, 1: '<</Type /Catalog /Pages 2 0 R /AcroForm 100 0 R>>' });
      },
    ],
  ] as const)('is over with %s, and the next file is judged as ever', async (_, make) => {
    const { codes } = await judge(make());
    expect(codes.length === 0 || codes.every((code) => /^(FILE_|NO_SIGNATURE)/.test(code))).toBe(true);
    expect((await judge(signLetter())).verdict).toBe('valid');
  });

  it('is stopped when it takes too long, and the event loop turns all the while', async () => {
    const impatient = createValidationPool({ ...POOL_LIMITS, threads: 1, timeoutMs: 1 });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    try {
      const { report } = await impatient.validate(signLetter(), OPTIONS);
      expect(report.reasons.map(({ code }) => code)).toEqual(['FILE_TIMEOUT']);
      expect(turns).toBeGreaterThan(0);
    } finally {
      clearInterval(timer);
      await impatient.close();
    }
  });

  it('refuses to take more files than may wait', async () => {
    const small = createValidationPool({ ...POOL_LIMITS, threads: 1, maxWaiting: 1 });
    try {
      const first = small.validate(signLetter(), OPTIONS);
      const second = small.validate(signLetter(), OPTIONS);
      await expect(small.validate(signLetter(), OPTIONS)).rejects.toMatchObject({ code: 'VALIDATION_BUSY' });
      expect((await Promise.all([first, second])).map(({ report }) => report.verdict)).toEqual(['valid', 'valid']);
    } finally {
      await small.close();
    }
  });
});
