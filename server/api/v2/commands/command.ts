// What all commands of /v2 share: who asks, and how a refusal of the engine reads: `Command 'VERB' rejected with code
// 'CODE': Expected to …, but …`. Clients match parts of it.

import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Caller } from '../../../runtime/index.ts';
import { AppError } from '../../../shared/app-error.ts';
import type { Key } from '../../../shared/ids.ts';
import type { ApiDeps } from '../../types.ts';
import { principalOf } from '../principal.ts';
import { Problem, type ProblemTitle } from '../problem.ts';
import { Strict, Int64Text } from '../schemas.ts';

/** Screens of the web app; the reference of any other form is free text. */
const SCREEN_PREFIX = 'tram:';

export function callerOf(deps: ApiDeps, request: FastifyRequest): Caller {
  const { id, kind, tenantId, groups, scopes } = principalOf(request);
  const isOperator = scopes.has('operate');
  return {
    actorId: id,
    tenantId,
    person: kind === 'person' && !isOperator ? { userId: id, tenantId: tenantId ?? '', groups } : null,
    reserved: {
      isJobType: (type) => Object.hasOwn(deps.flow.jobHandlers, type),
      isForm: (reference) => reference.startsWith(SCREEN_PREFIX),
    },
  };
}

/** A checked text of digits. */
export const keyOf = (text: string): Key => text as Key;

export async function asCommand<T>(verb: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toRejection(verb, error);
  }
}

type Code = Extract<ProblemTitle, 'INVALID_ARGUMENT' | 'NOT_FOUND' | 'INVALID_STATE' | 'ALREADY_EXISTS' | 'FORBIDDEN'>;

function toRejection(verb: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === null || !(error instanceof AppError)) return error;
  return new Problem(code, `Command '${verb}' rejected with code '${code}': ${error.message}`);
}

function codeOf(error: unknown): Code | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'MESSAGE_ID_TAKEN') return 'ALREADY_EXISTS';
  if (error.code === 'INSTANCE_COMMAND_REJECTED') return codeOfReason(String(error.details['reason']));
  switch (error.kind) {
    case 'not-found':
      return 'NOT_FOUND';
    case 'rejection':
      return 'INVALID_STATE';
    case 'forbidden':
      return 'FORBIDDEN';
    case 'rule':
      return error.code === 'DEFINITION_INVALID' ? null : 'INVALID_ARGUMENT';
    case 'invalid-input':
    case 'unauthenticated':
    case 'too-large':
    case 'rate-limited':
    case 'transient':
    case 'bug':
      return null;
  }
}

const INVALID_REASONS: ReadonlySet<string> = new Set([
  'ELEMENT_NOT_FOUND',
  'TASK_RESULT_NOT_POSSIBLE',
  'MODIFICATION_NOT_POSSIBLE',
  'MIGRATION_MAPPING_INVALID',
]);

/** Reasons are those of the engine's `Rejection`. */
function codeOfReason(reason: string): Code {
  if (INVALID_REASONS.has(reason)) return 'INVALID_ARGUMENT';
  return reason.endsWith('_NOT_FOUND') || reason === 'INSTANCE_NOT_ACTIVE' ? 'NOT_FOUND' : 'INVALID_STATE';
}

/** Bodies that only carry a reference for the caller's own books. */
export const OperationBody = Strict({ operationReference: Type.Optional(Int64Text) });
