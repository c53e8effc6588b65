// Decisions on real rows: versions, tags and bindings, business rule tasks, and the history of evaluations.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../server/shared/app-error.ts';
import type { Key } from '../../server/shared/ids.ts';
import { createRuntimeHarness, type RuntimeHarness } from './harness.ts';

const level = (amount: number, extra = '') =>
  `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="levels" name="Levels" namespace="urn:sample">
    <decision id="level" name="Cấp ký">${extra}<decisionTable id="t">
      <input id="in" label="Số tiền"><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
      <output id="out" name="level" typeRef="string"/>
      <rule id="r1"><inputEntry><text>&lt; ${amount}</text></inputEntry><outputEntry><text>"phòng"</text></outputEntry></rule>
      <rule id="r2"><inputEntry><text>&gt;= ${amount}</text></inputEntry><outputEntry><text>"ban"</text></outputEntry></rule>
      <rule id="r3"><inputEntry><text>&gt; 9000</text></inputEntry><outputEntry><text>"ban"</text></outputEntry></rule>
    </decisionTable></decision></definitions>`;
const tag = (value: string) => `<extensionElements><zeebe:versionTag value="${value}"/></extensionElements>`;

const process = (id: string, called: string) =>
  `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:sample">
    <bpmn:process id="${id}" isExecutable="true"><bpmn:startEvent id="s"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:businessRuleTask id="rule"><bpmn:extensionElements><zeebe:calledDecision ${called} resultVariable="level"/></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:businessRuleTask>
    <bpmn:endEvent id="e"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="rule"/><bpmn:sequenceFlow id="f2" sourceRef="rule" targetRef="e"/></bpmn:process></bpmn:definitions>`;

describe('deployed decisions', () => {
  let harness: RuntimeHarness;
  beforeAll(async () => {
    harness = await createRuntimeHarness();
  });
  afterAll(() => harness.database.drop());

  const deploy = (...files: readonly (readonly [string, string])[]) =>
    harness.transactions.run((tx) =>
      harness.runtime.deploy(
        tx,
        files.map(([resourceName, xml]) => ({ resourceName, xml })),
      ),
    );
  const run = async (processId: string, variables: Record<string, unknown>) => {
    const key = await harness.start(processId, variables);
    await harness.drain();
    return key;
  };
  const levelOf = async (key: Key) => {
    const { state } = await harness.transactions.run((tx) => harness.runtime.getInstance(tx, key));
    return state.variables[key]?.['level'];
  };
  const latest = () =>
    harness.transactions.run((tx) => harness.runtime.decisions.getDecision(tx, { decisionId: 'level' }));

  it('answer a business rule task, and the evaluation is kept with its inputs and rules', async () => {
    await deploy(['levels.dmn', level(1000)], ['p.bpmn', process('latest', 'decisionId="level"')]);
    const key = await run('latest', { amount: 1500 });
    expect(await levelOf(key)).toBe('ban');
    const [evaluation] = await harness.transactions.run((tx) => harness.runtime.decisions.listEvaluationsOf(tx, key));
    const stored = await harness.transactions.run((tx) =>
      harness.runtime.decisions.getEvaluation(tx, evaluation?.key ?? ('' as Key)),
    );
    expect(stored.evaluation).toMatchObject({
      status: 'evaluated',
      output: 'ban',
      instanceKey: key,
      elementId: 'rule',
    });
    expect(stored.instances).toMatchObject([
      {
        ordinal: 1,
        decisionType: 'DECISION_TABLE',
        result: 'ban',
        inputs: [{ id: 'in', name: 'Số tiền', value: 1500 }],
        matchedRules: [{ ruleId: 'r2', ruleIndex: 2, outputs: [{ id: 'out', name: 'level', value: 'ban' }] }],
      },
    ]);
  });

  it('get a new version only when their bytes change', async () => {
    const { version, key } = await latest();
    await deploy(['levels.dmn', level(1000)]);
    expect((await latest()).key).toBe(key);
    await deploy(['levels.dmn', level(2000)]);
    expect((await latest()).version).toBe(version + 1);
    expect(await levelOf(await run('latest', { amount: 1500 }))).toBe('phòng');
  });

  it('are found by the binding of the task: the version deployed with the process, or the newest with a tag', async () => {
    const together = process('together', 'decisionId="level" bindingType="deployment"');
    await deploy(['levels.dmn', level(3000, tag('t3'))], ['together.bpmn', together]);
    await deploy(['tagged.bpmn', process('tagged', 'decisionId="level" bindingType="versionTag" versionTag="t3"')]);
    await deploy(['levels.dmn', level(100)]);
    expect(await levelOf(await run('together', { amount: 2500 }))).toBe('phòng');
    expect(await levelOf(await run('tagged', { amount: 2500 }))).toBe('phòng');
    expect(await levelOf(await run('latest', { amount: 2500 }))).toBe('ban');
  });

  it('raise an incident when a rule of the table is violated, and when there is no such decision', async () => {
    const failed = await run('latest', { amount: 9500 });
    await deploy(['nowhere.bpmn', process('nowhere', 'decisionId="nowhere"')]);
    const missing = await run('nowhere', {});
    const incidents = await harness.transactions.run((tx) => harness.runtime.listIncidents(tx, 10));
    expect(incidents.filter(({ instanceKey }) => instanceKey === failed)).toMatchObject([
      { errorType: 'DECISION_EVALUATION_ERROR', message: expect.stringContaining('rules 2, 3') as string },
    ]);
    expect(incidents.filter(({ instanceKey }) => instanceKey === missing)).toMatchObject([
      { errorType: 'CALLED_DECISION_ERROR' },
    ]);
    const [evaluation] = await harness.transactions.run((tx) =>
      harness.runtime.decisions.listEvaluationsOf(tx, failed),
    );
    expect(evaluation).toMatchObject({ status: 'failed', failedDecisionId: 'level', output: null });
  });

  it('are deployed together with the processes of the same call, or not at all', async () => {
    const { key } = await latest();
    const broken = '<bpmn:definitions/>';
    const refused = deploy(['levels.dmn', level(7)], ['broken.bpmn', broken]);
    await expect(refused).rejects.toBeInstanceOf(AppError);
    expect((await latest()).key).toBe(key);
  });

  it('are refused with element and position when they cannot be read', async () => {
    const unknown = level(1).replace('typeRef="string"', 'typeRef="tNothing"');
    await expect(deploy(['levels.dmn', unknown])).rejects.toMatchObject({
      code: 'DEFINITION_INVALID',
      details: {
        resourceName: 'levels.dmn',
        problems: [
          { rule: 'known-type', elementId: 'out', message: expect.stringMatching(/tNothing.*line 4/) as string },
        ],
      },
    });
  });

  it('of another file are imported by its namespace, and both versions belong together', async () => {
    const base = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="base" name="base" namespace="urn:sample:base">
      <businessKnowledgeModel id="twice" name="twice"><encapsulatedLogic><formalParameter name="x"/><literalExpression><text>x * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel></definitions>`;
    const user = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="user" name="user" namespace="urn:sample:user">
      <import name="lib" namespace="urn:sample:base" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
      <decision id="four" name="four"><variable name="four"/><knowledgeRequirement><requiredKnowledge href="urn:sample:base#twice"/></knowledgeRequirement><literalExpression><text>lib.twice(n)</text></literalExpression></decision></definitions>`;
    await deploy(['user.dmn', user], ['base.dmn', base]);
    const four = async () =>
      harness.transactions.run(async (tx) => {
        const decision = await harness.runtime.decisions.getDecision(tx, { decisionId: 'four' });
        const { evaluation } = await harness.runtime.decisions.evaluate(tx, decision, {
          variables: { n: 2 },
          origin: null,
        });
        return { version: decision.version, output: evaluation.output };
      });
    expect(await four()).toEqual({ version: 1, output: 4 });
    await deploy(['user.dmn', user], ['base.dmn', base.replace('x * 2', 'x * 4')]);
    expect(await four()).toEqual({ version: 2, output: 8 });
  });
});
