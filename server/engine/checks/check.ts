// A deploy-time check looks at the whole file and names every place that breaks its rule. Each rule has a paragraph
// in docs/checks.md under its id.

import type { CompiledModel } from '../model/compile.ts';
import type { FlowElement, ModelProblem } from '../types.ts';

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

export const elementsOf = ({ process }: CompiledModel): readonly FlowElement[] => Object.values(process.elements);

/** `Service task 'Send'`: what people see in the diagram, then the id is in the problem itself. */
export const nameOf = (element: FlowElement): string => `${element.kind} '${element.name ?? element.id}'`;
