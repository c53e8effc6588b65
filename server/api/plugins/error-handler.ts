// The one place that turns an error into an answer. Kind → HTTP status stands here and nowhere else. 5xx answers carry
// a reference number and no internals; texts for people come from error-texts by code.

import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorKind } from '../../shared/app-error.ts';
import type { ErrorBody } from '../contract/index.ts';
import en from '../error-texts/en.json' with { type: 'json' };
import vi from '../error-texts/vi.json' with { type: 'json' };
import type { App } from '../types.ts';

export const HTTP_STATUS: Readonly<Record<ErrorKind, number>> = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  rejection: 409,
  'too-large': 413,
  rule: 422,
  'rate-limited': 429,
  bug: 500,
  transient: 503,
};

type Texts = Readonly<Record<string, { readonly message: string; readonly action: string }>>;
const TEXTS: Readonly<Record<'vi' | 'en', Texts>> = { vi, en };

export function registerErrorHandler(app: App): void {
  app.setErrorHandler((error, request, reply) => answerError(toAppError(error), request, reply));
  app.setNotFoundHandler({ preHandler: [] }, (request, reply) =>
    answerError(new AppError('not-found', 'NOT_FOUND', `No route ${request.method} ${request.url}`), request, reply),
  );
}

export function answerError(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = HTTP_STATUS[error.kind];
  const reference = status >= 500 ? randomUUID() : null;
  if (reference !== null) request.log.error({ err: error, reference, code: error.code }, error.message);
  else request.log.info({ code: error.code, details: error.details }, error.message);
  if (status === 503) void reply.header('retry-after', '1');
  return reply
    .status(status)
    .type('application/json')
    .send(errorBody(error, languageOf(request), reference));
}

export function errorBody(error: AppError, language: 'vi' | 'en', reference: string | null): ErrorBody {
  const isInternal = error.kind === 'bug';
  const code = isInternal ? 'INTERNAL_ERROR' : error.code;
  const text = TEXTS[language][code] ?? TEXTS[language]['INTERNAL_ERROR'];
  return {
    code,
    message: text?.message ?? code,
    action: text?.action ?? '',
    details: isInternal ? {} : { ...error.details },
    reference,
  };
}

export const languageOf = (request: FastifyRequest): 'vi' | 'en' =>
  /^en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'vi';

/** Errors of Fastify and its plugins by their published codes; anything unknown is a bug of ours. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const known = error as Partial<FastifyError>; // narrowed by the checks below; Fastify's own errors carry `code`
  if (known.validation !== undefined) {
    const fields = known.validation.map((problem) => ({
      field: `${known.validationContext ?? 'body'}${problem.instancePath}`,
      problem: problem.message ?? problem.keyword,
    }));
    return new AppError('invalid-input', 'REQUEST_INVALID', known.message ?? 'invalid', { details: { fields } });
  }
  if (known.code === 'FST_ERR_CTP_BODY_TOO_LARGE' || known.code === 'FST_REQ_FILE_TOO_LARGE') {
    return new AppError('too-large', 'FILE_TOO_LARGE', known.message ?? 'too large');
  }
  if (known.statusCode === 429) return new AppError('rate-limited', 'RATE_LIMITED', 'Too many requests');
  if (known.statusCode !== undefined && known.statusCode >= 400 && known.statusCode < 500) {
    return new AppError('invalid-input', 'REQUEST_INVALID', known.message ?? 'invalid', {
      details: { reason: known.code },
    });
  }
  return new AppError('bug', 'INTERNAL_ERROR', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
