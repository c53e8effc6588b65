// Models for the deploy-time checks: for each rule a wrong model, where the finding is expected, and a right neighbour.

import { model } from '../support/model-builder.ts';
import type { ModelBuilder } from '../support/model-builder.ts';

export const linear = (...ids: readonly string[]) =>
  model()
    .start()
    .end()
    .path('start', ...ids, 'end');

interface Case {
  readonly rule: string;
  readonly elementId: string | null;
  readonly wrong: ModelBuilder;
  readonly right: ModelBuilder;
}

const callBoundTo = (binding: string): string =>
  `<bpmn:callActivity id="A"><bpmn:extensionElements><zeebe:calledElement processId="q" bindingType="${binding}"/>` +
  '</bpmn:extensionElements></bpmn:callActivity>';

const taskListenedTo = (moment: string): string =>
  '<bpmn:task id="A"><bpmn:extensionElements><zeebe:executionListeners>' +
  `<zeebe:executionListener eventType="${moment}" type="t"/></zeebe:executionListeners></bpmn:extensionElements></bpmn:task>`;

export const CASES: readonly Case[] = [
  {
    rule: 'single-start-event',
    elementId: 'p',
    wrong: model().userTask('A'),
    right: model().start().userTask('A').path('start', 'A'),
  },
  {
    rule: 'single-start-event',
    elementId: 'second',
    wrong: model().start().start('second').userTask('A').path('start', 'A').path('second', 'A'),
    right: model().start().userTask('A').path('start', 'A'),
  },
  {
    rule: 'supported-elements',
    elementId: 'S',
    wrong: linear('S').raw('<bpmn:subChoreography id="S"/>'),
    right: linear('S').task('S'),
  },
  {
    rule: 'supported-elements',
    elementId: 'E',
    wrong: model().start().raw('<bpmn:endEvent id="E"><bpmn:timerEventDefinition/></bpmn:endEvent>').path('start', 'E'),
    right: model().start().end('E').path('start', 'E'),
  },
  {
    rule: 'supported-elements',
    elementId: 'A',
    wrong: linear('A').raw(
      '<bpmn:adHocSubProcess id="A" ordering="Sequential"><bpmn:task id="T"/></bpmn:adHocSubProcess>',
    ),
    right: linear('A').raw('<bpmn:adHocSubProcess id="A"><bpmn:task id="T"/></bpmn:adHocSubProcess>'),
  },
  {
    rule: 'job-type',
    elementId: 'A',
    wrong: linear('A').raw('<bpmn:serviceTask id="A"/>'),
    right: linear('A').serviceTask('A'),
  },
  {
    rule: 'gateway-conditions',
    elementId: 'g_B',
    wrong: model().start().exclusive('g').task('A').task('B').path('start', 'g').flow('g', 'A', '=x').flow('g', 'B'),
    right: model()
      .start()
      .exclusive('g', { default: 'g_B' })
      .task('A')
      .task('B')
      .path('start', 'g')
      .flow('g', 'A', '=x')
      .flow('g', 'B'),
  },
  {
    rule: 'gateway-conditions',
    elementId: 'A_end',
    wrong: model().start().catchTimer('A', { duration: 'PT1H' }).end().path('start', 'A').flow('A', 'end', '=x'),
    right: model().start().task('A').end().path('start', 'A').flow('A', 'end', '=x'),
  },
  {
    rule: 'default-flow',
    elementId: 'g',
    wrong: model().start().exclusive('g', { default: 'start_g' }).path('start', 'g'),
    right: model().start().exclusive('g', { default: 'g_A' }).task('A').path('start', 'g', 'A'),
  },
  {
    rule: 'default-flow',
    elementId: 'B',
    wrong: linear('A').task('A').raw('<bpmn:inclusiveGateway id="B" default="start_A"/>'),
    right: linear('A').task('A', { default: 'A_end' }),
  },
  {
    rule: 'called-process',
    elementId: 'A',
    wrong: linear('A').raw('<bpmn:callActivity id="A"/>'),
    right: linear('A').call('A', { process: 'q' }),
  },
  {
    rule: 'message-subscription',
    elementId: 'A',
    wrong: linear('A').receiveTask('A', { message: 'm' }),
    right: linear('A').receiveTask('A', { message: 'm', key: '=k' }),
  },
  {
    rule: 'message-subscription',
    elementId: 'A',
    wrong: linear('A').raw(
      '<bpmn:intermediateCatchEvent id="A"><bpmn:messageEventDefinition/></bpmn:intermediateCatchEvent>',
    ),
    right: linear('A').catchMessage('A', { message: 'm', key: '=k' }),
  },
  {
    rule: 'event-definition',
    elementId: 'B',
    wrong: linear('A').userTask('A').raw('<bpmn:boundaryEvent id="B" attachedToRef="A"/>'),
    right: linear('A').userTask('A').boundaryTimer('B', 'A', { duration: 'PT1H' }),
  },
  {
    rule: 'timer-definition',
    elementId: 'B',
    wrong: linear('A').userTask('A').boundaryTimer('B', 'A', { cycle: 'R3/PT1H' }),
    right: linear('A').userTask('A').boundaryTimer('B', 'A', { cycle: 'R3/PT1H', isInterrupting: false }),
  },
  {
    rule: 'timer-definition',
    elementId: 'T',
    wrong: linear('T').catchTimer('T', { cycle: 'R3/PT1H' }),
    right: linear('T').catchTimer('T', { duration: 'PT1H' }),
  },
  {
    rule: 'timer-definition',
    elementId: 'T',
    wrong: linear('T').catchTimer('T', { duration: 'PT1H', date: '2019-05-06T00:00:00Z' }),
    right: linear('T').catchTimer('T', { date: '2019-05-06T00:00:00Z' }),
  },
  {
    rule: 'boundary-attachment',
    elementId: 'B',
    wrong: linear('g').exclusive('g').boundaryTimer('B', 'g', { duration: 'PT1H' }),
    right: linear('g').userTask('g').boundaryTimer('B', 'g', { duration: 'PT1H' }),
  },
  {
    rule: 'multi-instance-collection',
    elementId: 'A',
    wrong: linear('A').raw('<bpmn:task id="A"><bpmn:multiInstanceLoopCharacteristics/></bpmn:task>'),
    right: linear('A').task('A', { each: { of: '=[1]' } }),
  },
  {
    rule: 'multi-instance-collection',
    elementId: 'A',
    wrong: linear('A').task('A', { each: { of: '=[1]', into: 'results' } }),
    right: linear('A').task('A', { each: { of: '=[1]', into: 'results', collect: '=1' } }),
  },
  {
    rule: 'mapping-targets',
    elementId: 'A',
    wrong: linear('A').userTask('A', { inputs: [['=1', 'a b']] }),
    right: linear('A').userTask('A', { inputs: [['=1', 'số.hiệu']] }),
  },
  {
    rule: 'valid-expressions',
    elementId: 'g_A',
    wrong: model().start().exclusive('g').task('A').path('start', 'g').flow('g', 'A', '=x >'),
    right: model().start().exclusive('g').task('A').path('start', 'g').flow('g', 'A', '=x > 1'),
  },
  {
    rule: 'valid-expressions',
    elementId: 'A',
    wrong: linear('A').userTask('A', { assignee: '=(' }),
    right: linear('A').userTask('A', { assignee: '(' }),
  },
  {
    rule: 'connected-flows',
    elementId: 'start_nowhere',
    wrong: model().start().flow('start', 'nowhere'),
    right: model().start().task('nowhere').flow('start', 'nowhere'),
  },
  {
    rule: 'connected-flows',
    elementId: 'end_A',
    wrong: linear('A').userTask('A').flow('end', 'A'),
    right: linear('A').userTask('A'),
  },
  {
    rule: 'no-endless-loop',
    elementId: 'g',
    wrong: model().start().exclusive('g').task('A').path('start', 'g', 'A', 'g'),
    right: model().start().exclusive('g').userTask('A').path('start', 'g', 'A', 'g'),
  },
  {
    rule: 'single-start-event',
    elementId: 'S',
    wrong: linear('S').sub('S', (inner) => inner.userTask('A')),
    right: linear('S').sub('S', (inner) => inner.start('s').userTask('A').path('s', 'A')),
  },
  {
    rule: 'single-start-event',
    elementId: 'E',
    wrong: linear('A')
      .userTask('A')
      .sub('E', (inner) => inner.start('s').userTask('B').path('s', 'B'), { isEvent: true }),
    right: linear('A')
      .userTask('A')
      .on('E', { signal: 's' }, (inner) => inner.userTask('B').path('E_start', 'B')),
  },
  {
    rule: 'single-start-event',
    elementId: 'X',
    wrong: linear('A').userTask('A').startOn('X', { error: 'NO' }).path('X', 'A'),
    right: linear('A').userTask('A').startOn('X', { message: 'm' }).path('X', 'A'),
  },
  {
    rule: 'single-start-event',
    elementId: 'X',
    wrong: linear('A')
      .userTask('A')
      .startOn('X', [{ message: 'm' }, { signal: 's' }], { isParallel: true })
      .path('X', 'A'),
    right: linear('A')
      .userTask('A')
      .startOn('X', [{ message: 'm' }, { signal: 's' }])
      .path('X', 'A'),
  },
  {
    rule: 'connected-flows',
    elementId: 'A_B',
    wrong: linear('S', 'A')
      .userTask('A')
      .sub('S', (inner) => inner.start('s').userTask('B').path('s', 'B'))
      .path('A', 'B'),
    right: linear('S', 'A')
      .userTask('A')
      .sub('S', (inner) => inner.start('s').userTask('B').path('s', 'B')),
  },
  {
    rule: 'job-type',
    elementId: 'M',
    wrong: linear('M').throwing('M', { message: 'm' }),
    right: linear('M').throwing('M', { message: 'm' }, { type: 'mail' }),
  },
  {
    rule: 'job-type',
    elementId: 'S',
    wrong: linear('S').raw('<bpmn:scriptTask id="S"/>'),
    right: linear('S').script('S', '=1', 'x'),
  },
  {
    rule: 'mapping-targets',
    elementId: 'S',
    wrong: linear('S').script('S', '=1', 'a b'),
    right: linear('S').script('S', '=1', 'a_b'),
  },
  {
    rule: 'called-process',
    elementId: 'A',
    wrong: linear('A').raw(callBoundTo('versionTag')),
    right: linear('A').raw(callBoundTo('deployment')),
  },
  {
    rule: 'event-definition',
    elementId: 'E',
    wrong: linear('A')
      .userTask('A')
      .endWith('E', [{ error: 'NO' }, { terminate: true }])
      .path('A', 'E'),
    right: linear('A')
      .userTask('A')
      .endWith('E', [{ signal: 's' }, { terminate: true }])
      .path('A', 'E'),
  },
  {
    rule: 'event-definition',
    elementId: 'C',
    wrong: linear('C').raw(
      '<bpmn:intermediateCatchEvent id="C"><bpmn:signalEventDefinition/></bpmn:intermediateCatchEvent>',
    ),
    right: linear('C').catching('C', { signal: 's' }),
  },
  {
    rule: 'error-codes',
    elementId: 'E',
    wrong: model().start().endWith('E', { error: null }).path('start', 'E'),
    right: model().start().endWith('E', { error: 'NO' }).path('start', 'E'),
  },
  {
    rule: 'error-codes',
    elementId: 'B2',
    wrong: linear('A').userTask('A').boundary('B', 'A', { error: 'NO' }).boundary('B2', 'A', { error: 'NO' }),
    right: linear('A').userTask('A').boundary('B', 'A', { error: 'NO' }).boundary('B2', 'A', { error: null }),
  },
  {
    rule: 'error-codes',
    elementId: 'B',
    wrong: linear('A').userTask('A').boundary('B', 'A', { error: 'NO' }, { isInterrupting: false }),
    right: linear('A').userTask('A').boundary('B', 'A', { escalation: 'UP' }, { isInterrupting: false }),
  },
  {
    rule: 'error-codes',
    elementId: 'B',
    wrong: linear('A').userTask('A').boundary('B', 'A', { error: '=code' }),
    right: linear('A').userTask('A').boundary('B', 'A', { error: 'code' }),
  },
  {
    rule: 'link-events',
    elementId: 'L',
    wrong: model().start().throwing('L', { link: 'x' }).path('start', 'L'),
    right: model().start().throwing('L', { link: 'x' }).catching('C', { link: 'x' }).path('start', 'L'),
  },
  {
    rule: 'link-events',
    elementId: 'C',
    wrong: linear('A').task('A').catching('C', { link: 'x' }),
    right: linear('A').task('A').catching('C', { link: 'x' }).throwing('L', { link: 'x' }).path('A', 'L'),
  },
  {
    rule: 'compensation',
    elementId: 'B',
    wrong: linear('A').task('A').boundary('B', 'A', { compensate: null }),
    right: linear('A').task('A').task('H', { isForCompensation: true }).undo('A', 'H'),
  },
  {
    rule: 'compensation',
    elementId: 'H',
    wrong: linear('A').task('A').task('H', { isForCompensation: true }),
    right: linear('A').task('A').task('H', { isForCompensation: true }).undo('A', 'H'),
  },
  {
    rule: 'compensation',
    elementId: 'T',
    wrong: linear('A', 'T').task('A').throwing('T', { compensate: 'start_A' }),
    right: linear('A', 'T').task('A').throwing('T', { compensate: 'A' }),
  },
  {
    rule: 'compensation',
    elementId: 'E_start',
    wrong: linear('A')
      .task('A')
      .on('E', { compensate: null }, (inner) => inner.end('e').path('E_start', 'e')),
    right: linear('A').task('A'),
  },
  {
    rule: 'cancel-events',
    elementId: 'X',
    wrong: model().start().endWith('X', { cancel: true }).path('start', 'X'),
    right: linear('T')
      .sub('T', (inner) => inner.start('s').endWith('X', { cancel: true }).path('s', 'X'), { kind: 'transaction' })
      .boundary('C', 'T', { cancel: true }),
  },
  {
    rule: 'cancel-events',
    elementId: 'X',
    wrong: linear('T').sub('T', (inner) => inner.start('s').endWith('X', { cancel: true }).path('s', 'X'), {
      kind: 'transaction',
    }),
    right: linear('T').sub('T', (inner) => inner.start('s').end('X').path('s', 'X'), { kind: 'transaction' }),
  },
  {
    rule: 'event-gateway',
    elementId: 'G',
    wrong: linear('G', 'A').eventGateway('G').userTask('A'),
    right: linear('G', 'A').eventGateway('G').catching('A', { signal: 's' }),
  },
  {
    rule: 'standard-loop',
    elementId: 'A',
    wrong: linear('A').userTask('A', { loop: {} }),
    right: linear('A').userTask('A', { loop: { max: 2 } }),
  },
  {
    rule: 'token-quantities',
    elementId: 'A',
    wrong: linear('A').userTask('A', { startQuantity: 0 }),
    right: linear('A').userTask('A', { startQuantity: 2 }),
  },
  {
    rule: 'late-handling',
    elementId: 'A',
    wrong: linear('A').userTask('A', { late: [{ after: 'P1D', action: 'shout' }] }),
    right: linear('A').userTask('A', { late: [{ after: 'P1D', action: 'remind' }] }),
  },
  {
    rule: 'late-handling',
    elementId: 'A',
    wrong: linear('A').userTask('A', { late: [{ after: 'P1D', action: 'remind', from: 'due' }] }),
    right: linear('A').userTask('A', {
      dueIn: { duration: 'P1D' },
      late: [{ after: 'P1D', action: 'remind', from: 'due' }],
    }),
  },
  {
    rule: 'listeners',
    elementId: 'A',
    wrong: linear('A').raw(taskListenedTo('beforeAll')),
    right: linear('A').raw(taskListenedTo('start')),
  },
  {
    rule: 'timer-definition',
    elementId: 'X',
    wrong: model().startOn('X', { cycle: 'now and then' }).task('A').path('X', 'A'),
    right: model().startOn('X', { cycle: '0 0 9 * * *' }).task('A').path('X', 'A'),
  },
  {
    rule: 'timer-definition',
    elementId: 'X',
    wrong: model().startOn('X', { duration: 'PT1H' }).task('A').path('X', 'A'),
    right: model().startOn('X', { date: '2019-05-06T00:00:00Z' }).task('A').path('X', 'A'),
  },
  {
    rule: 'multi-instance-collection',
    elementId: 'A',
    wrong: linear('A').raw(
      '<bpmn:task id="A"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=x"/>' +
        '</bpmn:extensionElements><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:task>',
    ),
    right: linear('A').task('A', { each: { of: '=x' } }),
  },
  {
    rule: 'no-endless-loop',
    elementId: 'g',
    wrong: model()
      .start()
      .exclusive('g')
      .throwing('L', { link: 'x' })
      .catching('C', { link: 'x' })
      .path('start', 'g', 'L')
      .path('C', 'g'),
    right: model()
      .start()
      .exclusive('g')
      .throwing('L', { link: 'x' })
      .catching('C', { link: 'x' })
      .userTask('A')
      .path('start', 'g', 'L')
      .path('C', 'A', 'g'),
  },
  {
    rule: 'unique-ids',
    elementId: 'A',
    wrong: linear('A').task('A').task('A'),
    right: linear('A', 'B').task('A').task('B'),
  },
  {
    rule: 'unique-ids',
    elementId: null,
    wrong: linear('A').task('A').raw('<bpmn:task/>'),
    right: linear('A').task('A'),
  },
];
