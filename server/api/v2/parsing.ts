// How bodies are read. Clients send `content-type: application/json` with no body on GET, DELETE and POST: that is no
// body. What PostgreSQL cannot store (NUL, half surrogates) and what would exhaust the stack (deep nesting) is refused
// here, before anything has happened, instead of failing half-way.

import type { App } from '../types.ts';
import { badRequest } from './problem.ts';

const DEEPEST_NESTING = 200;
/** Deployments and documents come as multipart and have limits of their own. */
export const JSON_LIMIT_BYTES = 4 * 1024 * 1024;

export function registerParsing(app: App): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  const parse = app.getDefaultJsonParser('error', 'ignore');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: JSON_LIMIT_BYTES },
    (request, raw, done) => {
      const text = raw.toString();
      if (text.trim().length === 0) {
        done(null, undefined);
        return;
      }
      if (isTooDeep(text)) {
        done(badRequest(`The body is nested deeper than ${DEEPEST_NESTING} levels`));
        return;
      }
      const finish = (error: Error | null, value?: unknown): void => {
        if (error !== null) done(badRequest('Failed to read request: the body is not JSON'));
        else if (MAY_BE_UNSTORABLE.test(text) && hasUnstorableText(value)) {
          done(badRequest('The body contains characters that are not text (NUL or a half surrogate pair)'));
        } else done(null, value);
      };
      void parse(request, text, finish);
    },
  );
  // A body that may be left out: its schema then sees an empty object, and says which property is missing.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined && request.routeOptions.schema?.body !== undefined) request.body = {};
    done();
  });
}

const MAY_BE_UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** Counts brackets outside of strings; cheap next to parsing, and safe where recursion is not. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > DEEPEST_NESTING) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
  return false;
}
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

function hasUnstorableText(value: unknown): boolean {
  if (typeof value === 'string') return isUnstorable(value);
  if (Array.isArray(value)) return value.some(hasUnstorableText);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => isUnstorable(name) || hasUnstorableText(inner));
}

const isUnstorable = (text: string): boolean => /[\u0000\ud800-\udfff]/u.test(text);
