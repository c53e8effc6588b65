// General rules of good BPMN, by bpmnlint with its rules handed over one by one: no resolver that reads packages, so the
// same code runs in a web worker. fake-join is left out, because a return leads back into the step itself, as people draw
// it. What bpmnlint says is English; the sentences here are ours.

import Linter from 'bpmnlint/lib/linter.js';
import endEventRequired from 'bpmnlint/rules/end-event-required.js';
import noDisconnected from 'bpmnlint/rules/no-disconnected.js';
import noDuplicateFlows from 'bpmnlint/rules/no-duplicate-sequence-flows.js';
import noJoinFork from 'bpmnlint/rules/no-gateway-join-fork.js';
import noImplicitEnd from 'bpmnlint/rules/no-implicit-end.js';
import noImplicitSplit from 'bpmnlint/rules/no-implicit-split.js';
import startEventRequired from 'bpmnlint/rules/start-event-required.js';
import superfluousGateway from 'bpmnlint/rules/superfluous-gateway.js';
import type { ModdleElement } from './moddle-element.ts';
import type { Severity, Text } from './types.ts';

interface GeneralRule {
  readonly rule: unknown;
  readonly severity: Severity;
  readonly message: Text;
  readonly fix: Text;
  /** What a one-click fix does, if there is one. */
  readonly act?: 'end' | 'remove';
}

const text = (vi: string, en: string): Text => ({ vi, en });

export const GENERAL_RULES: Readonly<Record<string, GeneralRule>> = {
  'start-event-required': {
    rule: startEventRequired,
    severity: 'error',
    message: text('Quy trình chưa có điểm bắt đầu.', 'The process has no start event.'),
    fix: text('Thêm một điểm bắt đầu.', 'Add a start event.'),
  },
  'end-event-required': {
    rule: endEventRequired,
    severity: 'error',
    message: text('Quy trình chưa có điểm kết thúc.', 'The process has no end event.'),
    fix: text('Thêm điểm kết thúc vào cuối mỗi nhánh.', 'Add an end to each branch.'),
  },
  'no-implicit-end': {
    rule: noImplicitEnd,
    severity: 'warning',
    message: text('Nhánh này dừng giữa chừng.', 'This branch stops in the middle.'),
    fix: text('Nối tiếp tới một bước, hoặc thêm điểm kết thúc.', 'Lead it on to a step, or add an end.'),
    act: 'end',
  },
  'no-disconnected': {
    rule: noDisconnected,
    severity: 'error',
    message: text('Phần tử đứng rời, không được nối.', 'The element is not connected.'),
    fix: text('Nối phần tử vào luồng, hoặc xoá đi.', 'Connect the element, or delete it.'),
    act: 'remove',
  },
  'no-duplicate-sequence-flows': {
    rule: noDuplicateFlows,
    severity: 'warning',
    message: text('Có hai đường nối giống nhau.', 'Two flows are the same.'),
    fix: text('Xoá bớt một đường nối.', 'Delete one of them.'),
  },
  'no-implicit-split': {
    rule: noImplicitSplit,
    severity: 'warning',
    message: text('Bước này tách thành nhiều nhánh mà không có cổng.', 'This step splits without a gateway.'),
    fix: text('Thêm cổng rẽ nhánh sau bước này.', 'Add a gateway behind the step.'),
  },
  'no-gateway-join-fork': {
    rule: noJoinFork,
    severity: 'warning',
    message: text('Cổng này vừa gộp vừa tách.', 'This gateway joins and splits at once.'),
    fix: text('Tách thành hai cổng.', 'Make two gateways of it.'),
  },
  'superfluous-gateway': {
    rule: superfluousGateway,
    severity: 'warning',
    message: text('Cổng này không có tác dụng.', 'This gateway does nothing.'),
    fix: text('Xoá cổng và nối thẳng.', 'Delete the gateway and connect directly.'),
  },
};

export interface GeneralFinding {
  readonly ruleId: string;
  readonly elementId: string | null;
}

export async function findGeneral(definitions: ModdleElement): Promise<readonly GeneralFinding[]> {
  const names = Object.keys(GENERAL_RULES);
  const linter = new Linter({
    config: { rules: Object.fromEntries(names.map((name) => [name, 'error'])) },
    resolver: {
      resolveRule: (_package, name) => GENERAL_RULES[name]?.rule,
      resolveConfig: (_package, name) => {
        throw new Error(`No configuration '${name}' is needed`);
      },
    },
  });
  const results = await linter.lint(definitions);
  return Object.entries(results).flatMap(([ruleId, reports]) =>
    reports.map(({ id }) => ({ ruleId, elementId: id ?? null })),
  );
}
