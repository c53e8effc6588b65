// Small tables for tests: a row is its input entries, then its output entries.

import { readDefinitions } from '../../../server/engine/decisions/model/read-definitions.ts';
import type { DecisionTable } from '../../../server/engine/decisions/model/definitions.ts';

export interface TableSketch {
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[];
  readonly hitPolicy?: string;
  readonly aggregation?: string;
  readonly rows: readonly (readonly string[])[];
  /** Further XML inside an input or an output, by its name. */
  readonly extra?: Readonly<Record<string, string>>;
}

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
const textElement = (name: string, text: string, id: string): string =>
  `<${name} id="${id}"><text>${escape(text)}</text></${name}>`;

export function tableXml({ inputs, outputs = ['out'], hitPolicy, aggregation, rows, extra = {} }: TableSketch): string {
  const policy = hitPolicy === undefined ? '' : ` hitPolicy="${hitPolicy}"`;
  const aggregate = aggregation === undefined ? '' : ` aggregation="${aggregation}"`;
  const inputXml = inputs.map(
    (input, index) =>
      `<input id="in${index + 1}" label="${input}"><inputExpression id="ie${index + 1}"><text>${input}</text></inputExpression>${extra[input] ?? ''}</input>`,
  );
  const outputXml = outputs.map(
    (output, index) => `<output id="out${index + 1}" name="${output}">${extra[output] ?? ''}</output>`,
  );
  const rules = rows.map((row, index) => {
    const cells = row.map((cell, column) =>
      textElement(column < inputs.length ? 'inputEntry' : 'outputEntry', cell, `c${index + 1}_${column + 1}`),
    );
    return `<rule id="r${index + 1}">${cells.join('')}</rule>`;
  });
  return `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="defs" name="Defs" namespace="urn:sample">
    <decision id="d" name="d"><variable name="d"/>
    <decisionTable id="table"${policy}${aggregate}>${[...inputXml, ...outputXml, ...rules].join('\n')}</decisionTable></decision></definitions>`;
}

export function tableOf(sketch: TableSketch): DecisionTable {
  const read = readDefinitions(tableXml(sketch));
  if (!read.ok) throw new Error(read.error.message);
  const table = read.value.decisions[0]?.expression;
  if (table?.kind !== 'table') throw new Error('Expected a table');
  return table;
}
