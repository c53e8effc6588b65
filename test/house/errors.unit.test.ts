// The error catalogue has one home per fact: the kind stands in the code, the texts for people in
// server/api/error-texts, and docs/errors.md is made of both. A code without a text, a text without a code and a stale
// page fail here. After a change: `npx vitest run test/house/errors.unit.test.ts -u` writes the page anew.

import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../server/api/error-texts/en.json' with { type: 'json' };
import vi from '../../server/api/error-texts/vi.json' with { type: 'json' };
import { HTTP_STATUS } from '../../server/api/plugins/error-handler.ts';
import { findCodesIn, findErrorCodes, type FoundCode } from './error-codes.ts';
import { renderErrorPage } from './error-page.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const PAGE = join(REPOSITORY, 'docs/errors.md');
const FOUND = findErrorCodes(REPOSITORY);

/** A bug is answered as INTERNAL_ERROR with a reference, so the other codes of that kind are for logs only. */
const isAnswered = ({ code, kind }: FoundCode): boolean => kind !== 'bug' || code === 'INTERNAL_ERROR';
const ANSWERED = new Set(FOUND.filter(isAnswered).map(({ code }) => code));

describe('error catalogue', () => {
  it.each([
    ['Vietnamese', vi],
    ['English', en],
  ])('every code that a client can meet has a %s text and nothing else has', (_language, texts) => {
    expect(Object.keys(texts).sort()).toEqual([...ANSWERED].sort());
  });

  it.each([
    ['Vietnamese', vi],
    ['English', en],
  ])('every %s text says in sentences what happened and what to do', (_language, texts) => {
    const faulty = Object.entries(texts).filter(([, { message, action }]) =>
      [message, action].some((text) => text.length < 10 || !/[.]$/.test(text) || text !== text.normalize('NFC')),
    );
    expect(faulty).toEqual([]);
  });

  it('one code has one kind everywhere', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { code, kind } of FOUND) kinds.set(code, (kinds.get(code) ?? new Set()).add(kind));
    expect([...kinds].filter(([, set]) => set.size > 1).map(([code]) => code)).toEqual([]);
  });

  it('docs/errors.md lists every code with its kind, HTTP status and texts', async () => {
    await expect(renderErrorPage(FOUND, HTTP_STATUS, en)).toMatchFileSnapshot(PAGE);
  });
});

describe('search for error codes', () => {
  const codesIn = (text: string): string[] => findCodesIn('x.ts', text).map(({ code, kind }) => `${code} ${kind}`);

  it('finds a constructed error', () => {
    expect(codesIn(`throw new AppError('rule', 'PDF_CORRUPT', 'broken');`)).toEqual(['PDF_CORRUPT rule']);
  });

  it('finds the rows of a table of kinds', () => {
    expect(codesIn(`const KINDS = { TASK_NOT_OPEN: 'rejection', OTHER_THING: 'no kind' };`)).toEqual([
      'TASK_NOT_OPEN rejection',
    ]);
  });

  it('finds the entries of a list of codes', () => {
    expect(codesIn(`export const ERROR_CODES = [{ code: 'JOB_LEASE_LOST', kind: 'rejection' }];`)).toEqual([
      'JOB_LEASE_LOST rejection',
    ]);
  });
});
