// Every refusal of /v2 is `application/problem+json`. Which title an error gets stands here and nowhere else: clients
// retry on some of them and show the detail to people. 5xx answers carry a reference and no internals.

import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorKind } from '../../shared/app-error.ts';
import type { App } from '../types.ts';
import { badRequest, notFound, Problem, type ProblemTitle, STATUS_OF_TITLE } from './problem.ts';
import { describeValidation } from './validation.ts';

const TITLE_OF_KIND: Readonly<Record<ErrorKind, ProblemTitle>> = {
  'invalid-input': 'INVALID_ARGUMENT',
  unauthenticated: 'Unauthorized',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  rejection: 'INVALID_STATE',
  rule: 'INVALID_ARGUMENT',
  'too-large': 'Payload Too Large',
  'rate-limited': 'RESOURCE_EXHAUSTED',
  transient: 'RESOURCE_EXHAUSTED',
  bug: 'INTERNAL_ERROR',
};

/** For routes outside of /v2 that the same clients call. */
export function registerErrorProblems(app: App): void {
  app.setErrorHandler((error, request, reply) => answerProblem(toProblem(error, request), error, request, reply));
}

export function registerProblems(app: App): void {
  registerErrorProblems(app);
  app.setNotFoundHandler((request, reply) => {
    const detail = `No endpoint ${request.method} ${pathOf(request)}`;
    return answerProblem(notFound(detail), null, request, reply);
  });
}

function answerProblem(problem: Problem, cause: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  let detail = problem.message;
  if (problem.status === 500) {
    const reference = randomUUID();
    request.log.error({ err: cause, reference }, 'A request of /v2 failed');
    detail = `The request could not be processed because of an internal error (reference ${reference})`;
  } else {
    request.log.info({ title: problem.title, status: problem.status }, problem.message);
  }
  if (problem.status === 503 || problem.status === 429) void reply.header('retry-after', '1');
  if (problem.status === 401) void reply.header('www-authenticate', 'Basic realm="tram", charset="UTF-8"');
  const body = {
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail,
    instance: pathOf(request),
  };
  // The serializer of the route knows its success answers only.
  return reply.status(problem.status).serializer(JSON.stringify).type('application/problem+json').send(body);
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? request.url;

const MEDIA_TYPE_CODES = new Set(['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'FST_INVALID_MULTIPART_CONTENT_TYPE']);
const SIZE_CODES = new Set([
  'FST_ERR_CTP_BODY_TOO_LARGE',
  'FST_REQ_FILE_TOO_LARGE',
  'FST_FILES_LIMIT',
  'FST_PARTS_LIMIT',
  'FST_FIELDS_LIMIT',
]);

function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof AppError) return ofAppError(error);
  const known = error as Partial<FastifyError>; // narrowed by the checks below; Fastify's own errors carry `code`
  if (known.validation !== undefined) {
    return describeValidation(known.validation, known.validationContext ?? 'body', request);
  }
  if (MEDIA_TYPE_CODES.has(known.code ?? '')) {
    const contentType = request.headers['content-type'] ?? '';
    return new Problem('Unsupported Media Type', `Content-Type '${contentType}' is not supported`);
  }
  if (SIZE_CODES.has(known.code ?? '')) {
    return new Problem('Payload Too Large', known.message ?? 'The request is too large');
  }
  if (known.statusCode === 429) return new Problem('RESOURCE_EXHAUSTED', 'Too many requests', 429);
  if (known.statusCode !== undefined && known.statusCode >= 400 && known.statusCode < 500) {
    return badRequest(known.message ?? 'The request cannot be read');
  }
  return new Problem('INTERNAL_ERROR', 'Internal error');
}

function ofAppError(error: AppError): Problem {
  const title = TITLE_OF_KIND[error.kind];
  const reasons = listProblems(error.details['problems']);
  const detail = reasons === '' ? error.message : `${error.message}: ${reasons}`;
  return new Problem(title, detail, error.kind === 'rate-limited' ? 429 : STATUS_OF_TITLE[title]);
}

/** What the checks of a deployment found, one line each. */
function listProblems(problems: unknown): string {
  if (!Array.isArray(problems)) return '';
  return problems
    .slice(0, 50)
    .map((problem: { elementId?: unknown; message?: unknown }) => {
      const where = typeof problem.elementId === 'string' ? `Element '${problem.elementId}': ` : '';
      return `${where}${String(problem.message)}`;
    })
    .join('\n');
}
