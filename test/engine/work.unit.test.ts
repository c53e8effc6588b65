// Script, decision and listener work; lanes, due dates, late handling and business calendars; call depth; modification.

import { describe, expect, it } from 'vitest';
import { plusWorkingTime } from '../../server/engine/index.ts';
import type { BusinessCalendar } from '../../server/engine/index.ts';
import { nextCronTime, parseCron } from '../../server/engine/expressions/cron.ts';
import type { LocalDate } from '../../server/shared/time.ts';
import { asId } from '../../server/shared/ids.ts';
import type { Key } from '../../server/shared/ids.ts';
import { model } from '../support/model-builder.ts';
import type { ModelBuilder } from '../support/model-builder.ts';
import { Run, compile, instant, key, runOf, runOfXml, started } from './harness.ts';

describe('script task', () => {
  it('evaluates FEEL and writes its result variable', async () => {
    const run = await started(
      model()
        .start()
        .script('S', '=amount * 2', 'double', { outputs: [['=double + 1', 'out']] })
        .end()
        .path('start', 'S', 'end'),
      { amount: 4 },
    );

    expect(run.variables).toEqual({ amount: 4, out: 9 });
  });

  it('that fails is an incident; resolving evaluates it again', async () => {
    const run = await started(model().start().script('S', '=assert(a, a != null)', 'b').path('start', 'S'));
    expect(run.incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'S' });

    expect(run.setVariables({ a: 1 }).resolve().variables).toEqual({ a: 1, b: 1 });
  });

  it('in another language is a job', async () => {
    const other =
      '<bpmn:scriptTask id="S"><bpmn:extensionElements><zeebe:taskDefinition type="js"/></bpmn:extensionElements></bpmn:scriptTask>';
    const run = await started(model().start().raw(other).path('start', 'S'));

    expect(run.completeJob('S').status).toBe('completed');
  });
});

describe('business rule task', () => {
  const rule = () => model().start().decide('D', '="fee" + kind', 'fee').end().path('start', 'D', 'end');

  it('asks for a decision, and the answer is its result variable', async () => {
    const run = await started(rule(), { kind: '-1' });
    expect(run.eventsOf('decision-requested')[0]).toMatchObject({
      decisionId: 'fee-1',
      variables: { kind: '-1' },
      binding: { kind: 'latest', versionTag: null },
    });
    const decisionKey = run.decisionKey('D');

    run.give({ type: 'complete-decision', decisionKey, result: { amount: 5 } });

    expect(run.variables).toEqual({ kind: '-1', fee: { amount: 5 } });
    expect(run.refuse({ type: 'complete-decision', decisionKey, result: 1 }).code).toBe('DECISION_NOT_FOUND');
  });

  it.each(['CALLED_DECISION_ERROR', 'DECISION_EVALUATION_ERROR'] as const)(
    'a decision that cannot be made is an incident (%s), and resolving asks again',
    async (errorType) => {
      const run = await started(rule(), { kind: '' });
      run.give({ type: 'fail-decision', decisionKey: run.decisionKey('D'), errorType, message: 'no such decision' });
      expect(run.incident).toMatchObject({ errorType, elementId: 'D' });

      run.resolve();
      run.give({ type: 'complete-decision', decisionKey: run.decisionKey('D'), result: 1 });

      expect(run.status).toBe('completed');
    },
  );

  it('is cancelled with its activity', async () => {
    const run = await started(rule(), { kind: '' });

    expect(run.cancel().eventsOf('decision-cancelled')).toHaveLength(1);
  });
});

describe('execution listeners', () => {
  const listening = () =>
    model()
      .start()
      .userTask('A', {
        inputs: [['=1', 'x']],
        outputs: [['=x + y', 'sum']],
        startListeners: ['first', 'second'],
        endListeners: ['last'],
      })
      .boundary('T', 'A', { duration: 'PT1H' })
      .end()
      .path('start', 'A', 'end')
      .path('T', 'end');

  it('are done one after another, before the work and after it', async () => {
    const run = await started(listening());
    expect(run.instanceOf('A')).toMatchObject({ phase: 'activating', boundaries: [] });
    expect(run.eventsOf('task-created')).toHaveLength(0);

    run.completeListener('A', { x: 5 }).completeListener('A', { y: 2 });
    expect(run.eventsOf('task-created')).toHaveLength(1);
    run.completeTask('A');
    expect(run.status).toBe('active');
    run.completeListener('A', { note: 'done' });

    expect(run.status).toBe('completed');
    expect(run.variables).toEqual({ sum: 7, note: 'done' });
    expect(run.eventsOf('job-created').map((event) => [event.jobType, event.listener])).toEqual([
      ['first', { on: 'start', index: 0 }],
      ['second', { on: 'start', index: 1 }],
      ['last', { on: 'end', index: 0 }],
    ]);
  });

  it('that fail for good are an incident of their own kind', async () => {
    const run = await started(listening());
    run.failListener('A', 0);
    expect(run.incident).toMatchObject({ errorType: 'EXECUTION_LISTENER_NO_RETRIES', elementId: 'A' });

    run.give({ type: 'update-job-retries', jobKey: run.incident.jobKey ?? run.key, retries: 1 }).resolve();

    expect(run.completeListener('A').completeListener('A').active).toEqual(['A']);
  });

  it('are not asked again when the phase is repeated', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A', { startListeners: ['first'], assignee: '=who' })
        .path('start', 'A'),
      { who: 5 },
    );
    run.completeListener('A');
    expect(run.incident.errorType).toBe('EXTRACT_VALUE_ERROR');

    run.setVariables({ who: 'an' }).resolve();

    expect(run.eventsOf('job-created')).toHaveLength(1);
    expect(run.eventsOf('task-created')[0]?.assignee).toBe('an');
  });

  it('of an item, a gateway and an end event', async () => {
    const run = await started(
      model()
        .start()
        .task('A', { each: { of: '=[1, 2]', collect: '=seen', into: 'all' }, endListeners: ['look'] })
        .endWith('end', { escalation: 'UP' }, { endListeners: ['bye'] })
        .path('start', 'A', 'end'),
    );

    run.completeListener('A', { seen: 1 }).completeListener('A', { seen: 2 }).completeListener('end');

    expect(run.status).toBe('completed');
  });

  it('are cancelled with their element', async () => {
    expect((await started(listening())).cancel().eventsOf('job-cancelled')).toHaveLength(1);
  });
});

describe('execution listeners of the process', () => {
  const listened = (content: (p: ModelBuilder) => ModelBuilder) => {
    const listener = (on: string) => `<zeebe:executionListener eventType="${on}" type="${on}s"/>`;
    const extension = `<bpmn:extensionElements><zeebe:executionListeners>${listener('start')}${listener('end')}</zeebe:executionListeners></bpmn:extensionElements>`;
    return runOfXml(
      content(model().start())
        .toXml()
        .replace(/(<bpmn:process [^>]*>)/, `$1${extension}`),
    );
  };

  it('are asked before the first element begins and before the last one ends', async () => {
    const run = (await listened((p) => p.userTask('A').end().path('start', 'A', 'end'))).start();
    expect(run.active).toEqual(['start']);
    run.completeListener('start', { x: 1 });
    expect(run.variables).toEqual({ x: 1 });

    run.completeTask('A');
    expect(run.active).toEqual(['end']);
    run.completeListener('end', { y: 2 });

    expect(run.status).toBe('completed');
    expect(run.variables).toEqual({ x: 1, y: 2 });
    expect(run.eventsOf('job-created').map((job) => [job.jobType, job.elementId, job.listener?.on])).toEqual([
      ['starts', 'p', 'start'],
      ['ends', 'p', 'end'],
    ]);
  });

  it('ask once, when several paths end, and also after a loop', async () => {
    const forked = (
      await listened((p) => p.parallel('F').userTask('A').userTask('B').path('start', 'F', 'A').path('F', 'B'))
    ).start();
    forked.completeListener('start').completeTask('A');
    expect(forked.active).toEqual(['B']);
    expect(forked.completeTask('B').completeListener('B').status).toBe('completed');

    const each = { of: '=[1]', as: 'i', collect: '=i', into: 'all' };
    const looped = (await listened((p) => p.userTask('A', { each }).path('start', 'A'))).start();
    looped.completeListener('start').completeTask('A');
    const [wait] = looped.bodyOf('A').waits;
    looped.give({ type: 'complete-job', jobKey: wait?.kind === 'listener' ? wait.jobKey : looped.key, variables: {} });
    expect(looped.status).toBe('completed');
    expect(looped.variables).toEqual({ all: [1] });
  });
});

describe('task listeners', () => {
  const heard = () =>
    model()
      .start()
      .userTask('A', {
        taskListeners: [
          ['creating', 'check'],
          ['creating', 'assign'],
          ['completing', 'agree'],
        ],
      })
      .end()
      .path('start', 'A', 'end');
  const jobOf = (run: Run) =>
    run.instanceOf('A').waits.flatMap((wait) => (wait.kind === 'listener' ? [wait.jobKey] : []))[0] ?? run.key;

  it('are asked before anybody sees the task, and may correct it', async () => {
    const run = await started(heard());
    const taskKey = run.taskKey('A');
    expect(run.eventsOf('task-created')[0]?.isCreating).toBe(true);
    expect(run.refuse({ type: 'complete-task', taskKey, variables: {} }).code).toBe('TASK_NOT_OPEN');

    run.completeListener('A');
    const corrections = { priority: 77, assignee: 'an' };
    run.give({ type: 'complete-job', jobKey: jobOf(run), variables: {}, taskResult: { corrections } });

    expect(run.eventsOf('task-corrected')).toEqual([{ type: 'task-corrected', taskKey, corrections }]);
    expect(run.eventsOf('task-opened')).toEqual([{ type: 'task-opened', taskKey }]);
  });

  it('are asked before a completion counts', async () => {
    const run = await started(heard());
    run.completeListener('A').completeListener('A').completeTask('A', { x: 1 });
    expect(run.variables).toEqual({});
    expect(run.refuse({ type: 'complete-task', taskKey: run.taskKey('A'), variables: {} }).code).toBe('TASK_NOT_OPEN');

    run.completeListener('A');

    expect(run.status).toBe('completed');
    expect(run.variables).toEqual({ x: 1 });
  });

  it('may deny the completion, and the task is open as before', async () => {
    const run = await started(heard());
    run.completeListener('A').completeListener('A').completeTask('A', { x: 1 });

    run.give({ type: 'complete-job', jobKey: jobOf(run), variables: {}, taskResult: { isDenied: true, reason: 'no' } });
    expect(run.eventsOf('task-completion-denied')[0]?.reason).toBe('no');
    run.completeTask('A', { x: 2 }).completeListener('A');

    expect(run.variables).toEqual({ x: 2 });
  });

  it('cannot deny the creation, and other jobs have no task to answer for', async () => {
    const denial = { type: 'complete-job', variables: {}, taskResult: { isDenied: true } } as const;
    const run = await started(heard());
    expect(run.refuse({ ...denial, jobKey: jobOf(run) }).code).toBe('TASK_RESULT_NOT_POSSIBLE');

    const other = await started(model().start().serviceTask('J').path('start', 'J'));
    expect(other.refuse({ ...denial, jobKey: other.jobKey('J') }).code).toBe('TASK_RESULT_NOT_POSSIBLE');
  });

  const changing = () =>
    model()
      .start()
      .userTask('A', {
        assignee: 'an',
        taskListeners: [
          ['assigning', 'may'],
          ['updating', 'date'],
        ],
      })
      .end()
      .path('start', 'A', 'end');

  it('of the moment of assigning are asked about the assignee of the model too', async () => {
    const run = await started(changing());
    expect(run.eventsOf('task-created')[0]).toMatchObject({ assignee: null, assigns: { changes: { assignee: 'an' } } });

    run.completeListener('A');

    expect(run.eventsOf('task-corrected')).toMatchObject([{ corrections: { assignee: 'an' } }]);
    expect(run.completeTask('A').status).toBe('completed');
  });

  it('may correct an assignment or an update, or deny it', async () => {
    const run = (await started(changing())).completeListener('A');
    const taskKey = run.taskKey('A');
    run.give({ type: 'change-task', on: 'assigning', taskKey, corrections: { assignee: 'binh' }, action: 'claim' });
    expect(run.refuse({ type: 'complete-task', taskKey, variables: {} }).code).toBe('TASK_NOT_OPEN');
    const corrections = { assignee: 'chi' };
    run.give({ type: 'complete-job', jobKey: jobOf(run), variables: {}, taskResult: { corrections } });
    expect(run.last.at(-2)).toEqual({ type: 'task-corrected', taskKey, corrections, action: 'claim' });

    run.give({ type: 'change-task', on: 'updating', taskKey, corrections: { priority: 9 } });
    run.give({ type: 'complete-job', jobKey: jobOf(run), variables: {}, taskResult: { isDenied: true, reason: 'no' } });

    expect(run.last.at(-1)).toMatchObject({ type: 'task-change-denied', reason: 'no' });
    expect(run.completeTask('A').status).toBe('completed');
  });

  it('without listeners a task is assigned and updated at once', async () => {
    const run = await started(model().start().userTask('A').path('start', 'A'));
    const taskKey = run.taskKey('A');
    run.give({ type: 'change-task', on: 'assigning', taskKey, corrections: { assignee: null } });
    run.give({ type: 'change-task', on: 'updating', taskKey, corrections: { candidateUsers: ['an'] } });

    expect(run.eventsOf('task-corrected').map((event) => event.corrections)).toEqual([
      { assignee: null },
      { candidateUsers: ['an'] },
    ]);
    run.completeTask('A');
    expect(run.refuse({ type: 'change-task', on: 'assigning', taskKey, corrections: { assignee: 'an' } }).code).toBe(
      'TASK_NOT_OPEN',
    );
  });

  it('that fail for good are an incident, and go with an interrupted task', async () => {
    const run = await started(heard());
    run.failListener('A', 0);
    expect(run.incident.errorType).toBe('TASK_LISTENER_NO_RETRIES');

    expect(run.cancel().eventsOf('job-cancelled')).toHaveLength(1);
  });
});

describe('forms', () => {
  const withForm = (attributes: string, marker = '<zeebe:userTask/>') =>
    model()
      .start()
      .raw(
        `<bpmn:userTask id="A"><bpmn:extensionElements>${marker}<zeebe:assignmentDefinition assignee="an"` +
          ` candidateGroups="a, b"/><zeebe:formDefinition ${attributes}/></bpmn:extensionElements></bpmn:userTask>`,
      )
      .path('start', 'A');

  it('that are not deployed are an incident until they are', async () => {
    let form: Key | null = null;
    const run = new Run(await compile(withForm('formId="f"')), { findForm: () => form }).start();
    expect(run.incident).toMatchObject({ errorType: 'FORM_NOT_FOUND', elementId: 'A' });

    form = key('31');

    expect(run.resolve().eventsOf('task-created')[0]?.form).toMatchObject({ formId: 'f', key: '31' });
  });

  it('of the older dialect stay visible: as reference of the task, in reserved headers of the job', async () => {
    const task = await started(withForm('formKey="camunda-forms:bpmn:x"'));
    expect(task.eventsOf('task-created')[0]?.formReference).toBe('camunda-forms:bpmn:x');

    const job = await started(withForm('formKey="camunda-forms:bpmn:x"', ''));
    expect(job.eventsOf('job-created')[0]?.headers).toEqual({
      'io.camunda.zeebe:assignee': 'an',
      'io.camunda.zeebe:candidateGroups': '["a","b"]',
      'io.camunda.zeebe:formKey': 'camunda-forms:bpmn:x',
    });
  });
});

describe('lanes', () => {
  it('are visible to the assignment expressions of their tasks, also inside subprocesses', async () => {
    const lanes =
      '<bpmn:laneSet id="ls"><bpmn:lane id="office" name="Văn phòng"><bpmn:flowNodeRef>A</bpmn:flowNodeRef>' +
      '<bpmn:flowNodeRef>S</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>';
    const run = await started(
      model()
        .raw(lanes)
        .start()
        .userTask('A', { candidateGroups: '=lane.id' })
        .sub('S', (inner) => inner.start('s').userTask('B', { candidateGroups: '=[lane.name, "all"]' }).path('s', 'B'))
        .path('start', 'A')
        .path('start', 'S'),
    );

    expect(run.eventsOf('task-created').map((event) => event.candidateGroups)).toEqual([
      ['office'],
      ['Văn phòng', 'all'],
    ]);
  });
});

const day = (text: string): LocalDate => asId<LocalDate>(text);
const OFFICE = [
  { from: '07:30', to: '11:30' },
  { from: '13:30', to: '17:00' },
];
const CALENDAR: BusinessCalendar = {
  week: [OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, [], []],
  // 30 April and 1 May; 29 April is given free and made up for on Saturday 4 May.
  holidays: [day('2019-04-29'), day('2019-04-30'), day('2019-05-01')],
  makeUpDays: { '2019-05-04': OFFICE },
};

describe('business calendar', () => {
  const after = (from: string, duration: string): string | null =>
    plusWorkingTime({ name: 'office', days: CALENDAR }, instant(from), duration)?.dueAt ?? null;

  it.each([
    ['hours within a span', '2019-05-06T08:00:00+07:00', 'PT2H', '2019-05-06T03:00:00.000Z'],
    ['hours over noon', '2019-05-06T11:00:00+07:00', 'PT1H', '2019-05-06T07:00:00.000Z'],
    ['hours over the weekend', '2019-05-10T16:00:00+07:00', 'PT2H', '2019-05-13T01:30:00.000Z'],
    ['from a Sunday', '2019-05-12T10:00:00+07:00', 'PT1H', '2019-05-13T01:30:00.000Z'],
    ['days keep the time of day', '2019-05-10T10:00:00+07:00', 'P3D', '2019-05-15T03:00:00.000Z'],
    ['holidays and make-up days', '2019-04-26T10:00:00+07:00', 'P3D', '2019-05-04T03:00:00.000Z'],
    ['a day and hours', '2019-05-06T16:00:00+07:00', 'P1DT2H', '2019-05-08T01:30:00.000Z'],
    ['from after hours', '2019-05-06T20:00:00+07:00', 'P1D', '2019-05-08T00:30:00.000Z'],
    ['to the end of a span', '2019-05-06T07:30:00+07:00', 'PT4H', '2019-05-06T04:30:00.000Z'],
  ])('counts %s', (_name, from, duration, expected) => {
    expect(after(from, duration)).toBe(expected);
  });

  it('a month of working time has no length, and a calendar without days no end', () => {
    expect(after('2019-05-06T08:00:00+07:00', 'P1M')).toBeNull();
    const never = { week: [[], [], [], [], [], [], []], holidays: [], makeUpDays: {} };
    expect(plusWorkingTime({ name: 'n', days: never }, instant('2019-05-06T08:00:00+07:00'), 'PT1H')).toBeNull();
  });

  it('says how the time was found', () => {
    const result = plusWorkingTime({ name: 'office', days: CALENDAR }, instant('2019-04-26T16:00:00+07:00'), 'PT2H');

    expect(result?.trace).toEqual({
      calendar: 'office',
      from: '2019-04-26T09:00:00.000Z',
      duration: 'PT2H',
      days: [
        { day: '2019-04-26', kind: 'working', minutes: 60 },
        { day: '2019-04-27', kind: 'weekend', minutes: 0 },
        { day: '2019-04-28', kind: 'weekend', minutes: 0 },
        { day: '2019-04-29', kind: 'holiday', minutes: 0 },
        { day: '2019-04-30', kind: 'holiday', minutes: 0 },
        { day: '2019-05-01', kind: 'holiday', minutes: 0 },
        { day: '2019-05-02', kind: 'working', minutes: 60 },
      ],
    });
  });

  it('is used by timers and due dates that name it', async () => {
    const process = await compile(
      model()
        .start()
        .userTask('A', { dueIn: { duration: 'P2D', calendar: 'office' } })
        .boundary('T', 'A', { duration: 'PT9H', calendar: 'office' })
        .path('start', 'A'),
    );
    const run = new Run(process, { findCalendar: (name) => (name === 'office' ? CALENDAR : null) }).start();

    expect(run.eventsOf('task-created')[0]).toMatchObject({
      dueAt: '2019-05-08T01:00:00.000Z',
      dueTrace: { calendar: 'office', duration: 'P2D' },
    });
    expect(run.eventsOf('timer-scheduled')[0]).toMatchObject({
      dueAt: '2019-05-07T02:30:00.000Z',
      trace: { duration: 'PT9H' },
    });
  });

  it('that is not there is an incident', async () => {
    const run = await started(
      model().start().catching('T', { duration: 'PT1H', calendar: 'lunar' }).path('start', 'T'),
    );

    expect(run.incident.message).toContain("business calendar 'lunar'");
  });
});

describe('late handling', () => {
  const RULES = [
    { after: 'P1D', action: 'remind' },
    { after: 'PT2H', from: 'due', action: 'escalate', to: '=chief' },
  ];
  const task = () =>
    model()
      .start()
      .userTask('A', { dueDate: '2019-05-10T10:00:00+07:00', late: RULES })
      .end()
      .path('start', 'A', 'end');

  it('is a timer for each rule, counted from the creation or from the due date', async () => {
    const run = await started(task());

    expect(run.eventsOf('timer-scheduled').map(({ dueAt, lateRule }) => [dueAt, lateRule])).toEqual([
      ['2019-05-07T01:00:00.000Z', 0],
      ['2019-05-10T05:00:00.000Z', 1],
    ]);
  });

  it('says what is to be done, and leaves the task open', async () => {
    const run = await started(task(), { chief: 'hoa' });
    const taskKey = run.taskKey('A');

    run
      .give({ type: 'fire-timer', timerKey: run.lateKey('A') })
      .give({ type: 'fire-timer', timerKey: run.lateKey('A') });

    expect(run.eventsOf('task-late')).toMatchObject([
      { taskKey, action: 'remind', to: null },
      { taskKey, action: 'escalate', to: 'hoa' },
    ]);
    expect(run.completeTask('A').status).toBe('completed');
  });

  it('is over when the task is done', async () => {
    const run = await started(task());
    const timerKey = run.lateKey('A');

    run.completeTask('A');

    expect(run.eventsOf('timer-cancelled')).toHaveLength(2);
    expect(run.refuse({ type: 'fire-timer', timerKey }).code).toBe('TIMER_NOT_FOUND');
  });

  it('that cannot be evaluated is an incident, and the task can still be done', async () => {
    const run = await started(task(), { chief: 5 });
    run
      .give({ type: 'fire-timer', timerKey: run.lateKey('A') })
      .give({ type: 'fire-timer', timerKey: run.lateKey('A') });
    expect(run.incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'A' });

    expect(run.completeTask('A').status).toBe('completed');
  });
});

describe('calls inside calls', () => {
  const caller = () => model().start().call('C', { process: 'p' }).path('start', 'C');

  it('hand on how deep they are', async () => {
    const run = (await runOf(caller())).start({}, null, { callDepth: 5 });

    expect(run.state.callDepth).toBe(5);
    expect(run.eventsOf('call-requested')[0]?.callDepth).toBe(6);
  });

  it('stop at a limit', async () => {
    const run = new Run(await compile(caller()), { callDepthLimit: 3 }).start({}, null, { callDepth: 3 });

    expect(run.incident).toMatchObject({ errorType: 'CALLED_ELEMENT_ERROR', elementId: 'C' });
  });
});

describe('cron', () => {
  const next = (text: string, from: string): string | null => {
    const cron = parseCron(text);
    return cron === null ? 'unreadable' : nextCronTime(cron, instant(from));
  };

  it.each([
    ['0 0 * * * *', '2019-05-06T08:30:00+07:00', '2019-05-06T02:00:00.000Z'],
    ['0 0 * * * *', '2019-05-06T09:00:00+07:00', '2019-05-06T03:00:00.000Z'],
    ['*/10 * * * * ?', '2019-05-06T08:00:05+07:00', '2019-05-06T01:00:10.000Z'],
    ['0 0 9-17 * * MON-FRI', '2019-05-10T17:00:00+07:00', '2019-05-13T02:00:00.000Z'],
    ['0 30 7 1,15 * *', '2019-05-06T08:00:00+07:00', '2019-05-15T00:30:00.000Z'],
    ['0 0 0 L * *', '2019-02-06T08:00:00+07:00', '2019-02-27T17:00:00.000Z'],
    ['0 0 0 LW * *', '2019-06-06T08:00:00+07:00', '2019-06-27T17:00:00.000Z'],
    ['0 0 0 15W * *', '2019-06-06T08:00:00+07:00', '2019-06-13T17:00:00.000Z'],
    ['0 0 0 ? * MON#2', '2019-05-06T08:00:00+07:00', '2019-05-12T17:00:00.000Z'],
    ['0 0 0 ? * 5L', '2019-05-06T08:00:00+07:00', '2019-05-30T17:00:00.000Z'],
    ['0 0 0 29 FEB *', '2019-05-06T08:00:00+07:00', '2020-02-28T17:00:00.000Z'],
    ['0 0 0 * * 7', '2019-05-06T08:00:00+07:00', '2019-05-11T17:00:00.000Z'],
    ['@daily', '2019-05-06T08:00:00+07:00', '2019-05-06T17:00:00.000Z'],
  ])('%s after %s', (text, from, expected) => {
    expect(next(text, from)).toBe(expected);
  });

  it('a day that never comes', () => {
    expect(next('0 0 0 30 2 *', '2019-05-06T08:00:00+07:00')).toBeNull();
  });

  it.each(['', '* * * * *', '60 * * * * *', '0 0 0 0 * *', 'a b c d e f', '0 0 0 * XXX *', 'PT1H'])(
    '%s is no cron',
    (text) => {
      expect(parseCron(text)).toBeNull();
    },
  );

  it('a cron boundary event fires at its moments and skips what was missed', async () => {
    const run = await started(
      model()
        .start()
        .userTask('A')
        .boundary('T', 'A', { cycle: '0 0 9 * * *' }, { isInterrupting: false })
        .path('start', 'A'),
    );
    run.now = instant('2019-05-09T12:00:00+07:00');

    run.fireTimer('T');

    expect(run.eventsOf('timer-scheduled').map((event) => event.dueAt)).toEqual([
      '2019-05-06T02:00:00.000Z',
      '2019-05-10T02:00:00.000Z',
    ]);
  });
});
