// A deploy-time check looks at the whole file and names every place that breaks its rule. Each rule has a paragraph
// in docs/checks.md under its id.

import type { CompiledModel } from '../model/compile.ts';
import type { SourceElement } from '../model/source.ts';
import type { FlowElement, ModelProblem, TriggerKind } from '../types.ts';

export type Check = (models: readonly CompiledModel[]) => readonly ModelProblem[];

export interface Finding {
  readonly elementId: string | null;
  readonly message: string;
}

/** A rule that is checked process by process. */
export const checkProcesses =
  (rule: string, find: (model: CompiledModel) => readonly Finding[]): Check =>
  (models) =>
    models.flatMap((model) => find(model).map((finding) => ({ rule, ...finding })));

/** A rule that is checked element by element; each text that is given back is what is wrong with the element. */
export const checkElements = (
  rule: string,
  find: (element: FlowElement, model: CompiledModel) => readonly string[],
): Check =>
  checkProcesses(rule, (model) =>
    elementsOf(model).flatMap((element) =>
      find(element, model).map((message) => ({ elementId: element.id, message: `${nameOf(element)} ${message}.` })),
    ),
  );

/** A rule that looks at what stands in the file, beside what the engine has read. */
export const checkSources = (
  rule: string,
  find: (element: FlowElement, source: SourceElement, model: CompiledModel) => readonly string[],
): Check =>
  checkProcesses(rule, (model) =>
    model.placed.flatMap(({ source }) => {
      const element = model.process.elements[source.id ?? ''];
      if (element === undefined) return [];
      return find(element, source, model).map((message) => ({
        elementId: element.id,
        message: `${nameOf(element)} ${message}.`,
      }));
    }),
  );

export const elementsOf = ({ process }: CompiledModel): readonly FlowElement[] => Object.values(process.elements);

export const hasTrigger = (element: FlowElement, kind: TriggerKind): boolean =>
  element.triggers.some((trigger) => trigger.kind === kind);

/** A start event directly in the process: it starts instances. */
export const isProcessStart = (element: FlowElement): boolean =>
  element.kind === 'startEvent' && element.parentId === null;

export const isThrowing = (element: FlowElement): boolean =>
  element.kind === 'endEvent' || element.kind === 'intermediateThrowEvent';

/** `serviceTask 'Send'`: what people see in the diagram; the id is in the problem itself. */
export const nameOf = (element: FlowElement): string => `${element.kind} '${element.name ?? element.id}'`;
