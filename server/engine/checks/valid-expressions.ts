// Rule valid-expressions: every FEEL text of the model is readable. Values are only known at run time; a misspelt
// operator should not wait until then.

import { checkSyntax } from '../expressions/feel.ts';
import { findExpressionPlaces } from '../model/expression-places.ts';
import { checkProcesses } from './check.ts';

export const validExpressions = checkProcesses('valid-expressions', ({ process }) =>
  findExpressionPlaces(process).flatMap(({ elementId, expression }) => {
    const fault = checkSyntax(expression);
    return fault === null ? [] : [{ elementId, message: `The expression '${expression}' is not FEEL: ${fault}.` }];
  }),
);
