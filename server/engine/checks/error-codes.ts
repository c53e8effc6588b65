// Rule error-codes: an error or escalation that is thrown has a code; one that is caught has a static code or none,
// and no two events at one place catch the same. Errors always interrupt.

import type { CompiledModel } from '../model/compile.ts';
import type { FlowElement, ValueSource } from '../types.ts';
import { checkElements, elementsOf, isThrowing } from './check.ts';

type Coded = { readonly kind: 'error' | 'escalation'; readonly code: ValueSource | null };

const codedOf = (element: FlowElement): readonly Coded[] =>
  element.triggers.filter((trigger): trigger is Coded => trigger.kind === 'error' || trigger.kind === 'escalation');

const textOf = ({ kind, code }: Coded): string =>
  `${kind} ${code === null ? '' : 'text' in code ? code.text : code.expression}`;

export const errorCodes = checkElements('error-codes', (element, model) => {
  const coded = codedOf(element);
  if (isThrowing(element))
    return coded.filter(({ code }) => code === null).map(({ kind }) => `throws an ${kind} without a code`);
  const faults = coded
    .filter(({ code }) => code?.kind === 'feel')
    .map(({ kind }) => `catches an ${kind} whose code is an expression`);
  if (!element.isInterrupting && coded.some(({ kind }) => kind === 'error'))
    faults.push('catches an error without interrupting');
  if (coded.length === 0) return [];
  const before = catchersBefore(element, model).flatMap(codedOf).map(textOf);
  const twice = coded.filter((trigger) => before.includes(textOf(trigger)));
  return [...faults, ...twice.map(({ kind }) => `catches the same ${kind} as another event at the same place`)];
});

/** Other events at the same place that stand earlier in the file: of the same activity, or in the same scope. */
function catchersBefore(element: FlowElement, model: CompiledModel): readonly FlowElement[] {
  const all = elementsOf(model);
  const placeOf = (candidate: FlowElement): string | null => {
    if (candidate.kind === 'boundaryEvent') return `at ${candidate.attachedTo}`;
    const parent = candidate.kind === 'startEvent' ? model.process.elements[candidate.parentId ?? ''] : undefined;
    return parent?.container?.kind === 'event' ? `in ${parent.parentId ?? ''}` : null;
  };
  const place = placeOf(element);
  const earlier = all.slice(0, all.indexOf(element));
  return place === null ? [] : earlier.filter((candidate) => placeOf(candidate) === place);
}
