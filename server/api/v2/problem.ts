// The titles of /v2's refusals and their HTTP status. Routes throw a Problem when the interface itself refuses; what the
// runtime refuses arrives as an AppError and is translated in error-handler.ts.

export type ProblemTitle =
  | 'Bad Request'
  | 'INVALID_ARGUMENT'
  | 'Unauthorized'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'INVALID_STATE'
  | 'ALREADY_EXISTS'
  | 'Payload Too Large'
  | 'Unsupported Media Type'
  | 'RESOURCE_EXHAUSTED'
  | 'INTERNAL_ERROR'
  | 'DEADLINE_EXCEEDED';

export const STATUS_OF_TITLE: Readonly<Record<ProblemTitle, number>> = {
  'Bad Request': 400,
  INVALID_ARGUMENT: 400,
  Unauthorized: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID_STATE: 409,
  ALREADY_EXISTS: 409,
  'Payload Too Large': 413,
  'Unsupported Media Type': 415,
  RESOURCE_EXHAUSTED: 503,
  INTERNAL_ERROR: 500,
  DEADLINE_EXCEEDED: 504,
};

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly title: ProblemTitle;
  readonly status: number;

  constructor(title: ProblemTitle, detail: string, status: number = STATUS_OF_TITLE[title]) {
    super(detail);
    this.title = title;
    this.status = status;
  }
}

export const badRequest = (detail: string): Problem => new Problem('Bad Request', detail);
export const invalidArgument = (detail: string): Problem => new Problem('INVALID_ARGUMENT', detail);
export const notFound = (detail: string): Problem => new Problem('NOT_FOUND', detail);
