// The words of conformance cases: how they compare, count time and speak of results.

import { isDeepStrictEqual } from 'node:util';

// A case is data from outside; each step reads what its operation is documented to have.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type CaseData = any;
type Loose = CaseData;

/** The case speaks to the interface, not to the engine. */
export class NeedsServer extends Error {}
export class Failed extends Error {}
export const fail = (message: string): never => {
  throw new Failed(message);
};

export const isSubset = (want: unknown, got: unknown): boolean =>
  typeof want === 'object' && want !== null && !Array.isArray(want)
    ? typeof got === 'object' &&
      got !== null &&
      Object.entries(want).every(([name, value]) => isSubset(value, (got as Record<string, unknown>)[name]))
    : isDeepStrictEqual(want, got);

export const KINDS_OF_STATUS: Readonly<Record<string, string>> = {
  active: 'ACTIVE',
  completed: 'COMPLETED',
  terminated: 'TERMINATED',
};

const MS: Readonly<Record<string, number>> = { D: 86_400_000, H: 3_600_000, M: 60_000, S: 1_000 };
export const durationMs = (text: string): number =>
  [...text.matchAll(/(\d+)([DHMS])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (MS[unit ?? ''] ?? 0), 0);

/** `result` of a job completion, in the words of the interface. */
export function resultOf(result: Loose): Record<string, unknown> {
  if (result === undefined) return {};
  if (result.type === 'adHocSubProcess') {
    return {
      adHocResult: {
        activate: (result.activateElements ?? []).map((element: Loose) => ({
          elementId: element.elementId,
          variables: element.variables ?? {},
        })),
        isFulfilled: result.isCompletionConditionFulfilled ?? false,
        cancelsRemaining: result.isCancelRemainingInstances ?? false,
      },
    };
  }
  const corrections = changesOf(result.corrections ?? {});
  return {
    taskResult: {
      ...(result.denied === true ? { isDenied: true } : {}),
      ...(result.deniedReason === undefined ? {} : { reason: result.deniedReason }),
      ...(Object.keys(corrections).length === 0 ? {} : { corrections }),
    },
  };
}

export function changesOf({ dueDate, followUpDate, ...rest }: Loose): Loose {
  return {
    ...rest,
    ...(dueDate === undefined ? {} : { dueAt: dueDate }),
    ...(followUpDate === undefined ? {} : { followUpAt: followUpDate }),
  };
}
