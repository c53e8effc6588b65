// What changed between two versions, in words that an official can sign: bpmn-js-differ says which elements came, went and
// moved; who, until when, which condition and which screen are compared by their meaning.

import { diff } from 'bpmn-js-differ';
import { err, ok, type Result } from '../shared/result.ts';
import { conditionText, deadlineText, lateText, timerOfText, whoText, type Language } from './phrases.ts';
import { readFlow, type FlowEdge, type FlowFile, type FlowNode, type ReadRefusal } from './read-flow.ts';
import { calledProcessOf, formIdOf, formRefOf, jobTypeOf } from './steps.ts';
import type { Text } from './types.ts';

export type ChangeKind = 'step' | 'condition' | 'deadline' | 'person' | 'other';

export interface FlowChange {
  readonly elementId: string;
  readonly kind: ChangeKind;
  readonly text: Text;
}

export interface FlowComparison {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  readonly layoutChanged: readonly string[];
  readonly changes: readonly FlowChange[];
}

export async function compareFlows(before: string, after: string): Promise<Result<FlowComparison, ReadRefusal>> {
  const [old, young] = [await readFlow(before), await readFlow(after)];
  if (!old.ok) return err(old.error);
  if (!young.ok) return err(young.error);
  const found = diff(old.value.definitions, young.value.definitions);
  const changes = [
    ...comings(old.value, young.value),
    ...nodeChanges(old.value, young.value),
    ...edgeChanges(old.value, young.value),
  ];
  const added = Object.keys(found._added);
  const removed = Object.keys(found._removed);
  const meant = changes.map(({ elementId }) => elementId).filter((id) => !added.includes(id) && !removed.includes(id));
  return ok({
    added,
    removed,
    changed: [...new Set([...Object.keys(found._changed), ...meant])],
    layoutChanged: Object.keys(found._layoutChanged),
    changes,
  });
}

const quoted = (node: FlowNode): string => `“${node.name ?? node.id}”`;

function comings(old: FlowFile, young: FlowFile): readonly FlowChange[] {
  const added = [...young.byId.values()].filter((node) => !old.byId.has(node.id));
  const removed = [...old.byId.values()].filter((node) => !young.byId.has(node.id));
  return [
    ...added.map((node) => step(node, { vi: `Thêm ${quoted(node)}.`, en: `Added ${quoted(node)}.` })),
    ...removed.map((node) => step(node, { vi: `Bỏ ${quoted(node)}.`, en: `Removed ${quoted(node)}.` })),
  ];
}

const step = (node: FlowNode, text: Text): FlowChange => ({ elementId: node.id, kind: 'step', text });

interface Aspect {
  readonly kind: ChangeKind;
  readonly label: Text;
  readonly read: (node: FlowNode, language: Language) => string | null;
}

const ASPECTS: readonly Aspect[] = [
  { kind: 'step', label: { vi: 'tên', en: 'the name' }, read: (node) => node.name },
  { kind: 'person', label: { vi: 'người làm', en: 'who does it' }, read: whoText },
  { kind: 'deadline', label: { vi: 'thời hạn', en: 'the deadline' }, read: deadlineText },
  { kind: 'deadline', label: { vi: 'xử lý trễ hạn', en: 'what happens when late' }, read: lateText },
  { kind: 'deadline', label: { vi: 'hẹn giờ', en: 'the timer' }, read: timerOfText },
  { kind: 'other', label: { vi: 'mẫu', en: 'the screen' }, read: (node) => formRefOf(node) ?? formIdOf(node) },
  { kind: 'other', label: { vi: 'việc của hệ thống', en: 'the work' }, read: jobTypeOf },
  { kind: 'other', label: { vi: 'quy trình con', en: 'the called process' }, read: calledProcessOf },
];

function nodeChanges(old: FlowFile, young: FlowFile): readonly FlowChange[] {
  return [...young.byId.values()].flatMap((now) => {
    const was = old.byId.get(now.id);
    if (was === undefined) return [];
    return ASPECTS.flatMap(({ kind, label, read }) => {
      if (read(was, 'vi') === read(now, 'vi')) return [];
      const from = { vi: read(was, 'vi') ?? 'không có', en: read(was, 'en') ?? 'none' };
      const to = { vi: read(now, 'vi') ?? 'không có', en: read(now, 'en') ?? 'none' };
      const vi = `Bước ${quoted(now)}: ${label.vi} đổi từ “${from.vi}” thành “${to.vi}”.`;
      const en = `Step ${quoted(now)}: ${label.en} changed from “${from.en}” to “${to.en}”.`;
      return [{ elementId: now.id, kind, text: { vi, en } }];
    });
  });
}

const edgesOf = (flow: FlowFile): ReadonlyMap<string, FlowEdge> =>
  new Map(flow.processes.flatMap(({ edges }) => edges.map((edge) => [edge.id, edge] as const)));

function edgeChanges(old: FlowFile, young: FlowFile): readonly FlowChange[] {
  const before = edgesOf(old);
  return [...edgesOf(young).values()].flatMap((now) => {
    const was = before.get(now.id);
    if (was === undefined) return [];
    const place = { vi: `từ ${quoted(now.source)}`, en: `from ${quoted(now.source)}` };
    const changes: FlowChange[] = [];
    if (was.condition !== now.condition || was.name !== now.name || was.isDefault !== now.isDefault) {
      changes.push({ elementId: now.id, kind: 'condition', text: conditionChange(was, now, place) });
    }
    if (was.target.id !== now.target.id || was.source.id !== now.source.id) {
      const vi = `Đường ${place.vi} nay dẫn tới ${quoted(now.target)} thay vì ${quoted(was.target)}.`;
      const en = `The flow ${place.en} now leads to ${quoted(now.target)} instead of ${quoted(was.target)}.`;
      changes.push({ elementId: now.id, kind: 'step', text: { vi, en } });
    }
    return changes;
  });
}

function conditionChange(was: FlowEdge, now: FlowEdge, place: Text): Text {
  const spell = (edge: FlowEdge, language: Language): string => {
    const words = conditionText(edge, language);
    const expression = edge.condition === null ? '' : ` (${edge.condition})`;
    if (edge.isDefault) return language === 'vi' ? 'còn lại' : 'otherwise';
    return edge.name === null ? words : `${words}${expression}`;
  };
  return {
    vi: `Điều kiện của đường ${place.vi} đổi từ “${spell(was, 'vi')}” thành “${spell(now, 'vi')}”.`,
    en: `The condition of the flow ${place.en} changed from “${spell(was, 'en')}” to “${spell(now, 'en')}”.`,
  };
}
