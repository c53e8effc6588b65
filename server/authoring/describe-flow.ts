// A flow in words: one sentence per step, in the order in which the flow is walked, each linked to its shapes. The same file
// gives the same text, so it serves as the text alternative of the diagram and in comparisons.

import { err, ok, type Result } from '../shared/result.ts';
import {
  conditionText,
  deadlineText,
  lateText,
  repetitionText,
  say,
  timerOfText,
  whoText,
  type Language,
} from './phrases.ts';
import { readFlow, type FlowEdge, type FlowNode, type FlowProcess, type ReadRefusal } from './read-flow.ts';
import { calledProcessOf, decisionOf, isBoundary, isEnd, isInterrupting, messageOf } from './steps.ts';
import { walk } from './walk.ts';

export interface Sentence {
  /** null for sentences that nobody refers to, such as the beginning. */
  readonly number: number | null;
  readonly depth: number;
  readonly elementIds: readonly string[];
  readonly text: string;
}

export interface Description {
  readonly sentences: readonly Sentence[];
}

export interface DescribeOptions {
  readonly language?: Language;
}

export async function describeFlow(
  xml: string,
  { language = 'vi' }: DescribeOptions = {},
): Promise<Result<Description, ReadRefusal>> {
  const read = await readFlow(xml);
  if (!read.ok) return err(read.error);
  const processes = read.value.processes.filter((process) => process.isExecutable);
  return ok({ sentences: processes.flatMap((process) => describeProcess(process, language)) });
}

interface Plan {
  readonly language: Language;
  readonly order: readonly FlowNode[];
  readonly numbers: ReadonlyMap<FlowNode, number>;
}

function describeProcess(process: FlowProcess, language: Language): readonly Sentence[] {
  const order = walk(process);
  const told = order.filter(isTold);
  const plan: Plan = { language, order, numbers: new Map(told.map((node, index) => [node, index + 1])) };
  return order.flatMap((node) => sentenceOf(node, plan) ?? []);
}

/** Merges and the start are not steps; whatever leads to a merge names what comes behind it. */
const isTold = (node: FlowNode): boolean => node.type !== 'bpmn:StartEvent' && !isMerge(node);
const isMerge = (node: FlowNode): boolean =>
  node.type.endsWith('Gateway') && node.type !== 'bpmn:ParallelGateway' && node.outgoing.length === 1;
const isJoin = (node: FlowNode): boolean =>
  node.type === 'bpmn:ParallelGateway' && node.outgoing.length === 1 && node.incoming.length > 1;

function sentenceOf(node: FlowNode, plan: Plan): Sentence | null {
  const { language, numbers } = plan;
  const number = numbers.get(node) ?? null;
  if (number === null && node.type !== 'bpmn:StartEvent') return null;
  const core = coreText(node, plan);
  const ahead = aheadText(node, plan);
  const doc = documentationOf(node);
  const text = `${core}${doc === null ? '' : ` [${doc}]`}${ahead === null ? '' : `; ${ahead}`}.`;
  const edges = node.type.endsWith('Gateway') ? node.outgoing.map((edge) => edge.id) : [];
  const sentence = number === null ? text : `${number}. ${text}`;
  return {
    number,
    depth: depthOf(node),
    elementIds: [node.id, ...edges],
    text: language === 'vi' ? sentence.normalize('NFC') : sentence,
  };
}

const depthOf = (node: FlowNode): number => (isBoundary(node) ? 1 : 0) + (node.parentId === null ? 0 : 1);

const lower = (text: string): string => text.charAt(0).toLocaleLowerCase('vi') + text.slice(1);
const nameOr = (node: FlowNode, language: Language): string =>
  node.name ?? say(language, '(bước chưa đặt tên)', '(a step without a name)');
const isMonogram = (text: string): boolean => /^[A-ZĐ]{2}/.test(text);
const asAct = (node: FlowNode, language: Language): string => {
  const name = nameOr(node, language);
  return isMonogram(name) ? name : lower(name);
};

function documentationOf({ element }: FlowNode): string | null {
  const list = element.get('documentation');
  const first: unknown = Array.isArray(list) ? list[0] : null;
  if (typeof first !== 'object' || first === null || !('text' in first) || typeof first.text !== 'string') return null;
  return first.text.trim().split('\n')[0] ?? null;
}

function coreText(node: FlowNode, plan: Plan): string {
  const { language } = plan;
  const act = asAct(node, language);
  if (node.type === 'bpmn:StartEvent') return say(language, `Bắt đầu khi ${act}`, `It begins when: ${act}`);
  if (isEnd(node)) return say(language, `Kết thúc: ${nameOr(node, language)}`, `The end: ${nameOr(node, language)}`);
  if (isBoundary(node)) return boundaryText(node, language);
  if (node.type.endsWith('Gateway')) return gatewayText(node, plan);
  return stepText(node, act, language);
}

function stepText(node: FlowNode, act: string, language: Language): string {
  const extras = [deadlineText(node, language), repetitionText(node, language), lateText(node, language)].filter(
    (part) => part !== null,
  );
  const tail = extras.length === 0 ? '' : `, ${extras.join(', ')}`;
  switch (node.type) {
    case 'bpmn:UserTask': {
      const who = whoText(node, language) ?? say(language, 'Chưa rõ ai', 'Nobody yet');
      return say(language, `${who} ${act}${tail}`, `${who}: ${act}${tail}`);
    }
    case 'bpmn:ReceiveTask':
      return say(language, `Chờ: ${act}${tail}`, `Wait: ${act}${tail}`);
    case 'bpmn:IntermediateCatchEvent': {
      const time = timerOfText(node, language);
      if (time !== null) return say(language, `Chờ ${time} (${act})`, `Wait: ${time} (${act})`);
      return say(
        language,
        `Chờ thông điệp “${node.name ?? messageOf(node) ?? ''}”`,
        `Wait for the message “${node.name ?? messageOf(node) ?? ''}”`,
      );
    }
    case 'bpmn:CallActivity':
      return say(
        language,
        `Thực hiện quy trình con “${calledProcessOf(node) ?? ''}” để ${act}${tail}`,
        `Run the process “${calledProcessOf(node) ?? ''}”: ${act}${tail}`,
      );
    case 'bpmn:BusinessRuleTask':
      return say(
        language,
        `Theo bảng quy tắc “${decisionOf(node) ?? ''}”: ${act}`,
        `By the table “${decisionOf(node) ?? ''}”: ${act}`,
      );
    case 'bpmn:SubProcess':
      return say(language, `Thực hiện nhóm bước “${act}”${tail}`, `Do the group of steps “${act}”${tail}`);
    default:
      return say(language, `Hệ thống ${act}${tail}`, `The system: ${act}${tail}`);
  }
}

function boundaryText(node: FlowNode, language: Language): string {
  const time = timerOfText(node, language);
  const when = time ?? say(language, `xảy ra “${nameOr(node, language)}”`, `“${nameOr(node, language)}” happens`);
  if (isInterrupting(node)) {
    return say(
      language,
      `Nếu ${when} bước trên chưa xong thì dừng bước đó`,
      `If the step above is not done ${when}, it is stopped`,
    );
  }
  return say(
    language,
    `Nếu ${when} bước trên chưa xong thì làm thêm việc sau, bước đó vẫn tiếp tục`,
    `If the step above is not done ${when}, this is done besides, and the step goes on`,
  );
}

function gatewayText(node: FlowNode, plan: Plan): string {
  const { language } = plan;
  if (isJoin(node)) return say(language, 'Khi tất cả các nhánh xong', 'When all branches are done');
  const targets = node.outgoing.map((edge) => targetText(node, edge, plan));
  if (node.type === 'bpmn:ParallelGateway')
    return `${say(language, 'Đồng thời', 'At the same time')}: ${targets.join('; ')}`;
  if (node.type === 'bpmn:EventBasedGateway') {
    return `${say(language, 'Chờ việc nào xảy ra trước', 'Wait for what happens first')}: ${targets.join(say(language, ' hoặc ', ' or '))}`;
  }
  const sorted = [...node.outgoing].sort((a, b) => Number(a.isDefault) - Number(b.isDefault));
  const branches = sorted.map((edge) => {
    const to = targetText(node, edge, plan);
    if (!edge.isDefault)
      return say(
        language,
        `nếu ${conditionText(edge, language)} → ${to}`,
        `if ${conditionText(edge, language)} → ${to}`,
      );
    const name = edge.name === null ? '' : ` (${lower(edge.name)})`;
    return say(language, `còn lại${name} → ${to}`, `otherwise${name} → ${to}`);
  });
  const head =
    node.type === 'bpmn:InclusiveGateway'
      ? say(language, 'Làm những việc đúng điều kiện', 'Do what applies')
      : nameOr(node, language);
  return `${head} ${branches.join('; ')}`;
}

/** The step that people go to next: merges are passed through. */
function resolveTarget(node: FlowNode): FlowNode {
  let at = node;
  for (let hops = 0; hops < 50 && isMerge(at); hops += 1) at = at.outgoing[0]?.target ?? at;
  return at;
}

function targetText(from: FlowNode, edge: FlowEdge, { language, order, numbers }: Plan): string {
  const target = resolveTarget(edge.target);
  const number = numbers.get(target);
  if (number === undefined) return nameOr(target, language);
  const isBack = order.indexOf(target) <= order.indexOf(from);
  return isBack
    ? say(language, `quay lại bước ${number}`, `back to step ${number}`)
    : say(language, `bước ${number}`, `step ${number}`);
}

/** Said only where the next sentence is not the next step. */
function aheadText(node: FlowNode, plan: Plan): string | null {
  if (node.type.endsWith('Gateway') && node.outgoing.length !== 1) return null;
  const [edge] = node.outgoing;
  if (edge === undefined) return null;
  const target = resolveTarget(edge.target);
  const number = plan.numbers.get(node) ?? 0;
  if (plan.numbers.get(target) === number + 1) return null;
  const to = targetText(node, edge, plan);
  return say(plan.language, `sau đó ${to.startsWith('quay') ? to : `sang ${to}`}`, `then ${to}`);
}
