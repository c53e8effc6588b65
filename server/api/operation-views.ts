// Read model → wire, for the operators' pages. Items of the read model are untyped rows of a described entity; here they
// become the contract's shapes, and a row that does not have them is a bug that is reported, not shown.

import type { ElementCounts, Item, TakenFlow } from '../runtime/index.ts';
import type { listInstanceChanges } from '../flow/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { InstanceSummary, InstanceView, StepView } from './contract/index.ts';

type Changes = Awaited<ReturnType<typeof listInstanceChanges>>;

/** What of a definition the page needs: the drawing and the names. */
export interface DrawnDefinition {
  readonly xml: string;
  readonly model: {
    readonly elements: Readonly<
      Record<string, { readonly id: string; readonly name: string | null; readonly kind: string }>
    >;
  };
}

function text(item: Item, name: string): string {
  const value = item[name];
  if (typeof value !== 'string') throw new AppError('bug', 'READ_MODEL_SHAPE', `Expected text in '${name}'`);
  return value;
}

const textOrNull = (item: Item, name: string): string | null => (item[name] === null ? null : text(item, name));

const STATES = { ACTIVE: 'active', COMPLETED: 'completed', TERMINATED: 'terminated' } as const;

function stateOf(item: Item): StepView['state'] {
  const state = text(item, 'state');
  if (state === 'ACTIVE' || state === 'COMPLETED' || state === 'TERMINATED') return STATES[state];
  throw new AppError('bug', 'READ_MODEL_SHAPE', `Expected a known state, but it is '${state}'`);
}

export function instanceSummary(item: Item, isSuspended: boolean): InstanceSummary {
  const state = stateOf(item);
  return {
    key: text(item, 'processInstanceKey'),
    processId: text(item, 'processDefinitionId'),
    processName: textOrNull(item, 'processDefinitionName') ?? text(item, 'processDefinitionId'),
    version: Number(item['processDefinitionVersion']),
    state: isSuspended && state === 'active' ? 'suspended' : state,
    hasIncident: item['hasIncident'] === true,
    startedAt: text(item, 'startDate'),
    endedAt: textOrNull(item, 'endDate'),
    documentId: textOrNull(item, 'businessId'),
  };
}

export interface InstanceParts {
  readonly item: Item;
  readonly isSuspended: boolean;
  readonly definition: DrawnDefinition;
  readonly counts: readonly ElementCounts[];
  readonly flows: readonly TakenFlow[];
  readonly changes: Changes;
  readonly steps: readonly Item[];
  readonly incidents: readonly Item[];
  readonly variables: readonly Item[];
  readonly versions: readonly Item[];
}

export function instanceView({ item, isSuspended, definition, ...parts }: InstanceParts): InstanceView {
  const nameOf = (elementId: string): string => definition.model.elements[elementId]?.name ?? '';
  const elementOfScope = new Map(parts.steps.map((step) => [step['elementInstanceKey'], text(step, 'elementId')]));
  const instanceKey = text(item, 'processInstanceKey');
  const countsById = new Map(parts.counts.map((counts) => [counts.elementId, counts]));
  return {
    instance: instanceSummary(item, isSuspended),
    xml: definition.xml,
    elements: Object.values(definition.model.elements).map(({ id, name, kind }) => {
      const counts = countsById.get(id);
      return {
        elementId: id,
        name: name ?? '',
        kind,
        active: counts?.active ?? 0,
        incidents: counts?.incidents ?? 0,
        done: (counts?.completed ?? 0) + (counts?.canceled ?? 0),
      };
    }),
    takenFlows: parts.flows.map((flow) => flow.elementId),
    incidents: parts.incidents
      .filter((incident) => incident['state'] === 'ACTIVE')
      .map((incident) => ({
        key: text(incident, 'incidentKey'),
        elementId: text(incident, 'elementId'),
        elementName: nameOf(text(incident, 'elementId')),
        errorType: text(incident, 'errorType'),
        message: text(incident, 'errorMessage'),
        createdAt: text(incident, 'creationTime'),
      })),
    variables: parts.variables.map((variable) => ({
      key: text(variable, 'variableKey'),
      name: text(variable, 'name'),
      value: text(variable, 'value'),
      isCut: variable['isTruncated'] === true,
      scopeElementId: variable['scopeKey'] === instanceKey ? null : (elementOfScope.get(variable['scopeKey']) ?? null),
    })),
    steps: parts.steps
      .filter((step) => step['type'] !== 'PROCESS')
      .map((step) => ({
        key: text(step, 'elementInstanceKey'),
        elementId: text(step, 'elementId'),
        name: nameOf(text(step, 'elementId')),
        kind: text(step, 'type'),
        state: stateOf(step),
        startedAt: text(step, 'startDate'),
        endedAt: textOrNull(step, 'endDate'),
      })),
    changes: parts.changes.map(({ details, ...change }) => ({ ...change, details: { ...details } })),
    versions: parts.versions.map((version) => ({
      definitionKey: text(version, 'processDefinitionKey'),
      version: Number(version['version']),
    })),
  };
}
