// Files and inputs that are wrong: each is answered with a diagnostic that names rule, element and place, or with null and a
// warning, in bounded time. Nothing here may throw.

import { describe, expect, it } from 'vitest';
import { compileDecisions, evaluateJson } from '../../../server/engine/decisions/index.ts';
import type { Variables } from '../../../server/engine/index.ts';
import type { Instant } from '../../../server/shared/time.ts';
import { tableXml } from './table-model.ts';

const NOW = '2026-01-15T08:00:00.000Z' as Instant;
const file = (body: string, attributes = 'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"') =>
  `<definitions ${attributes} id="defs" name="Defs" namespace="urn:sample">\n${body}\n</definitions>`;
const decision = (id: string, text: string, requires: readonly string[] = []) =>
  `<decision id="${id}" name="${id}"><variable name="${id}"/>${requires
    .map((other) => `<informationRequirement><requiredDecision href="#${other}"/></informationRequirement>`)
    .join('')}<literalExpression><text>${text}</text></literalExpression></decision>`;
const bkm = (name: string, text: string) =>
  `<businessKnowledgeModel id="${name}" name="${name}"><encapsulatedLogic><formalParameter name="x"/><literalExpression><text>${text}</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>`;
const calls = (id: string, text: string, called: string) =>
  `<decision id="${id}" name="${id}"><variable name="${id}"/><knowledgeRequirement><requiredKnowledge href="#${called}"/></knowledgeRequirement><literalExpression><text>${text}</text></literalExpression></decision>`;

const problemsOf = (xml: string) => {
  const compiled = compileDecisions({ resourceName: 'x.dmn', xml });
  return (compiled.ok ? compiled.value.warnings : compiled.error).map(
    ({ rule, elementId, line, column }) => `${rule} ${elementId ?? '-'} ${line}:${column}`,
  );
};
const run = (xml: string, id: string, variables: Variables = {}) => {
  const compiled = compileDecisions({ resourceName: 'x.dmn', xml });
  if (!compiled.ok) throw new Error(compiled.error[0]?.message);
  const evaluated = evaluateJson(compiled.value, { decision: id, variables, now: NOW });
  if (!evaluated.ok) throw new Error(evaluated.error);
  return evaluated.value;
};

describe('wrong decision files', () => {
  it.each([
    ['text that is no XML', 'hello', ['readable-xml - 1:1']],
    ['a document type', '<!DOCTYPE x><x/>', ['readable-xml - 1:1']],
    ['another kind of XML', '<x/>', ['dmn-file - 1:1']],
    ['an unknown namespace', file('', 'xmlns="urn:other"'), ['dmn-file - 1:1']],
    ['FEEL that cannot be read', file(decision('a', '\n 1 + ')), ['readable-feel a 3:6']],
    ['an unknown requirement', file(decision('a', '1', ['b'])), ['known-reference a 2:71']],
    [
      'requirements in a circle',
      file(decision('a', 'b', ['b']) + decision('b', 'a', ['a'])),
      ['acyclic-requirements a 2:1'],
    ],
    ['one id for two elements', file(decision('a', '1') + decision('a', '2')), ['unique-ids a 2:111']],
  ])('%s is refused with rule, element and place', (_what, xml, expected) => {
    expect(problemsOf(xml)).toEqual(expected);
  });

  it('a cell that is no unary test is refused at its place', () => {
    const xml = tableXml({
      inputs: ['x'],
      rows: [
        ['< 5', '1'],
        ['5 >', '2'],
      ],
    });
    expect(problemsOf(xml)).toEqual([expect.stringMatching(/^readable-feel c2_1 \d+:\d+$/)]);
  });

  it('a row with too few cells and an unknown type are refused together', () => {
    const xml = tableXml({ inputs: ['x', 'y'], rows: [['1', '2']] }).replace('name="out"', 'name="out" typeRef="tNo"');
    expect(problemsOf(xml).map((text) => text.split(' ')[0])).toEqual(['complete-table', 'known-type']);
  });

  it('an unknown name is a warning when the file declares its inputs', () => {
    const input = '<inputData id="i" name="n"><variable name="n"/></inputData>';
    const required = '<informationRequirement><requiredInput href="#i"/></informationRequirement>';
    const body = `${input}<decision id="a" name="a"><variable name="a"/>${required}<literalExpression><text>n + m</text></literalExpression></decision>`;
    expect(problemsOf(file(body)).map((text) => text.split(' ')[0])).toEqual(['known-name']);
    expect(problemsOf(file(body.replace('n + m', 'n + 1')))).toEqual([]);
  });

  it('100 broken cells out of 10,000 rows do not make the answer endless', () => {
    const rows = Array.from({ length: 300 }, (_, row) => [`${row} >`, '1']);
    expect(problemsOf(tableXml({ inputs: ['x'], rows })).length).toBeLessThanOrEqual(200);
  });
});

describe('evaluations that cannot succeed', () => {
  it('recursion without end fails with the depth that was allowed', () => {
    const xml = file(bkm('f', 'f(x + 1)') + calls('a', 'f(1)', 'f'));
    expect(run(xml, 'a')).toMatchObject({ output: null, failure: { decisionId: 'a' } });
  });

  it('recursion that branches ends as well', () => {
    const xml = file(bkm('f', 'f(x + 1) + f(x + 2) + f(x + 3)') + calls('a', 'f(1)', 'f'));
    expect(run(xml, 'a').failure?.message).toMatch(/called more than/);
  });

  it('a violated hit policy is a failure of the decision, not an honest null', () => {
    const rows = [
      ['> 1', '1'],
      ['> 2', '2'],
    ];
    expect(run(tableXml({ inputs: ['x'], rows }), 'd', { x: 5 }).failure?.message).toMatch(/rules 1, 2/);
    expect(run(tableXml({ inputs: ['x'], rows }), 'd', { x: 2 })).toMatchObject({ output: 1, failure: null });
  });

  it('a regular expression that would run for ages is answered in no time', () => {
    const xml = file(decision('a', `matches("${'a'.repeat(40)}!", "(a+)+$")`));
    expect(run(xml, 'a').output).toBe(false);
  });

  it('a function as a result has no JSON form, and says so', () => {
    expect(run(file(decision('a', 'function(x) x')), 'a').failure?.message).toMatch(/function/);
  });

  it('inputs of a wrong type are null with a warning', () => {
    const body = `<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData><decision id="a" name="a"><variable name="a"/><informationRequirement><requiredInput href="#i"/></informationRequirement><literalExpression><text>n</text></literalExpression></decision>`;
    const evaluated = run(file(body), 'a', { n: 'five' });
    expect(evaluated.output).toBe(null);
    expect(evaluated.warnings[0]).toMatch(/number/);
  });

  it('texts of JSON are dates where an input declares dates', () => {
    const body = `<inputData id="i" name="d"><variable name="d" typeRef="date"/></inputData><decision id="a" name="a"><variable name="a"/><informationRequirement><requiredInput href="#i"/></informationRequirement><literalExpression><text>d + duration("P1D")</text></literalExpression></decision>`;
    expect(run(file(body), 'a', { d: '2026-02-28' }).output).toBe('2026-03-01');
  });

  it('every row that did not match is explained by its first cell that refused', () => {
    const compiled = compileDecisions({
      resourceName: 'x.dmn',
      xml: tableXml({
        inputs: ['x', 'y'],
        rows: [
          ['< 5', '-', '1'],
          ['>= 5', '"a"', '2'],
          ['-', 'not("a")', '3'],
        ],
      }),
    });
    if (!compiled.ok) throw new Error(compiled.error[0]?.message);
    const request = { decision: 'd', variables: { x: 7, y: 'a' }, now: NOW, isExplained: true };
    const evaluated = evaluateJson(compiled.value, request);
    expect(evaluated.ok && evaluated.value.decisions[0]).toMatchObject({
      matchedRules: [{ ruleId: 'r2', ruleIndex: 2, outputs: [{ name: 'out', value: 2 }] }],
      refusedRules: [
        { ruleIndex: 1, input: 'x', cell: '< 5', value: 7 },
        { ruleIndex: 3, input: 'y', cell: 'not("a")', value: 'a' },
      ],
    });
  });
});
