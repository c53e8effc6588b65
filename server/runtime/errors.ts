// Error codes of the runtime. Texts for users live in api/error-texts, the catalogue in docs/errors.md.

import type { Rejection } from '../engine/index.ts';
import { AppError, type ErrorKind } from '../shared/app-error.ts';

export const ERROR_CODES = [
  { code: 'TASK_NOT_FOUND', kind: 'not-found' },
  { code: 'TASK_NOT_OPEN', kind: 'rejection' },
  { code: 'TASK_NOT_YOURS', kind: 'forbidden' },
  { code: 'TASK_CLAIMED_BY_OTHER', kind: 'rejection' },
  { code: 'INSTANCE_NOT_FOUND', kind: 'not-found' },
  { code: 'INSTANCE_COMMAND_REJECTED', kind: 'rejection' },
  { code: 'INSTANCE_WITHOUT_INCIDENT', kind: 'rejection' },
  { code: 'JOB_LEASE_LOST', kind: 'rejection' },
  { code: 'PROCESS_NOT_FOUND', kind: 'not-found' },
  { code: 'DECISION_NOT_FOUND', kind: 'not-found' },
  { code: 'DEFINITION_INVALID', kind: 'rule' },
  { code: 'INSTANCE_TOO_LARGE', kind: 'too-large' },
  { code: 'ENGINE_OVERLOADED', kind: 'transient' },
  { code: 'IDEMPOTENCY_KEY_REUSED', kind: 'rule' },
  { code: 'JOB_NOT_FOUND', kind: 'not-found' },
  { code: 'JOB_NOT_WORKABLE', kind: 'rejection' },
  { code: 'JOB_NOT_HELD', kind: 'rejection' },
  { code: 'WORK_LIMIT_NOT_FOUND', kind: 'not-found' },
  { code: 'WORK_LIMIT_NOT_YOURS', kind: 'forbidden' },
  { code: 'WORK_RESERVED', kind: 'forbidden' },
  { code: 'INCIDENT_NOT_FOUND', kind: 'not-found' },
  { code: 'ELEMENT_INSTANCE_NOT_FOUND', kind: 'not-found' },
  { code: 'INSTANCE_NOT_ROOT', kind: 'rejection' },
  { code: 'INSTANCE_NOT_ENDED', kind: 'rejection' },
  { code: 'START_NOT_POSSIBLE', kind: 'rule' },
  { code: 'MESSAGE_ID_TAKEN', kind: 'rejection' },
  { code: 'NOTHING_CORRELATED', kind: 'not-found' },
  { code: 'RESOURCE_NOT_FOUND', kind: 'not-found' },
  { code: 'EXPRESSION_INVALID', kind: 'rule' },
  { code: 'BATCH_NOT_FOUND', kind: 'not-found' },
  { code: 'BATCH_STATE_CONFLICT', kind: 'rejection' },
  { code: 'SEARCH_INVALID', kind: 'invalid-input' },
  { code: 'HISTORY_INSTANCE_MISSING', kind: 'bug' },
] as const satisfies readonly { code: string; kind: ErrorKind }[];

/** A refusal by the engine's core, as the error that rolls the transaction back. */
export const rejected = (rejection: Rejection, details: Record<string, unknown>): AppError =>
  rejection.code === 'TASK_NOT_OPEN'
    ? new AppError('rejection', 'TASK_NOT_OPEN', rejection.message, { details })
    : new AppError('rejection', 'INSTANCE_COMMAND_REJECTED', rejection.message, {
        details: { ...details, reason: rejection.code },
      });
