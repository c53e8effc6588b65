// The legal order of a document: signed by a person, numbered, sealed by the agency, sent. Three rules, one analysis of all
// paths: what stands before a step on only some paths does not count.

import type { FlowNode } from '../read-flow.ts';
import { formRefOf } from '../steps.ts';
import { factOf, findCertain, type Fact } from '../signing-path.ts';
import type { Text } from '../types.ts';
import { finding, labelOf, text, type Rule, type RuleInput } from './rule.ts';

interface Order {
  readonly id: string;
  readonly step: Fact;
  readonly needs: readonly Fact[];
  readonly message: (node: FlowNode) => Text;
  readonly fix: Text;
  readonly why: string;
}

const BEFORE_SENDING: ReadonlySet<Fact | null> = new Set<Fact>(['signed', 'numbered', 'sealed']);
const isOfDocument = (node: FlowNode): boolean =>
  BEFORE_SENDING.has(factOf(node)) || formRefOf(node)?.startsWith('draft.') === true;

const orderRule = ({ id, step, needs, message, fix, why }: Order): Rule => ({
  id,
  severity: 'error',
  fix,
  why,
  check: ({ process, flow }: RuleInput) => {
    const { before } = findCertain(process, flow);
    // A part that only sends begins with what its caller has done; a flow that drafts or signs answers for all of it.
    if (!process.nodes.some((node) => isOfDocument(node))) return [];
    return process.nodes
      .filter((node) => factOf(node) === step)
      .filter((node) => needs.some((fact) => before.get(node)?.has(fact) === false))
      .map((node) => finding(node, message(node)));
  },
});

export const signBeforeNumber = orderRule({
  id: 'sign-before-number',
  step: 'numbered',
  needs: ['signed'],
  message: (node) =>
    text(
      `Có đường đi tới ${labelOf(node)} mà chưa qua ký số của người có thẩm quyền.`,
      `A path reaches ${labelOf(node)} without the signature of a person.`,
    ),
  fix: text(
    'Đặt bước ký số trước bước cấp số, trên mọi nhánh.',
    'Put the signature before the number, on every branch.',
  ),
  why: 'A number is given to a signed document only (NĐ 30/2020 Đ14, Đ15).',
});

export const sealAfterNumber = orderRule({
  id: 'seal-after-sign',
  step: 'sealed',
  needs: ['signed', 'numbered'],
  message: (node) =>
    text(
      `Có đường đi tới ${labelOf(node)} mà văn bản chưa được ký và cấp số.`,
      `A path reaches ${labelOf(node)} with a document that is not signed and numbered.`,
    ),
  fix: text(
    'Đặt bước đóng dấu sau ký số và cấp số, trên mọi nhánh.',
    'Put the seal behind signature and number, on every branch.',
  ),
  why: 'The signature of the agency covers the number and the date (NĐ 30/2020 Đ14, Đ17).',
});

export const numberBeforeSend = orderRule({
  id: 'number-before-send',
  step: 'sent',
  needs: ['signed', 'numbered', 'sealed'],
  message: (node) =>
    text(
      `Có đường đi tới ${labelOf(node)} mà văn bản chưa đủ chữ ký, số và dấu.`,
      `A path reaches ${labelOf(node)} with a document that lacks signature, number or seal.`,
    ),
  fix: text(
    'Chỉ gửi sau khi ký số, cấp số và đóng dấu, trên mọi nhánh.',
    'Send only behind signature, number and seal, on every branch.',
  ),
  why: 'Only a document with both signatures is an original (QĐ 28/2018 Đ5; NĐ 30/2020 Đ5).',
});
