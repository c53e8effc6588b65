// Comparing two values with an operator, with the warning when there is no order between them. Shared by comparisons,
// `between`, and unary tests.

import { compare, equals } from '../comparison.ts';
import type { Span } from '../diagnostics.ts';
import { shown } from '../text.ts';
import type { FeelValue } from '../values.ts';
import { isList } from '../values.ts';
import type { Run } from './run.ts';

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export const isComparator = (text: string): text is Comparator => ['=', '!=', '<', '<=', '>', '>='].includes(text);

export interface Comparing {
  readonly operator: Comparator;
  readonly span: Span;
}

const TESTS: Readonly<Record<Comparator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

export function compareValues(
  run: Run,
  left: FeelValue,
  { right, operator, span }: Comparing & { readonly right: FeelValue },
): FeelValue {
  if (operator === '=' || operator === '!=') {
    const same = equals(left, right);
    if (same !== null) return operator === '=' ? same : !same;
  } else {
    const order = compare(only(left), only(right));
    if (order !== null) return TESTS[operator](order);
  }
  return run.warnAt(span, 'FEEL_NOT_COMPARABLE', { left: shown(left), right: shown(right) });
}

/** A list of one stands for its item where one value is asked. */
const only = (value: FeelValue): FeelValue => (isList(value) && value.length === 1 ? (value[0] ?? null) : value);
