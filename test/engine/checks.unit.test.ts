// Deploy-time checks: each rule refuses the wrong model and accepts its right neighbour; each has its paragraph.

import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileDefinitions } from '../../server/engine/index.ts';
import type { ModelProblem } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import type { ModelBuilder } from '../support/model-builder.ts';

async function problemsOf(source: ModelBuilder | string): Promise<readonly ModelProblem[]> {
  const result = await compileDefinitions(typeof source === 'string' ? source : source.toXml());
  return result.ok ? [] : result.error;
}

const linear = (...ids: readonly string[]) =>
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

const CASES: readonly Case[] = [
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
    wrong: linear('S').raw('<bpmn:scriptTask id="S"/>'),
    right: linear('S').task('S'),
  },
  {
    rule: 'supported-elements',
    elementId: 'E',
    wrong: model()
      .start()
      .raw('<bpmn:endEvent id="E"><bpmn:terminateEventDefinition/></bpmn:endEvent>')
      .path('start', 'E'),
    right: model().start().end('E').path('start', 'E'),
  },
  {
    rule: 'supported-elements',
    elementId: 'A',
    wrong: linear('A').raw('<bpmn:task id="A"><bpmn:standardLoopCharacteristics/></bpmn:task>'),
    right: linear('A').task('A', { each: { of: '=[1]' } }),
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
    wrong: model().start().task('A').end().path('start', 'A').flow('A', 'end', '=x'),
    right: model().start().exclusive('A').end().path('start', 'A').flow('A', 'end', '=x'),
  },
  {
    rule: 'default-flow',
    elementId: 'g',
    wrong: model().start().exclusive('g', { default: 'start_g' }).path('start', 'g'),
    right: model().start().exclusive('g', { default: 'g_A' }).task('A').path('start', 'g', 'A'),
  },
  {
    rule: 'default-flow',
    elementId: 'A',
    wrong: linear('A').task('A', { default: 'A_end' }),
    right: linear('A').task('A'),
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

describe('deploy-time checks', () => {
  it.each(
    CASES.map((entry, index) => [`${index + 1} ${entry.rule} at ${entry.elementId ?? 'the process'}`, entry] as const),
  )('case %s: the wrong model is refused, the right one is not', async (_name, { rule, elementId, wrong, right }) => {
    const problems = await problemsOf(wrong);
    expect(problems.map((problem) => [problem.rule, problem.elementId])).toContainEqual([rule, elementId]);
    expect(problems.every((problem) => problem.message.length > 20)).toBe(true);
    expect(await problemsOf(right)).toEqual([]);
  });

  it('all problems of a file are named at once', async () => {
    const bad = model()
      .start()
      .raw('<bpmn:serviceTask id="A"/>')
      .raw('<bpmn:callActivity id="B"/>')
      .path('start', 'A', 'B');

    expect((await problemsOf(bad)).map((problem) => problem.rule)).toEqual(['job-type', 'called-process']);
  });

  it('an unsupported element is named by its BPMN name', async () => {
    const problems = await problemsOf(linear('S').raw('<bpmn:scriptTask id="S"/>'));

    expect(problems).toEqual([
      { rule: 'supported-elements', elementId: 'S', message: 'bpmn:ScriptTask is not supported by this engine.' },
    ]);
  });

  it.each([
    ['no XML', 'hello'],
    ['empty text', ''],
    ['broken XML', '<a><b></a>'],
    ['another vocabulary', '<html/>'],
  ])('%s is refused as unreadable', async (_name, xml) => {
    expect((await problemsOf(xml)).map((problem) => problem.rule)).toEqual(['readable-xml']);
  });

  it('a file without executable process is refused', async () => {
    const xml = linear('A').task('A').toXml().replace('isExecutable="true"', 'isExecutable="false"');

    expect((await problemsOf(xml)).map((problem) => problem.rule)).toEqual(['executable-process']);
  });

  it('unknown extension elements and drawings are ignored', async () => {
    const decorated = linear('A')
      .task('A')
      .raw('<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="r" dataObjectRef="d"/>')
      .raw('<bpmn:textAnnotation id="t"><bpmn:text>x</bpmn:text></bpmn:textAnnotation>')
      .raw(
        '<bpmn:task id="X"><bpmn:extensionElements><zeebe:unheardOf a="1"><b/></zeebe:unheardOf></bpmn:extensionElements></bpmn:task>',
      );

    expect(await problemsOf(decorated)).toEqual([]);
  });

  it('every rule has its paragraph, and every paragraph its rule', () => {
    const folder = new URL('../../server/engine/checks/', import.meta.url);
    const files = readdirSync(folder).filter((file) => !['check.ts', 'index.ts'].includes(file));
    const rules = files.map((file) => file.replace('.ts', '')).concat('readable-xml');
    const page = readFileSync(new URL('../../docs/checks.md', import.meta.url), 'utf8');
    const paragraphs = [...page.matchAll(/^## `([a-z-]+)`$/gm)].map((match) => match[1] ?? '');

    expect(paragraphs.sort()).toEqual(rules.sort());
  });
});

describe('compiled process', () => {
  it('is frozen and survives JSON', async () => {
    const result = await compileDefinitions(
      linear('A')
        .userTask('A', { headers: { a: 'b' } })
        .toXml(),
    );
    if (!result.ok) throw new Error('does not compile');
    const process = result.value[0];

    expect(JSON.parse(JSON.stringify(process))).toEqual(process);
    expect(Object.isFrozen(process?.elements['A']?.headers)).toBe(true);
  });

  it('has its flows from the sequence flows, in the order of the file', async () => {
    const fork = model().start().task('A').task('B').path('start', 'B').path('start', 'A');
    const result = await compileDefinitions(fork.toXml());

    expect(result.ok ? result.value[0]?.elements['start']?.outgoing : null).toEqual(['start_B', 'start_A']);
  });

  it('takes every executable process of the file', async () => {
    const xml = linear('A')
      .task('A')
      .toXml()
      .replace(
        '</bpmn:definitions>',
        '<bpmn:process id="q" name="Q" isExecutable="true"><bpmn:extensionElements><zeebe:versionTag value="v2"/>' +
          '</bpmn:extensionElements><bpmn:startEvent id="s2"/></bpmn:process></bpmn:definitions>',
      );
    const result = await compileDefinitions(xml);

    expect(
      result.ok ? result.value.map((process) => [process.processId, process.name, process.versionTag]) : null,
    ).toEqual([
      ['p', null, null],
      ['q', 'Q', 'v2'],
    ]);
  });
});
