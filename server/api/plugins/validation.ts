// Requests are checked strictly: unknown properties are refused, not dropped, and a body keeps its types. Only path,
// query and headers, which are text by nature, are converted to the numbers and booleans that their schema names.

import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { App } from '../types.ts';

export function registerValidation(app: App): void {
  const strictAjv = createAjv(false);
  const textAjv = createAjv(true);
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? strictAjv : textAjv).compile(schema));
}

function createAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ coerceTypes, removeAdditional: false, allErrors: false, useDefaults: false, strict: true });
  addFormats.default(ajv);
  return ajv;
}
