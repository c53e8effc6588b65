// Deploy-time checks: each rule refuses the wrong model and accepts its right neighbour; each has its paragraph.

import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileDefinitions } from '../../server/engine/index.ts';
import type { ModelProblem } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import type { ModelBuilder } from '../support/model-builder.ts';
import { CASES, linear } from './check-cases.ts';

async function problemsOf(source: ModelBuilder | string): Promise<readonly ModelProblem[]> {
  const result = await compileDefinitions(typeof source === 'string' ? source : source.toXml());
  return result.ok ? [] : result.error;
}

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
    const problems = await problemsOf(linear('S').raw('<bpmn:subChoreography id="S"/>'));

    expect(problems).toEqual([
      { rule: 'supported-elements', elementId: 'S', message: 'bpmn:SubChoreography is not supported by this engine.' },
    ]);
  });

  it.each([
    ['no XML', 'hello'],
    ['empty text', ''],
    ['broken XML', '<a><b></a>'],
    ['another vocabulary', '<html/>'],
    ['a document type declaration', '<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ])('%s is refused as unreadable', async (_name, xml) => {
    expect((await problemsOf(xml)).map((problem) => problem.rule)).toEqual(['readable-xml']);
  });

  it('a file of 50 million characters is refused before it is read', async () => {
    const problems = await problemsOf(`<a>${' '.repeat(50_000_000)}</a>`);

    expect(problems).toMatchObject([{ rule: 'model-size', elementId: null }]);
  });

  it('what looks like a declaration inside the text of an element is text', async () => {
    const xml = linear('A').task('A').toXml();
    const documented = xml.replace(
      '<bpmn:task id="A">',
      '<bpmn:task id="A"><bpmn:documentation>&lt;!DOCTYPE&gt;</bpmn:documentation>',
    );

    expect(await problemsOf(documented)).toEqual([]);
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
    const rules = files.map((file) => file.replace('.ts', '')).concat('readable-xml', 'model-size');
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
