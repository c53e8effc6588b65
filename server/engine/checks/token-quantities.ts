// Rule token-quantities: start and completion quantities are whole numbers from 1.

import { checkElements } from './check.ts';

export const tokenQuantities = checkElements('token-quantities', ({ startQuantity, completionQuantity }) =>
  startQuantity >= 1 && completionQuantity >= 1
    ? []
    : ['has a startQuantity or completionQuantity that is not a whole number from 1'],
);
