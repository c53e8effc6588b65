// `tram decision eval` and `tram decision check`: a decision file on its own, without server and database. The answer is
// explained in Vietnamese for the people who own the rules, or given as JSON for programs.

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DecisionModel, DecisionSource, Json, JsonDecision, JsonEvaluation, Variables } from '../engine/index.ts';
import { compileDecisions, evaluateJson, textOfFinding } from '../engine/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { Instant } from '../shared/time.ts';
import type { Arguments } from './arguments.ts';
import { onePositional, readArguments, requireText } from './arguments.ts';
import type { CliContext } from './context.ts';
import { readInput } from './files.ts';
import { usageError } from './texts.ts';

export function runDecision(argv: readonly string[], context: CliContext): Promise<number> {
  const [action, ...rest] = argv;
  const args = readArguments(rest, { texts: ['decision', 'input', 'now'], switches: ['json'] });
  if (action === 'eval') return Promise.resolve(evaluate(args, context));
  if (action === 'check') return Promise.resolve(check(args, context));
  throw usageError('tram decision eval|check');
}

const textOf = (path: string): string => new TextDecoder().decode(readInput(path));

/** The file, compiled with the decision files beside it for its imports. */
function loadModel(path: string): DecisionModel {
  const folder = dirname(path);
  const main: DecisionSource = { resourceName: basename(path), xml: textOf(path) };
  const others = readdirSync(folder)
    .filter((name) => name.endsWith('.dmn') && name !== main.resourceName)
    .map((name): DecisionSource => ({ resourceName: name, xml: textOf(join(folder, name)) }));
  const compiled = compileDecisions(main, others);
  if (compiled.ok) return compiled.value;
  const problems = compiled.error.map(
    ({ line, column, elementId, message }) => `  ${line}:${column} ${elementId ?? ''} ${message}`,
  );
  throw new AppError('rule', 'DEFINITION_INVALID', problems.join('\n'));
}

function readVariables(text: string): Variables {
  const source = text.startsWith('@') ? textOf(text.slice(1)) : text;
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new AppError('invalid-input', 'CLI_INPUT_INVALID', 'The input is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('invalid-input', 'CLI_INPUT_INVALID', 'The input is not a JSON object');
  }
  return value as Variables; // JSON.parse makes nothing but JSON
}

function readNow(args: Arguments, context: CliContext): Instant {
  const given = args.text('now');
  const at = given === null ? context.now() : new Date(given);
  if (Number.isNaN(at.getTime())) throw usageError('--now');
  return at.toISOString() as Instant; // the form of an Instant
}

function evaluate(args: Arguments, context: CliContext): number {
  const model = loadModel(onePositional(args));
  const decision = requireText(args, 'decision');
  const variables = readVariables(args.text('input') ?? '{}');
  const request = { decision, variables, now: readNow(args, context), isExplained: true };
  const evaluated = evaluateJson(model, request);
  if (!evaluated.ok) {
    const known = model.decisions.map(({ id }) => id).join(', ');
    throw new AppError('not-found', 'CLI_DECISION_UNKNOWN', `Known decisions: ${known}`);
  }
  context.print(args.has('json') ? JSON.stringify(evaluated.value, null, 2) : render(evaluated.value).join('\n'));
  return evaluated.value.failure === null ? 0 : 1;
}

const shown = (value: Json): string => JSON.stringify(value);

function render({ output, failure, decisions, warnings }: JsonEvaluation): readonly string[] {
  const head = failure === null ? `Kết quả: ${shown(output)}` : `Không tính được: ${failure.message}`;
  const notes = [...new Set(warnings)].map((warning) => `Lưu ý: ${warning}`);
  return [head, ...decisions.flatMap(renderDecision), ...(notes.length > 0 ? ['', ...notes] : [])];
}

function renderDecision(decision: JsonDecision): readonly string[] {
  const { decisionName, decisionId, requirements, inputs, hitPolicy, matchedRules, refusedRules, result } = decision;
  const lines = ['', `Quyết định ${decisionName === '' ? decisionId : decisionName} = ${shown(result)}`];
  for (const { name, value } of requirements) lines.push(`  cần ${name} = ${shown(value)}`);
  if (hitPolicy === null) return lines;
  lines.push(`  bảng quy tắc, cách lấy dòng ${hitPolicy}`);
  for (const { name, value } of inputs) lines.push(`  điều kiện ${name} = ${shown(value)}`);
  for (const { ruleIndex, outputs } of matchedRules) {
    const values = outputs.map(({ name, value }) => `${name === '' ? 'kết quả' : name} = ${shown(value)}`);
    lines.push(`  ✓ dòng ${ruleIndex} khớp: ${values.join(', ')}`);
  }
  for (const { ruleIndex, input, cell, value } of refusedRules) {
    lines.push(`  ✗ dòng ${ruleIndex}: ${input} = ${shown(value)} không thỏa "${cell}"`);
  }
  if (matchedRules.length === 0) lines.push('  không dòng nào khớp');
  return lines;
}

function check(args: Arguments, context: CliContext): number {
  const tables = loadModel(onePositional(args)).checkTables();
  const count = tables.reduce((sum, { findings }) => sum + findings.length, 0);
  if (args.has('json')) context.print(JSON.stringify(tables, null, 2));
  else {
    for (const { elementName, elementId, findings } of tables) {
      const name = elementName === '' ? elementId : elementName;
      context.print(findings.length === 0 ? `${name}: không có gì phải sửa` : `${name}:`);
      for (const finding of findings) context.print(`  ${textOfFinding(finding, 'vi')}`);
    }
  }
  return count === 0 ? 0 : 1;
}
