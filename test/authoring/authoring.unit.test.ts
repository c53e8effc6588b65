// The authoring package on the shipped flows and on flows that people broke: no false alarm, every break named, words stable.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  applyFix,
  applyOperations,
  checkFlow,
  compareFlows,
  describeFlow,
  RULES,
  type FlowContext,
  type Problem,
} from '../../server/authoring/index.ts';

const read = (path: string): string => readFileSync(new URL(`../../workflows/${path}`, import.meta.url), 'utf8');
const OUTGOING = read('outgoing-document/outgoing-document.bpmn');
const SHIPPED = [
  ['outgoing-document', OUTGOING],
  ['incoming-document', read('incoming-document/incoming-document.bpmn')],
  ['deliver-package', read('parts/deliver-package.bpmn')],
] as const;

const CONTEXT: FlowContext = {
  roles: ['leader', 'clerk', 'officer'],
  documentTypes: ['quyet-dinh'],
  jobTypes: [
    'sign.number',
    'sign.verify',
    'dispatch.remind',
    'dispatch.package',
    'dispatch.send',
    'dispatch.track',
    'receive.verify',
    'receive.report-status',
    'archive.collect',
    'archive.close',
  ],
  formRefs: [
    'draft.prepare',
    'draft.review',
    'sign.personal',
    'sign.agency',
    'receive.register',
    'receive.assign',
    'receive.handle',
  ],
  calendars: ['gio-hanh-chinh'],
  messageKinds: [
    { name: 'handling-started', isExternal: false },
    { name: 'package-acknowledged', isExternal: true },
  ],
  processIds: ['deliver-package'],
};

const check = (content: string, context = CONTEXT): Promise<readonly Problem[]> =>
  checkFlow([{ name: 'flow.bpmn', content }], context);
const rulesAt = (problems: readonly Problem[]): readonly string[] =>
  problems
    .filter(({ ruleId }) => ruleId !== 'deadline-set')
    .map(({ ruleId, elementId }) => `${ruleId} ${elementId ?? ''}`);
const broken = (from: string | RegExp, to: string): string => {
  const changed = OUTGOING.replace(from, to);
  expect(changed).not.toBe(OUTGOING);
  return changed;
};

const APPROVAL_FLOW =
  '<bpmn:sequenceFlow id="Flow_Approved" name="Đồng ý" sourceRef="Gateway_Approved" targetRef="UserTask_Sign" />';

/** Generic approvals one behind the other, in front of the signature. */
function chainOfApprovals(count: number): string {
  const ids = Array.from({ length: count }, (_, index) => `UserTask_Extra${index + 1}`);
  const tasks = ids.map(
    (id) =>
      `<bpmn:userTask id="${id}" name="Thẩm định"><bpmn:extensionElements><zeebe:userTask /><zeebe:assignmentDefinition assignee="=signerId" /></bpmn:extensionElements></bpmn:userTask>`,
  );
  const path = ['Gateway_Approved', ...ids, 'UserTask_Sign'];
  const flows = path
    .slice(1)
    .map(
      (id, index) =>
        `<bpmn:sequenceFlow id="${index === 0 ? 'Flow_Approved' : `Flow_Extra${index}`}" sourceRef="${path[index] ?? ''}" targetRef="${id}" />`,
    );
  return [...tasks, ...flows].join('');
}

const BROKEN: readonly (readonly [expected: string, from: string, to: string])[] = [
  [
    'sign-before-number ServiceTask_AllocateNumber',
    'targetRef="UserTask_Sign"',
    'targetRef="ServiceTask_AllocateNumber"',
  ],
  [
    'seal-after-sign UserTask_Seal',
    'sourceRef="Gateway_Signed" targetRef="ServiceTask_AllocateNumber"',
    'sourceRef="Gateway_Signed" targetRef="UserTask_Seal"',
  ],
  [
    'number-before-send ServiceTask_Package',
    'sourceRef="ServiceTask_AllocateNumber" targetRef="UserTask_Seal"',
    'sourceRef="ServiceTask_AllocateNumber" targetRef="ServiceTask_VerifySignatures"',
  ],
  [
    'ends-decided EndEvent_Archived',
    'sourceRef="Gateway_Fork" targetRef="ServiceTask_Package"',
    'sourceRef="Gateway_Fork" targetRef="Gateway_Join"',
  ],
  ['verify-before-send UserTask_Seal', 'type="sign.verify"', 'type="archive.collect"'],
  ['role-resolvable UserTask_Draft', '<zeebe:assignmentDefinition assignee="=drafterId" />', ''],
  ['role-resolvable UserTask_Review', ':leader', ':minister'],
  ['no-self-approve UserTask_Review', 'candidateGroups="=[agencyId + &#34;:leader&#34;]"', 'assignee="=drafterId"'],
  [
    'review-is-heeded UserTask_Sign',
    'sourceRef="UserTask_Sign" targetRef="Gateway_Signed"',
    'sourceRef="UserTask_Sign" targetRef="ServiceTask_AllocateNumber"',
  ],
  ['default-branch Gateway_Approved', ' default="Flow_Approved"', ''],
  ['job-type-known ServiceTask_Package', 'type="dispatch.package"', 'type="dispatch.pack"'],
  ['form-known UserTask_Sign', 'tram:sign.personal', 'tram:sing.personal'],
  ['called-process-known CallActivity_Deliver', 'processId="deliver-package"', 'processId="deliver"'],
  ['type-exists Flow_Returned', '=outcome = "return"', '=documentTypeId = "sắc-lệnh" and outcome = "return"'],
  ['urgency-known Flow_Returned', '=outcome = "return"', '=urgency = "khẩn" and outcome = "return"'],
  [
    'end-named EndEvent_Archived',
    '<bpmn:endEvent id="EndEvent_Archived" name="Đã lưu trữ" />',
    '<bpmn:endEvent id="EndEvent_Archived" />',
  ],
  ['step-named UserTask_Seal', ' name="Đóng dấu"', ''],
  ['text-verb-first UserTask_Seal', 'name="Đóng dấu"', 'name="Văn thư"'],
  [
    'no-disconnected UserTask_Extra',
    '<bpmn:sequenceFlow id="Flow_Start"',
    '<bpmn:userTask id="UserTask_Extra" name="Góp ý"><bpmn:extensionElements><zeebe:userTask /><zeebe:assignmentDefinition assignee="=signerId" /></bpmn:extensionElements></bpmn:userTask><bpmn:sequenceFlow id="Flow_Start"',
  ],
  ['valid-expressions Flow_Returned', '=outcome = "return"', '=outcome ='],
  [
    'calendar-known UserTask_Draft',
    '<zeebe:userTask />',
    '<zeebe:userTask /><tram:dueIn xmlns:tram="http://tram.vn/schema/1.0" duration="P1D" calendar="âm-lịch" />',
  ],
  [
    'loop-has-exit UserTask_Draft',
    'sourceRef="Gateway_Approved" targetRef="UserTask_Sign"',
    'sourceRef="Gateway_Approved" targetRef="UserTask_Draft"',
  ],
  [
    'message-known CatchEvent_Stray',
    '<bpmn:process id="outgoing-document" name="Văn bản đi" isExecutable="true">',
    '<bpmn:message id="Message_Stray" name="stray" /><bpmn:process id="outgoing-document" name="Văn bản đi" isExecutable="true"><bpmn:intermediateCatchEvent id="CatchEvent_Stray" name="Lạ"><bpmn:messageEventDefinition messageRef="Message_Stray" /></bpmn:intermediateCatchEvent>',
  ],
  ['max-approvals UserTask_Extra5', APPROVAL_FLOW, chainOfApprovals(5)],
];

const flowOf = (elements: string, path: readonly (readonly [source: string, target: string])[]): string => {
  const flows = path.map(
    ([source, target], index) => `<bpmn:sequenceFlow id="F${index}" sourceRef="${source}" targetRef="${target}" />`,
  );
  return `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="hard">
    <bpmn:process id="hard" isExecutable="true"><bpmn:startEvent id="S" />${elements}${flows.join('')}</bpmn:process>
  </bpmn:definitions>`;
};
const END = '<bpmn:endEvent id="E" name="Đã phát hành" />';
const steps = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `T${index}`);
const inRow = (ids: readonly string[]): readonly (readonly [string, string])[] =>
  ids.slice(1).map((id, index) => [ids[index] ?? '', id]);
const manual = (ids: readonly string[]): string =>
  ids.map((id) => `<bpmn:manualTask id="${id}" name="Soạn thảo" />`).join('');

/** Flows whose number of paths, order in the file or loops make a careless analysis run for minutes. */
const HARD: readonly (readonly [name: string, content: string, expected: readonly string[]])[] = [
  [
    'a long flow that is written from its end to its beginning',
    flowOf(END + manual([...steps(2_000)].reverse()), inRow(['S', ...steps(2_000), 'E'])),
    [],
  ],
  [
    'a flow with more paths than anybody can follow',
    flowOf(
      END +
        steps(40)
          .map((id) => `<bpmn:inclusiveGateway id="${id}" /><bpmn:inclusiveGateway id="M${id}" />`)
          .join('') +
        steps(40)
          .flatMap((id) => [`A${id}`, `B${id}`])
          .map((id) => `<bpmn:userTask id="${id}" name="Duyệt" />`)
          .join(''),
      [
        ['S', 'T0'],
        ...steps(40).flatMap((id, index): readonly (readonly [string, string])[] => [
          [id, `A${id}`],
          [id, `B${id}`],
          [`A${id}`, `M${id}`],
          [`B${id}`, `M${id}`],
          [`M${id}`, index === 39 ? 'E' : `T${index + 1}`],
        ]),
      ],
    ),
    ['deadline-set', 'default-branch', 'gateway-conditions', 'max-approvals', 'role-resolvable'],
  ],
  [
    'a long loop without an exit',
    flowOf(manual(steps(1_000)), inRow(['S', ...steps(1_000), 'T0'])),
    ['end-event-required', 'loop-has-exit', 'no-endless-loop'],
  ],
];

describe('checking a flow', () => {
  it.each(SHIPPED)('%s has no error and no warning but deadlines that people may leave open', async (_name, xml) => {
    expect(rulesAt(await check(xml))).toEqual([]);
  });

  it.each(BROKEN)('%s is found in the broken flow, with a way to mend it', async (expected, from, to) => {
    const problems = await check(broken(from, to));

    expect(rulesAt(problems)).toContain(expected);
    expect(
      problems.every(({ message, fix }) => message.vi.length > 10 && message.en.length > 10 && fix.vi.length > 10),
    ).toBe(true);
  });

  it('a flow that sends without any step of signing is found', async () => {
    const xml = OUTGOING.replace(
      'sourceRef="UserTask_Draft" targetRef="UserTask_Review"',
      'sourceRef="UserTask_Draft" targetRef="ServiceTask_Package"',
    )
      .replace('tram:sign.personal', 'tram:receive.handle')
      .replace('tram:sign.agency', 'tram:receive.handle')
      .replace('type="sign.number"', 'type="archive.collect"');
    expect(rulesAt(await check(xml))).toContain('number-before-send ServiceTask_Package');
  });

  it('a signature that only a way back brings is not certain', async () => {
    const task = (id: string, extension: string): string =>
      `<bpmn:userTask id="${id}" name="Ký"><bpmn:extensionElements>${extension}</bpmn:extensionElements></bpmn:userTask>`;
    const content = flowOf(
      END +
        '<bpmn:parallelGateway id="P" />' +
        task(
          'Sign',
          '<zeebe:formDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" externalReference="tram:sign.personal" />',
        ) +
        task('Number', '<zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="sign.number" />'),
      [
        ['S', 'P'],
        ['P', 'Sign'],
        ['Sign', 'P'],
        ['P', 'Number'],
        ['Number', 'E'],
      ],
    );
    expect(rulesAt(await check(content))).toContain('sign-before-number Number');
  });

  it('every rule is shown by a broken flow', () => {
    const shown = new Set(['deadline-set', 'receive-has-timer', ...BROKEN.map(([expected]) => expected.split(' ')[0])]);
    expect(RULES.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it('a wait for another agency without a timer is found, and the fix mends it', async () => {
    const xml = read('parts/deliver-package.bpmn')
      .replace(/<bpmn:boundaryEvent[\s\S]*?<\/bpmn:boundaryEvent>/, '')
      .replace(/<bpmn:sequenceFlow id="Flow_Silent"[^>]*>/, '');
    const found = (await check(xml)).find(({ ruleId }) => ruleId === 'receive-has-timer');
    expect(found?.elementId).toBe('ReceiveTask_Acknowledged');

    const mended = await applyOperations(xml, applyFix(found?.fixId ?? ''));

    expect((await check(mended)).map(({ ruleId }) => ruleId)).not.toContain('receive-has-timer');
  });

  it('the fix of a missing default and of a missing deadline mends both', async () => {
    const xml = broken(' default="Flow_Approved"', '');
    const fixes = (await check(xml)).flatMap(({ fixId }) => fixId ?? []);
    expect(fixes).toContain('default-branch/Gateway_Approved/Flow_Approved');

    const mended = await applyOperations(
      xml,
      fixes.flatMap((fixId) => applyFix(fixId)),
    );

    expect(await check(mended)).toEqual([]);
  });

  it('catalogues that are not given are not checked against', async () => {
    expect(rulesAt(await checkFlow([{ name: 'a.bpmn', content: OUTGOING }], {}))).toEqual([]);
  });

  it.each([
    ['text that is no XML', 'xin chào'],
    ['a truncated file', OUTGOING.slice(0, 4000)],
  ])('%s is one clear error', async (_name, content) => {
    const problems = await check(content);
    expect(problems.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([['readable-xml', 'error']]);
  });

  it.each(HARD)('%s is judged', async (_name, content, expected) => {
    expect([...new Set((await check(content)).map(({ ruleId }) => ruleId))].sort()).toEqual(expected);
    expect((await describeFlow(content)).ok).toBe(true);
  });

  it('subprocesses that are nested without end are one clear error', async () => {
    const content = flowOf(`${'<bpmn:subProcess>'.repeat(3_000)}${'</bpmn:subProcess>'.repeat(3_000)}`, []);
    const problems = await check(content);
    expect(problems.map(({ ruleId, message }) => [ruleId, message.vi])).toEqual([
      ['model-size', 'Quy trình con lồng nhau quá sâu; tối đa 50 tầng.'],
    ]);
  });

  it('a file of 20,000 elements is refused with its size', async () => {
    const tasks = Array.from({ length: 20_000 }, (_, index) => `<bpmn:task id="T${index}" />`).join('');
    const problems = await check(OUTGOING.replace('<bpmn:startEvent', `${tasks}<bpmn:startEvent`));
    expect(problems.map(({ ruleId }) => ruleId)).toEqual(['model-size']);
  });
});

describe('a flow in words', () => {
  it.each(SHIPPED)('%s reads as its committed text', async (name, xml) => {
    const described = await describeFlow(xml);
    if (!described.ok) throw new Error('unreadable');
    const lines = described.value.sentences.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
      `../../workflows/${name === 'deliver-package' ? 'parts' : name}/${name}.vi.txt`,
    );
  });

  it('every node of the flow is in a sentence, but merges', async () => {
    const described = await describeFlow(OUTGOING, { language: 'en' });
    if (!described.ok) throw new Error('unreadable');
    const told = new Set(described.value.sentences.flatMap(({ elementIds }) => elementIds));
    const ids = [...OUTGOING.matchAll(/<bpmn:(?:\w*Task|\w+Event|\w*Gateway|callActivity) id="([^"]+)"/g)].map(
      ([, id]) => id ?? '',
    );
    expect(ids.filter((id) => !told.has(id))).toEqual([]);
  });
});

describe('comparing flows', () => {
  it('a flow is equal to itself', async () => {
    const compared = await compareFlows(OUTGOING, OUTGOING);
    expect(compared).toEqual({
      ok: true,
      value: { added: [], removed: [], changed: [], layoutChanged: [], changes: [] },
    });
  });

  it.each([
    ['person', ':leader', ':clerk', 'Bước “Duyệt dự thảo”: người làm đổi từ “Lãnh đạo” thành “Văn thư”.'],
    [
      'condition',
      'outcome = "return"',
      'outcome = "refuse"',
      'Điều kiện của đường từ “Duyệt?” đổi từ “trả lại (outcome = "return")” thành “trả lại (outcome = "refuse")”.',
    ],
    [
      'step',
      'name="Đóng dấu"',
      'name="Ký số cơ quan"',
      'Bước “Ký số cơ quan”: tên đổi từ “Đóng dấu” thành “Ký số cơ quan”.',
    ],
    [
      'deadline',
      '<zeebe:assignmentDefinition assignee="=signerId" />',
      '<zeebe:assignmentDefinition assignee="=signerId" /><zeebe:taskSchedule dueDate="=signBy" />',
      'Bước “Ký số”: thời hạn đổi từ “không có” thành “trước hạn “signBy””.',
    ],
  ])('a change of %s is told in a sentence', async (kind, from, to, sentence) => {
    const compared = await compareFlows(OUTGOING, broken(from, to));
    if (!compared.ok) throw new Error('unreadable');
    expect(compared.value.changes.map((change) => [change.kind, change.text.vi])).toEqual([[kind, sentence]]);
    expect(compared.value.changed.length).toBeGreaterThan(0);
  });
});
