// The page of the rules is the rules.

import { describe, expect, it } from 'vitest';
import { RULES } from '../../server/authoring/index.ts';
import { renderLintPage } from './lint-page.ts';

describe('docs/lint.md', () => {
  it('is generated from the rules', async () => {
    await expect(renderLintPage()).toMatchFileSnapshot('../../docs/lint.md');
  });

  it('names every rule once', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });
});
