// Every finding about the files of one flow: the engine's own checks, general BPMN, and the rules of the domain. The same
// call answers in the browser while somebody draws and on the server before anything is published; the server decides.

import { compileDefinitions } from '../engine/index.ts';
import { findGeneral, GENERAL_RULES } from './bpmn-rules.ts';
import { checkDecision } from './check-decision.ts';
import { ENGINE_TEXTS, UNKNOWN_RULE } from './engine-texts.ts';
import { readFlow, type FlowFile, type ReadRefusal } from './read-flow.ts';
import { RULES } from './rules/index.ts';
import type { FlowContext, Problem, Resource, Text } from './types.ts';

export async function checkFlow(
  resources: readonly Resource[],
  context: FlowContext = {},
): Promise<readonly Problem[]> {
  const found = await Promise.all(resources.map(async (resource) => checkResource(resource, context)));
  return found.flat();
}

async function checkResource(resource: Resource, context: FlowContext): Promise<readonly Problem[]> {
  if (/\.dmn$/i.test(resource.name)) return checkDecision(resource);
  if (/\.(form|json)$/i.test(resource.name)) return checkForm(resource);
  const read = await readFlow(resource.content);
  if (!read.ok) return [refusedProblem(resource, read.error)];
  const [engine, general] = await Promise.all([engineProblems(resource), generalProblems(resource, read.value)]);
  const domain = domainProblems(resource, read.value, context);
  // The engine and a rule of ours may see the same missing default; ours says it better and can mend it.
  const mended = new Set(domain.filter(({ ruleId }) => ruleId === 'default-branch').map(({ elementId }) => elementId));
  return [
    ...engine.filter(({ ruleId, elementId }) => ruleId !== 'gateway-conditions' || !mended.has(elementId)),
    ...general,
    ...domain,
  ];
}

function refusedProblem({ name }: Resource, refusal: ReadRefusal): Problem {
  const ruleId = refusal.kind === 'unreadable' ? 'readable-xml' : 'model-size';
  const known = ENGINE_TEXTS[ruleId] ?? UNKNOWN_RULE;
  return { ruleId, severity: 'error', resource: name, message: textOfRefusal(refusal, known.vi), fix: known.fix };
}

function textOfRefusal(refusal: ReadRefusal, unreadable: string): Text {
  switch (refusal.kind) {
    case 'unreadable':
      return {
        vi: `${unreadable} (${refusal.detail})`,
        en: `The file is not readable BPMN (${refusal.detail}).`,
      };
    case 'too-large':
      return {
        vi: `Luồng có quá nhiều phần tử (${refusal.count}); tối đa 5.000.`,
        en: `The flow has too many elements (${refusal.count}); at most 5,000.`,
      };
    case 'too-deep':
      return {
        vi: `Quy trình con lồng nhau quá sâu; tối đa ${refusal.most} tầng.`,
        en: `Subprocesses are nested too deeply; at most ${refusal.most} levels.`,
      };
  }
}

async function engineProblems({ name, content }: Resource): Promise<readonly Problem[]> {
  const compiled = await compileDefinitions(content);
  if (compiled.ok) return [];
  return compiled.error.map(({ rule, elementId, message }) => {
    const known = ENGINE_TEXTS[rule] ?? UNKNOWN_RULE;
    const vi = elementId === null ? known.vi : `${known.vi} (${elementId})`;
    return {
      ruleId: rule,
      severity: 'error' as const,
      ...(elementId === null ? {} : { elementId }),
      resource: name,
      message: { vi, en: message },
      fix: known.fix,
    };
  });
}

async function generalProblems({ name }: Resource, flow: FlowFile): Promise<readonly Problem[]> {
  const findings = await findGeneral(flow.definitions);
  return findings.flatMap(({ ruleId, elementId }) => {
    const known = GENERAL_RULES[ruleId];
    if (known === undefined) return [];
    const { severity, message, fix, act } = known;
    const fixId = act === undefined || elementId === null ? {} : { fixId: `${ruleId}/${elementId}/${act}` };
    return [{ ruleId, severity, ...(elementId === null ? {} : { elementId }), resource: name, message, fix, ...fixId }];
  });
}

function domainProblems({ name }: Resource, flow: FlowFile, context: FlowContext): readonly Problem[] {
  const processes = flow.processes.filter((process) => process.isExecutable);
  return RULES.flatMap(({ id, severity, fix, check }) =>
    processes.flatMap((process) =>
      check({ flow, process, context }).map((found) => ({
        ruleId: id,
        severity,
        elementId: found.elementId,
        resource: name,
        message: found.message,
        fix,
        ...(found.fix === undefined ? {} : { fixId: `${id}/${found.elementId}/${found.fix}` }),
      })),
    ),
  );
}

function checkForm({ name, content }: Resource): readonly Problem[] {
  try {
    JSON.parse(content);
    return [];
  } catch (error) {
    // Text of a person: an unreadable form is an answer.
    const detail = error instanceof Error ? error.message : String(error);
    return [
      {
        ruleId: 'readable-form',
        severity: 'error',
        resource: name,
        message: { vi: `Không đọc được biểu mẫu (${detail}).`, en: `The form is not readable (${detail}).` },
        fix: { vi: 'Mở lại biểu mẫu trong trình soạn rồi lưu.', en: 'Open the form in the editor and save it again.' },
      },
    ];
  }
}
