// The user task is work for a person: assignee, candidates, dates and priority are evaluated when it is activated.
// Without the `zeebe:userTask` marker it is a job of a fixed type (the older form of the dialect).

import type { Key } from '../../../shared/ids.ts';
import type { Result } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Instant } from '../../../shared/time.ts';
import { extractInteger, extractNames, extractOptionalText, extractText } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import { dueAfter } from '../../expressions/schedule.ts';
import { overlay } from '../../expressions/scope.ts';
import type { EvaluationContext } from '../../expressions/scope.ts';
import { parseDateTime } from '../../expressions/temporal.ts';
import { readLinkedForm } from '../../model/read-form.ts';
import { readTaskListeners } from '../../model/read-listeners.ts';
import { findExtension, readText, readValueSource } from '../../model/source.ts';
import type { SourceElement } from '../../model/source.ts';
import type { CalendarTrace, EngineEvent, FlowElement, ValueSource } from '../../types.ts';
import { waitingActivity, waitingFor } from '../defaults.ts';
import type { Activation, ActivationInput, ElementDefinition } from '../element-definition.ts';
import { offerJob, readHeaders, readJob } from './job.ts';
import { listenerJob } from './listener-job.ts';
import { readLateHandling, scheduleLateRules } from './late-handling.ts';

const JOB_BASED: NonNullable<FlowElement['job']> = {
  type: { kind: 'static', text: 'io.camunda.zeebe:userTask' },
  retries: { kind: 'static', text: '3' },
};
const PRIORITY = { name: 'the priority', min: 0, max: 100 };
const DEFAULT_PRIORITY: ValueSource = { kind: 'static', text: '50' };

export const userTask: ElementDefinition = {
  ...waitingActivity,
  kind: 'userTask',
  bpmnType: 'bpmn:UserTask',
  read: (source) => {
    const headers = readHeaders(source);
    if (findExtension(source, 'zeebe:UserTask') === null) {
      return { job: readJob(source) ?? JOB_BASED, headers, jobAssignment: readUserTask(source) };
    }
    return {
      userTask: readUserTask(source),
      headers,
      lateHandling: readLateHandling(source),
      taskListeners: readTaskListeners(source),
    };
  },
  activate: (input) => {
    const { userTask: settings, job } = input.element;
    return settings === null ? offerUserJob(input, job ?? JOB_BASED) : openTask(input, settings);
  },
};

function readUserTask(source: SourceElement): NonNullable<FlowElement['userTask']> {
  const from = (type: string, attribute: string): ValueSource | null => {
    const extension = findExtension(source, type);
    return extension === null ? null : readValueSource(extension, attribute);
  };
  const form = findExtension(source, 'zeebe:FormDefinition');
  const dueIn = findExtension(source, 'tram:DueIn');
  const duration = dueIn === null ? null : readValueSource(dueIn, 'duration');
  return {
    assignee: from('zeebe:AssignmentDefinition', 'assignee'),
    candidateGroups: from('zeebe:AssignmentDefinition', 'candidateGroups'),
    candidateUsers: from('zeebe:AssignmentDefinition', 'candidateUsers'),
    dueDate: from('zeebe:TaskSchedule', 'dueDate'),
    dueIn: dueIn === null || duration === null ? null : { duration, calendar: readText(dueIn, 'calendar') },
    followUpDate: from('zeebe:TaskSchedule', 'followUpDate'),
    priority: from('zeebe:PriorityDefinition', 'priority'),
    form: readLinkedForm(source),
    formReference: form === null ? null : (readText(form, 'externalReference') ?? readText(form, 'formKey')),
  };
}

interface Assignment {
  readonly assignee: string | null;
  readonly candidateGroups: readonly string[];
  readonly candidateUsers: readonly string[];
  readonly dueAt: Instant | null;
  readonly dueTrace?: CalendarTrace;
  readonly followUpAt: Instant | null;
  readonly formKey: Key | null;
}

/** What both forms of the user task evaluate. */
function evaluateAssignment(input: ActivationInput, settings: Settings): Result<Assignment, Failure> {
  const context = withLane(input);
  const assignee = extractOptionalText(settings.assignee, context);
  if (!assignee.ok) return assignee;
  const candidateGroups = extractNames(settings.candidateGroups, context);
  if (!candidateGroups.ok) return candidateGroups;
  const candidateUsers = extractNames(settings.candidateUsers, context);
  if (!candidateUsers.ok) return candidateUsers;
  const due = dueOf(settings, context);
  if (!due.ok) return due;
  const followUpAt = extractDate('follow-up date', settings.followUpDate, context);
  if (!followUpAt.ok) return followUpAt;
  const formKey = formOf(input, settings.form);
  if (!formKey.ok) return formKey;
  return ok({
    assignee: assignee.value === '' ? null : assignee.value,
    candidateGroups: candidateGroups.value,
    candidateUsers: candidateUsers.value,
    dueAt: due.value.dueAt,
    ...(due.value.trace === undefined ? {} : { dueTrace: due.value.trace }),
    followUpAt: followUpAt.value,
    formKey: formKey.value,
  });
}

/** The form that is meant now; null when the model names none, or nobody looks forms up. */
function formOf({ findForm }: ActivationInput, form: Settings['form']): Result<Key | null, Failure> {
  if (form === null || findForm === undefined) return ok(null);
  const key = findForm(form.formId, form.binding);
  if (key !== null) return ok(key);
  const { kind, versionTag } = form.binding;
  const which = kind === 'versionTag' ? ` with version tag '${versionTag ?? ''}'` : '';
  return err({
    errorType: 'FORM_NOT_FOUND',
    message: `Expected a deployed form '${form.formId}'${which}, but there is none.`,
  });
}

/** Workers of the older form find the assignment in reserved headers. */
function offerUserJob(input: ActivationInput, job: NonNullable<FlowElement['job']>): Result<Activation, Failure> {
  const settings = input.element.jobAssignment;
  const assignment = settings === undefined ? null : evaluateAssignment(input, settings);
  if (assignment === null || settings === undefined) return offerJob(input, job);
  if (!assignment.ok) return assignment;
  const { assignee, candidateGroups, candidateUsers, dueAt, followUpAt, formKey } = assignment.value;
  const listed = (names: readonly string[]): string | null => (names.length === 0 ? null : JSON.stringify(names));
  const reserved = {
    assignee,
    candidateGroups: listed(candidateGroups),
    candidateUsers: listed(candidateUsers),
    dueDate: dueAt,
    followUpDate: followUpAt,
    formKey: formKey ?? settings.formReference,
  };
  const headers: Record<string, string> = { ...input.element.headers };
  for (const [name, value] of Object.entries(reserved)) if (value !== null) headers[`io.camunda.zeebe:${name}`] = value;
  return offerJob({ ...input, element: { ...input.element, headers } }, job);
}

function openTask(input: ActivationInput, settings: Settings): Result<Activation, Failure> {
  const { element, key, nextKey } = input;
  const context = withLane(input);
  const assignment = evaluateAssignment(input, settings);
  if (!assignment.ok) return assignment;
  const priority = extractInteger(settings.priority ?? DEFAULT_PRIORITY, context, PRIORITY);
  if (!priority.ok) return priority;
  const { formKey, ...assigned } = assignment.value;
  const late = scheduleLateRules(input, context, assigned.dueAt);
  if (!late.ok) return late;
  const created = {
    type: 'task-created',
    taskKey: nextKey(),
    elementInstanceKey: key,
    elementId: element.id,
    name: element.name,
    formReference: settings.formReference,
    headers: element.headers,
    ...assigned,
    priority: priority.value,
    ...(settings.form === null ? {} : { form: formKey === null ? settings.form : { ...settings.form, key: formKey } }),
  } as const;
  return withListeners(input, context, created, late.value);
}

/** Creating listeners are asked before anybody sees the task, assigning ones before it has the assignee of the model. */
function withListeners(
  { element, key, nextKey }: ActivationInput,
  context: EvaluationContext,
  task: Extract<EngineEvent, { type: 'task-created' }>,
  late: readonly EngineEvent[],
): Result<Activation, Failure> {
  const creating = element.taskListeners.find((candidate) => candidate.on === 'creating');
  const assigning = element.taskListeners.find((candidate) => candidate.on === 'assigning');
  const { assignee } = task;
  const isAsked = assignee !== null && assigning !== undefined;
  const assigns = { on: 'assigning', action: '', changes: { assignee } } as const;
  const created = isAsked ? { ...task, assignee: null, assigns } : task;
  const listener = creating ?? (isAsked ? assigning : undefined);
  if (listener === undefined) return ok(waitingFor(created, ...late));
  const asked = listenerJob({ listener, on: listener.on, index: 0, key, elementId: element.id }, context, nextKey);
  if (!asked.ok) return asked;
  return ok(waitingFor(creating === undefined ? created : { ...created, isCreating: true }, ...late, asked.value));
}

type Settings = NonNullable<FlowElement['userTask']>;

/** Assignment expressions see the lane of the task: `candidateGroups="=lane.id"`. */
function withLane({ element, context }: ActivationInput): EvaluationContext {
  return element.lane === null ? context : { ...context, scope: overlay(context.scope, { lane: element.lane }) };
}

/** A date that the model gives, or a duration from now, in working time if a calendar is named. */
function dueOf(
  settings: Settings,
  context: EvaluationContext,
): Result<{ readonly dueAt: Instant | null; readonly trace?: CalendarTrace }, Failure> {
  if (settings.dueIn === null) {
    const dueAt = extractDate('due date', settings.dueDate, context);
    return dueAt.ok ? ok({ dueAt: dueAt.value }) : dueAt;
  }
  const duration = extractText(settings.dueIn.duration, context);
  if (!duration.ok) return duration;
  return dueAfter({ duration: duration.value, calendar: settings.dueIn.calendar, from: context.now }, context);
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
