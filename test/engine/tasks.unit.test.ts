// User tasks, service tasks and their jobs, receive tasks; commands that come too late or twice.

import { describe, expect, it } from 'vitest';
import { model } from '../support/model-builder.ts';
import type { ServiceTaskOptions, UserTaskOptions } from '../support/model-builder.ts';
import { key, started } from './harness.ts';

const withUserTask = (options: UserTaskOptions = {}) =>
  model().start().userTask('A', options).end().path('start', 'A', 'end');
const withJob = (options: ServiceTaskOptions = {}) =>
  model().start().serviceTask('A', options).end().path('start', 'A', 'end');

describe('user task', () => {
  it('carries what the model says about it', async () => {
    const run = await started(
      withUserTask({
        name: 'Soạn thảo',
        assignee: '=officer',
        candidateGroups: '=["UBND:clerk", agency + ":leader"]',
        candidateUsers: 'an, binh',
        dueDate: '=deadline',
        followUpDate: '2019-05-07T08:00:00+07:00',
        priority: '=70',
        form: 'draft.document',
        headers: { step: 'draft' },
      }),
      { officer: 'an', agency: 'STNMT', deadline: '2019-05-08T17:00:00+07:00' },
    );

    expect(run.eventsOf('task-created')).toEqual([
      {
        type: 'task-created',
        taskKey: run.taskKey('A'),
        elementInstanceKey: run.instanceOf('A').key,
        elementId: 'A',
        name: 'Soạn thảo',
        formReference: 'draft.document',
        headers: { step: 'draft' },
        assignee: 'an',
        candidateGroups: ['UBND:clerk', 'STNMT:leader'],
        candidateUsers: ['an', 'binh'],
        dueAt: '2019-05-08T10:00:00.000Z',
        followUpAt: '2019-05-07T01:00:00.000Z',
        priority: 70,
      },
    ]);
  });

  it('has no dates, nobody and priority 50 unless the model says otherwise', async () => {
    const run = await started(withUserTask({ assignee: '=nobody', dueDate: '=null' }));

    const task = run.eventsOf('task-created')[0];
    expect(task).toMatchObject({ assignee: null, candidateGroups: [], dueAt: null, followUpAt: null, priority: 50 });
  });

  it('takes a FEEL date and time as due date', async () => {
    const run = await started(withUserTask({ dueDate: '=now() + duration("P2D")' }));

    expect(run.eventsOf('task-created')[0]?.dueAt).toBe('2019-05-08T01:00:00.000Z');
  });

  it.each([
    ['assignee', { assignee: '=1' }],
    ['candidate groups', { candidateGroups: '=[1]' }],
    ['due date', { dueDate: 'tomorrow' }],
    ['priority', { priority: '=101' }],
    ['priority text', { priority: 'high' }],
  ])('an unusable %s is an incident before there is a task', async (_name, options) => {
    const run = await started(withUserTask(options));

    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');
    expect(run.eventsOf('task-created')).toEqual([]);
  });

  it('completing it sets the variables and goes on', async () => {
    const run = await started(withUserTask(), { subject: 'old' });

    run.completeTask('A', { subject: 'new', approved: true });

    expect(run.variables).toEqual({ subject: 'new', approved: true });
    expect(run.status).toBe('completed');
  });

  it('completing it twice is refused the second time', async () => {
    const run = await started(withUserTask());
    const taskKey = run.taskKey('A');
    run.completeTask('A');

    const rejection = run.refuse({ type: 'complete-task', taskKey, variables: {} });

    expect(rejection).toEqual({
      code: 'TASK_NOT_OPEN',
      message: `Expected to complete task '${taskKey}', but it is not open`,
    });
  });

  it('completing it after the instance was cancelled is refused', async () => {
    const run = await started(withUserTask());
    const taskKey = run.taskKey('A');

    run.cancel();

    expect(run.trace).toEqual([
      'element-terminating A',
      'task-cancelled',
      'element-terminated A',
      'instance-terminated',
    ]);
    expect(run.refuse({ type: 'complete-task', taskKey, variables: {} }).code).toBe('TASK_NOT_OPEN');
    expect(run.refuse({ type: 'cancel-instance' }).code).toBe('INSTANCE_NOT_ACTIVE');
  });

  it('completing it with the key of a job is refused', async () => {
    const run = await started(withJob());

    const command = { type: 'complete-task', taskKey: run.jobKey('A'), variables: {} } as const;
    expect(run.refuse(command).code).toBe('TASK_NOT_OPEN');
  });

  it('without the marker it is a job of the fixed type', async () => {
    const run = await started(withUserTask({ isJobBased: true }));

    expect(run.eventsOf('job-created')[0]?.jobType).toBe('io.camunda.zeebe:userTask');
  });
});

describe('service task', () => {
  it('offers a job with type, retries and headers', async () => {
    const options = { type: '=step + ".request"', retries: '=5 - 1', headers: { a: '1' } };
    const run = await started(withJob(options), { step: 'sign' });

    expect(run.eventsOf('job-created')[0]).toMatchObject({
      jobType: 'sign.request',
      retries: 4,
      headers: { a: '1' },
      elementId: 'A',
    });
  });

  it('has three retries unless the model says otherwise', async () => {
    expect((await started(withJob())).eventsOf('job-created')[0]?.retries).toBe(3);
  });

  it.each([
    ['a type that is no text', { type: '=missing' }],
    ['retries that are no number', { retries: '="three"' }],
    ['no retries at all', { retries: '0' }],
  ])('%s is an incident before there is a job', async (_name, options) => {
    const run = await started(withJob(options));

    expect(run.incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'A', jobKey: null });
    expect(run.eventsOf('job-created')).toEqual([]);
  });

  it('a late job result after cancellation is refused', async () => {
    const run = await started(withJob());
    const jobKey = run.jobKey('A');
    run.cancel();

    expect(run.refuse({ type: 'complete-job', jobKey, variables: {} }).code).toBe('JOB_NOT_FOUND');
    const failure = { type: 'fail-job', jobKey, retriesLeft: 1, message: '', retryAt: null } as const;
    expect(run.refuse(failure).code).toBe('JOB_NOT_FOUND');
    expect(run.refuse({ type: 'update-job-retries', jobKey, retries: 1 }).code).toBe('JOB_NOT_FOUND');
  });

  it('a failure can tell the next attempt something: its variables are local to the element', async () => {
    const run = await started(model().start().serviceTask('A').path('start', 'A'));
    const failure = { jobKey: run.jobKey('A'), retriesLeft: 1, message: '', retryAt: null };

    run.give({ type: 'fail-job', ...failure, variables: { tried: 2 } });

    expect(run.state.variables[run.instanceOf('A').key]).toEqual({ tried: 2 });
    expect(run.variables).toEqual({});
  });

  it('a failure with retries left only notes it', async () => {
    const run = await started(withJob());

    run.failJob('A', 2);

    expect(run.trace).toEqual(['job-failed']);
    run.completeJob('A');
    expect(run.status).toBe('completed');
  });

  it('a failure without retries left is an incident on the job', async () => {
    const run = await started(withJob());

    run.failJob('A', 0, 'no connection');

    expect(run.incident).toMatchObject({
      errorType: 'JOB_NO_RETRIES',
      message: 'no connection',
      jobKey: run.jobKey('A'),
      elementId: 'A',
    });
  });

  it('its incident is resolved only after the job has retries again', async () => {
    // given a job that has failed for good
    const run = await started(withJob());
    const jobKey = run.jobKey('A');
    run.failJob('A', 0);
    const { incidentKey } = run.incident;

    // when it is resolved without retries, it is refused
    expect(run.refuse({ type: 'resolve-incident', incidentKey }).code).toBe('INCIDENT_NOT_RESOLVABLE');
    // and a late result of the failed attempt too
    expect(run.refuse({ type: 'complete-job', jobKey, variables: {} }).code).toBe('JOB_NOT_FOUND');

    // then retries and resolution offer the same job again
    run.give({ type: 'update-job-retries', jobKey, retries: 1 }).resolve();
    expect(run.trace).toEqual(['incident-resolved', 'job-reopened']);
    expect(run.jobKey('A')).toBe(jobKey);
    run.completeJob('A');
    expect(run.status).toBe('completed');
  });

  it('failing it again while its incident is open raises no second incident', async () => {
    const run = await started(withJob());

    run.failJob('A', 0).failJob('A', 0);

    expect(run.eventsOf('incident-raised')).toHaveLength(1);
  });

  it('resolving an incident that is not open is refused', async () => {
    const run = await started(withJob());

    expect(run.refuse({ type: 'resolve-incident', incidentKey: key('1') }).code).toBe('INCIDENT_NOT_FOUND');
  });

  it('cancelling resolves its open incident', async () => {
    const run = await started(withJob());
    run.failJob('A', 0).cancel();

    expect(run.trace).toEqual([
      'element-terminating A',
      'job-cancelled',
      'incident-resolved',
      'element-terminated A',
      'instance-terminated',
    ]);
  });
});

describe('receive task', () => {
  const receive = (correlationKey: string) =>
    model().start().receiveTask('A', { message: 'status', key: correlationKey }).end().path('start', 'A', 'end');

  it('waits for its message and takes its variables', async () => {
    const run = await started(receive('=package'), { package: 'G-1' });
    expect(run.eventsOf('message-subscribed')[0]).toMatchObject({ messageName: 'status', correlationKey: 'G-1' });

    run.correlate('A', { status: '03' });

    expect(run.trace.slice(0, 2)).toEqual(['message-correlated', 'subscription-closed']);
    expect(run.variables).toEqual({ package: 'G-1', status: '03' });
    expect(run.status).toBe('completed');
  });

  it('a number is a correlation key, written as text', async () => {
    const run = await started(receive('=n'), { n: 42 });

    expect(run.eventsOf('message-subscribed')[0]?.correlationKey).toBe('42');
  });

  it('a missing correlation key is an incident', async () => {
    const run = await started(receive('=n'));

    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');
    run.setVariables({ n: 'x' }).resolve();
    expect(run.eventsOf('message-subscribed')).toHaveLength(1);
  });

  it('a message for a closed subscription is refused', async () => {
    const run = await started(receive('=n'), { n: 'x' });
    const subscriptionKey = run.subscriptionKey('A');
    run.correlate('A');

    const again = { type: 'correlate-message', subscriptionKey, messageKey: key('6'), variables: {} } as const;
    expect(run.refuse(again).code).toBe('SUBSCRIPTION_NOT_FOUND');
  });

  it('a linked form goes with the task, for the runtime to resolve', async () => {
    const form =
      '<bpmn:userTask id="A"><bpmn:extensionElements><zeebe:userTask/><zeebe:formDefinition formId="F" bindingType="deployment"/>' +
      '</bpmn:extensionElements></bpmn:userTask>';
    const run = await started(model().start().raw(form).path('start', 'A'));

    expect(run.eventsOf('task-created')[0]?.form).toEqual({
      formId: 'F',
      binding: { kind: 'deployment', versionTag: null },
    });
  });
});
