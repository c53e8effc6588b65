// Problems of a form by field: found on submit, looked up by the fields, summed up on top.

import { readonly, shallowRef } from 'vue';
import type { FieldProblem } from '../../../components/ErrorSummary.vue';

export function useProblems() {
  const problems = shallowRef<readonly FieldProblem[]>([]);

  return {
    problems: readonly(problems),
    problemOf: (fieldId: string): string => problems.value.find((problem) => problem.fieldId === fieldId)?.text ?? '',
    /** Takes `[fieldId, isWrong, text]` rows and answers whether nothing is wrong. */
    check(rows: readonly (readonly [fieldId: string, isWrong: boolean, text: string])[]): boolean {
      problems.value = rows.filter(([, isWrong]) => isWrong).map(([fieldId, , text]) => ({ fieldId, text }));
      return problems.value.length === 0;
    },
  };
}
