// One question per filter that has an index. `key` walks over the instances, so that no answer is a repetition.

import {
  elementInstances,
  type Entity,
  incidents,
  jobs,
  processInstances,
  type SearchRequest,
  userTasks,
  cutVariables,
} from '../../server/runtime/index.ts';

export interface Question {
  readonly name: string;
  readonly entity: Entity;
  readonly request: (key: string, round: number) => SearchRequest;
}

const of = (
  entity: Entity,
  name: string,
  filter: (key: string, round: number) => Readonly<Record<string, unknown>>,
): Question => ({
  name: `${entity.name}: ${name}`,
  entity,
  request: (key, round) => ({ filter: filter(key, round) }),
});
const sorted = (entity: Entity, field: string, order: string): Question => ({
  name: `${entity.name}: sort by ${field} ${order}`,
  entity,
  request: () => ({ sort: [{ field, order }] }),
});

const dayOf = (round: number): string => new Date(Date.UTC(2026, 0, 1 + round * 7)).toISOString();

export const QUESTIONS: readonly Question[] = [
  of(processInstances, 'nothing asked', () => ({})),
  of(processInstances, 'processInstanceKey', (key) => ({ processInstanceKey: key })),
  of(processInstances, 'processDefinitionKey (common)', () => ({ processDefinitionKey: '1' })),
  of(processInstances, 'processDefinitionKey (rare)', () => ({ processDefinitionKey: '10' })),
  of(processInstances, 'processDefinitionId', () => ({ processDefinitionId: 'process-3' })),
  of(processInstances, 'state ACTIVE', () => ({ state: 'ACTIVE' })),
  of(processInstances, 'state TERMINATED (rare)', () => ({ state: 'TERMINATED' })),
  of(processInstances, 'definition and state', () => ({ processDefinitionId: 'process-2', state: 'ACTIVE' })),
  of(processInstances, 'startDate of one week', (_key, round) => ({
    startDate: { $gte: dayOf(round), $lt: dayOf(round + 1) },
  })),
  of(processInstances, 'endDate of one week', (_key, round) => ({
    endDate: { $gte: dayOf(round), $lt: dayOf(round + 1) },
  })),
  of(processInstances, 'hasIncident', () => ({ hasIncident: true })),
  of(processInstances, 'parentProcessInstanceKey', (key) => ({ parentProcessInstanceKey: key })),
  of(processInstances, 'businessId', (_key, round) => ({ businessId: `business-${round * 997}` })),
  of(processInstances, 'tags', (_key, round) => ({ tags: [`tag-${round}`] })),
  of(processInstances, 'a variable', (_key, round) => ({ variables: [{ name: 'code', value: `"CV-${round * 31}"` }] })),
  of(processInstances, 'elementId and its state', () => ({ elementId: 'Review', elementInstanceState: 'ACTIVE' })),
  of(processInstances, 'errorMessage', (_key, round) => ({ errorMessage: `error ${round % 50}` })),
  of(processInstances, 'incidentErrorHashCode', (_key, round) => ({ incidentErrorHashCode: round % 50 })),
  sorted(processInstances, 'startDate', 'DESC'),
  sorted(processInstances, 'endDate', 'ASC'),
  sorted(processInstances, 'state', 'ASC'),
  of(elementInstances, 'processInstanceKey', (key) => ({ processInstanceKey: key })),
  of(elementInstances, 'elementId', () => ({ elementId: 'Review' })),
  of(elementInstances, 'elementId and state', () => ({ elementId: 'Review', state: 'ACTIVE' })),
  of(elementInstances, 'elementInstanceScopeKey', (key) => ({ elementInstanceScopeKey: key })),
  of(elementInstances, 'startDate of one week', (_key, round) => ({
    startDate: { $gte: dayOf(round), $lt: dayOf(round + 1) },
  })),
  of(userTasks, 'state CREATED', () => ({ state: 'CREATED' })),
  of(userTasks, 'assignee', (_key, round) => ({ assignee: `user-${round}` })),
  of(userTasks, 'assignee and state', (_key, round) => ({ assignee: `user-${round}`, state: 'CREATED' })),
  of(userTasks, 'candidateGroup', (_key, round) => ({ candidateGroup: `so-${round}:clerk` })),
  of(userTasks, 'candidateGroup, open and free', (_key, round) => ({
    candidateGroup: `so-${round}:clerk`,
    state: 'CREATED',
    assignee: { $exists: false },
  })),
  of(userTasks, 'processInstanceKey', (key) => ({ processInstanceKey: key })),
  of(userTasks, 'dueDate', (_key, round) => ({ dueDate: { $gte: dayOf(round), $lt: dayOf(round + 1) } })),
  sorted(userTasks, 'creationDate', 'DESC'),
  of(cutVariables, 'processInstanceKey', (key) => ({ processInstanceKey: key })),
  of(cutVariables, 'name and value', (_key, round) => ({ name: 'code', value: `"CV-${round * 31}"` })),
  of(incidents, 'state ACTIVE', () => ({ state: 'ACTIVE' })),
  of(incidents, 'processInstanceKey', (key) => ({ processInstanceKey: key })),
  of(incidents, 'processDefinitionKey', () => ({ processDefinitionKey: '3' })),
  of(jobs, 'type', () => ({ type: 'notify' })),
  of(jobs, 'state', () => ({ state: 'FAILED' })),
  of(jobs, 'processInstanceKey', (key) => ({ processInstanceKey: key })),
];

export function percentile(times: readonly number[], percent: number): number {
  const ordered = [...times].sort((a, b) => a - b);
  return ordered[Math.min(ordered.length - 1, Math.floor((ordered.length * percent) / 100))] ?? 0;
}
