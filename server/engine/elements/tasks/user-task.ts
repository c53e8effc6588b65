// The user task is work for a person: assignee, candidates, dates and priority are evaluated when it is activated.
// Without the `zeebe:userTask` marker it is a job of a fixed type (the older form of the dialect).

import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Instant } from '../../../shared/time.ts';
import { extractInteger, extractNames, extractOptionalText } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import type { EvaluationContext } from '../../expressions/scope.ts';
import { parseDateTime } from '../../expressions/temporal.ts';
import { findExtension, readText, readValueSource } from '../../model/source.ts';
import type { SourceElement } from '../../model/source.ts';
import type { FlowElement, ValueSource } from '../../types.ts';
import { waiting, waitingFor } from '../defaults.ts';
import type { Activation, ActivationInput, ElementDefinition } from '../element-definition.ts';
import { offerJob, readHeaders, readJob } from './job.ts';

const JOB_BASED: NonNullable<FlowElement['job']> = {
  type: { kind: 'static', text: 'io.camunda.zeebe:userTask' },
  retries: { kind: 'static', text: '3' },
};
const PRIORITY = { name: 'the priority', min: 0, max: 100 };
const DEFAULT_PRIORITY: ValueSource = { kind: 'static', text: '50' };

export const userTask: ElementDefinition = {
  ...waiting,
  kind: 'userTask',
  bpmnType: 'bpmn:UserTask',
  read: (source) => {
    const headers = readHeaders(source);
    if (findExtension(source, 'zeebe:UserTask') === null) return { job: readJob(source) ?? JOB_BASED, headers };
    return { userTask: readUserTask(source), headers };
  },
  activate: (input) => {
    const { userTask: settings, job } = input.element;
    return settings === null ? offerJob(input, job ?? JOB_BASED) : openTask(input, settings);
  },
};

function readUserTask(source: SourceElement): NonNullable<FlowElement['userTask']> {
  const from = (type: string, attribute: string): ValueSource | null => {
    const extension = findExtension(source, type);
    return extension === null ? null : readValueSource(extension, attribute);
  };
  const form = findExtension(source, 'zeebe:FormDefinition');
  return {
    assignee: from('zeebe:AssignmentDefinition', 'assignee'),
    candidateGroups: from('zeebe:AssignmentDefinition', 'candidateGroups'),
    candidateUsers: from('zeebe:AssignmentDefinition', 'candidateUsers'),
    dueDate: from('zeebe:TaskSchedule', 'dueDate'),
    followUpDate: from('zeebe:TaskSchedule', 'followUpDate'),
    priority: from('zeebe:PriorityDefinition', 'priority'),
    formReference: form === null ? null : readText(form, 'externalReference'),
  };
}

function openTask(
  { element, key, context, nextKey }: ActivationInput,
  settings: NonNullable<FlowElement['userTask']>,
): Result<Activation, Failure> {
  const assignee = extractOptionalText(settings.assignee, context);
  if (!assignee.ok) return assignee;
  const candidateGroups = extractNames(settings.candidateGroups, context);
  if (!candidateGroups.ok) return candidateGroups;
  const candidateUsers = extractNames(settings.candidateUsers, context);
  if (!candidateUsers.ok) return candidateUsers;
  const dueAt = extractDate('due date', settings.dueDate, context);
  if (!dueAt.ok) return dueAt;
  const followUpAt = extractDate('follow-up date', settings.followUpDate, context);
  if (!followUpAt.ok) return followUpAt;
  const priority = extractInteger(settings.priority ?? DEFAULT_PRIORITY, context, PRIORITY);
  if (!priority.ok) return priority;
  return ok(
    waitingFor({
      type: 'task-created',
      taskKey: nextKey(),
      elementInstanceKey: key,
      elementId: element.id,
      name: element.name,
      formReference: settings.formReference,
      headers: element.headers,
      assignee: assignee.value === '' ? null : assignee.value,
      candidateGroups: candidateGroups.value,
      candidateUsers: candidateUsers.value,
      dueAt: dueAt.value,
      followUpAt: followUpAt.value,
      priority: priority.value,
    }),
  );
}

/** null and empty text mean no date. */
function extractDate(
  name: string,
  source: ValueSource | null,
  context: EvaluationContext,
): Result<Instant | null, Failure> {
  const text = extractOptionalText(source, context);
  if (!text.ok) return text;
  if (text.value === null || text.value === '') return ok(null);
  const instant = parseDateTime(text.value);
  if (instant !== null) return ok(instant);
  const message = `Expected the ${name} to be an ISO 8601 date and time, but it is '${text.value}'.`;
  return err({ errorType: 'EXTRACT_VALUE_ERROR', message });
}
