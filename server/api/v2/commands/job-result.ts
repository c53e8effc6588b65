// The body of a job completion. A result may be that of a task listener (deny, correct) or of the job of an ad-hoc
// subprocess (what comes next); `type` tells which, and without it the properties do.

import { Type } from 'typebox';
import { invalidArgument } from '../problem.ts';
import { Int, Nullable, Strict, VariableMap } from '../schemas.ts';
import { type ChangesetBody, correctionsOf } from './user-tasks.ts';

const Names = Type.Array(Type.String());
const Corrections = Strict({
  assignee: Type.Optional(Nullable(Type.String())),
  dueDate: Type.Optional(Nullable(Type.String())),
  followUpDate: Type.Optional(Nullable(Type.String())),
  candidateUsers: Type.Optional(Nullable(Names)),
  candidateGroups: Type.Optional(Nullable(Names)),
  priority: Type.Optional(Nullable(Int)),
});

export const JobResultBody = Strict({
  variables: Type.Optional(Nullable(VariableMap)),
  result: Type.Optional(
    Nullable(
      Strict({
        type: Type.Optional(Nullable(Type.String())),
        denied: Type.Optional(Nullable(Type.Boolean())),
        deniedReason: Type.Optional(Nullable(Type.String())),
        corrections: Type.Optional(Nullable(Corrections)),
        activateElements: Type.Optional(
          Nullable(
            Type.Array(
              Strict({ elementId: Type.Optional(Type.String()), variables: Type.Optional(Nullable(VariableMap)) }),
            ),
          ),
        ),
        isCompletionConditionFulfilled: Type.Optional(Nullable(Type.Boolean())),
        isCancelRemainingInstances: Type.Optional(Nullable(Type.Boolean())),
      }),
    ),
  ),
});

interface ResultBody {
  readonly type?: string | null;
  readonly denied?: boolean | null;
  readonly deniedReason?: string | null;
  readonly corrections?: ChangesetBody | null;
  readonly activateElements?:
    readonly { readonly elementId?: string; readonly variables?: Readonly<Record<string, unknown>> | null }[] | null;
  readonly isCompletionConditionFulfilled?: boolean | null;
  readonly isCancelRemainingInstances?: boolean | null;
}

/** Only what the worker has said: a job that is of no listener must not get an empty answer of one. */
export function resultOf(result: ResultBody | null) {
  if (result === null) return {};
  const isAdHoc = result.type === 'adHocSubProcess' || (result.activateElements ?? null) !== null;
  if (isAdHoc) {
    // Taking it without doing it would be worse than saying so.
    throw invalidArgument('Results of ad-hoc sub-process jobs are not supported; activate elements by their endpoint.');
  }
  const { denied, deniedReason } = result;
  const corrections = correctionsOf(result.corrections ?? {});
  const taskResult = {
    ...(denied === true && { isDenied: true }),
    ...(denied === true && { reason: deniedReason ?? '' }),
    ...(Object.keys(corrections).length > 0 && { corrections }),
  };
  return Object.keys(taskResult).length === 0 ? {} : { taskResult };
}
