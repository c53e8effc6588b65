// The job of one listener, execution or task listener alike: its type and retries are evaluated when it is asked.

import type { Key } from '../../../shared/ids.ts';
import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import { extractInteger, extractText } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import type { EvaluationContext } from '../../expressions/scope.ts';
import type { EngineEvent, ExecutionListener, ListenerMoment } from '../../types.ts';

const RETRIES = { name: 'the number of retries', min: 1, max: 2_147_483_647 };

export interface ListenerAsked {
  readonly listener: ExecutionListener;
  readonly on: ListenerMoment;
  readonly index: number;
  /** The element instance that waits for the answer. */
  readonly key: Key;
  readonly elementId: string;
}

export function listenerJob(
  { listener, on, index, key, elementId }: ListenerAsked,
  context: EvaluationContext,
  nextKey: () => Key,
): Result<EngineEvent, Failure> {
  const jobType = extractText(listener.type, context);
  if (!jobType.ok) return jobType;
  const retries = extractInteger(listener.retries, context, RETRIES);
  if (!retries.ok) return retries;
  return ok({
    type: 'job-created',
    jobKey: nextKey(),
    elementInstanceKey: key,
    elementId,
    jobType: jobType.value,
    retries: retries.value,
    headers: listener.headers,
    listener: { on, index },
  });
}
