// Requests are read strictly and refused in the words that clients know: unknown and mistyped properties are
// `Request property [x] cannot be parsed`, a missing one is `No x provided.`. Enums may come in any case and are handed
// on in upper case. Nothing is converted except query parameters, which are text by nature.

import { Ajv, type Plugin } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyRequest, FastifySchemaValidationError } from 'fastify';
import type { App } from '../types.ts';
import { badRequest, invalidArgument, type Problem } from './problem.ts';

const LARGEST_KEY = 2n ** 63n - 1n;

/** int64 as digits; what does not fit is no key, and must not reach the database as one. */
export function isKey(text: string): boolean {
  if (!/^-?\d{1,25}$/.test(text)) return false;
  const value = BigInt(text);
  return value <= LARGEST_KEY && value >= -LARGEST_KEY - 1n;
}

export function registerV2Validation(app: App): void {
  const body = createAjv(false);
  const text = createAjv(true);
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? body : text).compile(schema));
}

function createAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({
    coerceTypes,
    removeAdditional: false,
    allErrors: false,
    useDefaults: false,
    strict: true,
    strictTypes: false,
    allowUnionTypes: true,
    verbose: true,
  });
  // The package's types describe its CommonJS default export.
  (addFormats as unknown as { default: Plugin<unknown> }).default(ajv);
  ajv.addFormat('engine-key', isKey);
  // What a property is called in a message when its own name says too little.
  ajv.addKeyword('label');
  ajv.addKeyword({
    keyword: 'enumOf',
    type: 'string',
    modifying: true,
    errors: false,
    validate: (values: readonly string[], given: string, _schema?: unknown, place?: DataPlace): boolean => {
      const value = values.find((candidate) => candidate.toLowerCase() === given.toLowerCase());
      if (value === undefined) return false;
      if (place !== undefined) place.parentData[place.parentDataProperty] = value;
      return true;
    },
  });
  return ajv;
}

interface DataPlace {
  readonly parentData: Record<string | number, unknown>;
  readonly parentDataProperty: string | number;
}

type ValidationError = FastifySchemaValidationError & {
  readonly data?: unknown;
  readonly parentSchema?: { readonly properties?: Readonly<Record<string, { readonly label?: string }>> };
};

/** The first error decides: a request with several gets them one after the other. */
export function describeValidation(
  errors: readonly ValidationError[],
  place: string,
  request: FastifyRequest,
): Problem {
  const [error] = errors;
  if (error === undefined) return badRequest('The request cannot be read');
  if (place === 'params') return badRequest(describeParameter(error, request));
  if (place === 'querystring') {
    return badRequest(`Failed to convert '${nameOf(error)}' with value: '${textOf(error.data)}'`);
  }
  return describeBody(error);
}

function describeParameter(error: ValidationError, request: FastifyRequest): string {
  const name = nameOf(error);
  const params = request.params as Readonly<Record<string, string>>; // path parameters are always text
  return `Failed to convert '${name}' with value: '${params[name] ?? ''}'`;
}

function describeBody(error: ValidationError): Problem {
  const name = nameOf(error);
  switch (error.keyword) {
    case 'additionalProperties':
    case 'type':
    case 'enumOf':
    case 'enum':
    case 'anyOf':
    case 'oneOf':
    case 'const':
      return badRequest(name === '' ? 'Request body cannot be parsed' : `Request property [${name}] cannot be parsed`);
    case 'required':
      return invalidArgument(`No ${labelOf(error) ?? name} provided.`);
    case 'format':
      return describeFormat(error, name);
    default:
      return invalidArgument(
        `The value for ${name} is '${textOf(error.data)}' but ${error.message ?? 'is not valid'}.`,
      );
  }
}

function describeFormat(error: ValidationError, name: string): Problem {
  const value = textOf(error.data);
  return error.params['format'] === 'engine-key'
    ? invalidArgument(`The provided ${name} '${value}' is not a valid key. Expected a numeric value.`)
    : invalidArgument(`The provided ${name} '${value}' cannot be parsed as a date according to RFC 3339, section 5.6.`);
}

const labelOf = (error: ValidationError): string | undefined =>
  error.parentSchema?.properties?.[String(error.params['missingProperty'])]?.label;

/** `/filter/state` and the property that is too much or missing, as `filter.state`. */
function nameOf(error: ValidationError): string {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const extra = error.params['additionalProperty'] ?? error.params['missingProperty'];
  return [...path, ...(typeof extra === 'string' ? [extra] : [])].join('.');
}

const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

const LONGEST_QUOTE = 100;
function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
