// Who, until when, under which condition: the phrases that the description of a flow and the list of changes share.

import { rolesIn } from './rules/role-resolvable.ts';
import {
  assignmentOf,
  dueDateOf,
  dueInOf,
  lateStepsOf,
  repetitionOf,
  timerOf,
  type Duration,
  type TimerText,
} from './steps.ts';
import type { FlowEdge, FlowNode } from './read-flow.ts';

export type Language = 'vi' | 'en';
type Pair = readonly [vi: string, en: string];

export const say = (language: Language, vi: string, en: string): string => (language === 'vi' ? vi : en);
const pick = (language: Language, pair: Pair): string => pair[language === 'vi' ? 0 : 1];

const ROLES: Readonly<Record<string, Pair>> = {
  leader: ['Lãnh đạo', 'A leader'],
  clerk: ['Văn thư', 'The clerk'],
  officer: ['Chuyên viên', 'An officer'],
  archivist: ['Lưu trữ', 'The archivist'],
  admin: ['Quản trị', 'The administrator'],
};
const PEOPLE: Readonly<Record<string, Pair>> = {
  drafterId: ['Người soạn thảo', 'The drafter'],
  signerId: ['Người ký', 'The signer'],
  leadId: ['Người chủ trì xử lý', 'The lead handler'],
};

export function whoText(node: FlowNode, language: Language): string | null {
  const assignment = assignmentOf(node);
  if (assignment === null) return null;
  const roles = rolesIn(assignment).map((role) => pick(language, ROLES[role] ?? [`vai trò ${role}`, `role ${role}`]));
  if (roles.length > 0) return roles.join(say(language, ' hoặc ', ' or '));
  const name = assignment.replace(/^=\s*/, '');
  return pick(language, PEOPLE[name] ?? [`Người theo “${name}”`, `Whoever “${name}” names`]);
}

const UNITS: readonly (readonly [RegExp, Pair])[] = [
  [/^P(\d+)Y/, ['năm', 'year']],
  [/^P(?:\d+Y)?(\d+)M/, ['tháng', 'month']],
  [/^P(\d+)W/, ['tuần', 'week']],
  [/^P(?:\d+[YM])*(\d+)D/, ['ngày', 'day']],
  [/T(\d+)H/, ['giờ', 'hour']],
  [/T(?:\d+H)?(\d+)M/, ['phút', 'minute']],
];

export function durationText({ value, calendar }: Duration, language: Language): string {
  const parts = UNITS.flatMap(([pattern, unit]) => {
    const count = pattern.exec(value)?.[1];
    if (count === undefined) return [];
    const plural = language === 'en' && count !== '1' ? 's' : '';
    return [`${count} ${pick(language, unit)}${plural}`];
  });
  const spelt = parts.length > 0 ? parts.join(' ') : `“${value.replace(/^=\s*/, '')}”`;
  return calendar === null ? spelt : say(language, `${spelt} làm việc`, `${spelt} of working time`);
}

export function deadlineText(node: FlowNode, language: Language): string | null {
  const due = dueInOf(node);
  if (due !== null)
    return say(language, `trong ${durationText(due, language)}`, `within ${durationText(due, language)}`);
  const date = dueDateOf(node)?.replace(/^=\s*/, '');
  return date === undefined ? null : say(language, `trước hạn “${date}”`, `before “${date}”`);
}

const ACTIONS: Readonly<Record<string, Pair>> = {
  remind: ['nhắc', 'remind'],
  escalate: ['báo cấp trên', 'escalate'],
  reassign: ['giao người khác', 'reassign'],
};

export function lateText(node: FlowNode, language: Language): string | null {
  const steps = lateStepsOf(node).map(({ after, from, action }) => {
    const time = durationText({ value: after ?? '', calendar: null }, language);
    const act = pick(language, ACTIONS[action ?? ''] ?? ['xử lý', 'act']);
    return from === 'due'
      ? say(language, `quá hạn ${time} thì ${act}`, `${act} when ${time} late`)
      : say(language, `sau ${time} thì ${act}`, `${act} after ${time}`);
  });
  return steps.length === 0 ? null : steps.join('; ');
}

export function timerPhrase(timer: TimerText, language: Language): string {
  if (timer.kind === 'date') {
    const date = timer.value.replace(/^=\s*/, '');
    const known = date === 'sendBy' ? say(language, 'hạn gửi', 'the latest time of sending') : `“${date}”`;
    return say(language, `đến ${known}`, `at ${known}`);
  }
  if (timer.kind === 'cycle') return say(language, `theo chu kỳ ${timer.value}`, `in the cycle ${timer.value}`);
  return say(language, `sau ${durationText(timer, language)}`, `after ${durationText(timer, language)}`);
}

export const timerOfText = (node: FlowNode, language: Language): string | null => {
  const timer = timerOf(node);
  return timer === null ? null : timerPhrase(timer, language);
};

const OUTCOMES: Readonly<Record<string, Pair>> = {
  'outcome = "return"': ['trả lại', 'returned'],
  'outcome = "refuse"': ['từ chối', 'refused'],
  'outcome = "approve"': ['đồng ý', 'approved'],
};

/** People name branches in their own words; the expression speaks only when they did not. */
export function conditionText(edge: FlowEdge, language: Language): string {
  if (edge.name !== null) return edge.name.toLocaleLowerCase(language === 'vi' ? 'vi' : 'en');
  const known = OUTCOMES[edge.condition ?? ''];
  return known === undefined ? (edge.condition ?? '') : pick(language, known);
}

export function repetitionText(node: FlowNode, language: Language): string | null {
  const repetition = repetitionOf(node);
  if (repetition === null) return null;
  const list = (repetition.collection ?? '').replace(/^=\s*/, '');
  const known: Pair =
    list === 'packages' ? ['từng nơi nhận', 'each recipient'] : [`từng mục của “${list}”`, `each of “${list}”`];
  return repetition.isSequential
    ? say(language, `lần lượt ${pick('vi', known)}`, `${pick('en', known)} in turn`)
    : say(language, `${pick('vi', known)}, cùng lúc`, `${pick('en', known)}, all at once`);
}
