// What the standard says where engines differ.

import { describe, expect, it } from 'vitest';
import { literal } from './feel.ts';
import { STANDARD_CASES } from './standard-cases.ts';

describe('decided from the text of the standard', () => {
  it.each(STANDARD_CASES)('%s is %s', (text, value) => {
    expect(literal(text)).toBe(value);
  });
});
