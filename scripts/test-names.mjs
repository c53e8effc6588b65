// Finds test names that occur twice in one file, by reading the syntax tree and not by running anything. Two tests
// with one name cannot be told apart in a report, and one of them may be a forgotten copy that still tests the old thing.

import { readFileSync } from 'node:fs';
import ts from 'typescript';

const TEST_FUNCTIONS = new Set(['it', 'test']);
const SUITE_FUNCTIONS = new Set(['describe', 'suite']);
/** `%s`, `$name`: the name is completed by a row of a table, and only the suite around it makes it a sentence. */
const PLACEHOLDER = /%[sdifjo]|\$\w|\$\{/;

/** `it`, `it.skip`, `it.each(…)`, `test.prop(…)` and the like: the identifier at the very left. */
function leftmostName(expression) {
  let node = expression;
  while (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) {
    node = ts.isTaggedTemplateExpression(node) ? node.tag : node.expression;
  }
  return ts.isIdentifier(node) ? node.text : null;
}

/** A test takes a name and a function; `it.each(table)` alone is not yet a test. */
function nameOf(node, functions) {
  if (!ts.isCallExpression(node) || node.arguments.length < 2) return null;
  if (!functions.has(leftmostName(node.expression))) return null;
  const [first] = node.arguments;
  return ts.isStringLiteralLike(first) || ts.isTemplateExpression(first) ? first.getText().slice(1, -1) : null;
}

/** Every name that the file gives to more than one test, with the lines on which it does. */
export function findDuplicateTestNames(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, true);
  const found = new Map();
  const visit = (node, suites) => {
    const name = nameOf(node, TEST_FUNCTIONS);
    if (name !== null) {
      const key = PLACEHOLDER.test(name) ? [...suites, name].join(' > ') : name;
      const { lines } = found.get(key) ?? found.set(key, { name, lines: [] }).get(key);
      lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    }
    const suite = nameOf(node, SUITE_FUNCTIONS);
    ts.forEachChild(node, (child) => visit(child, suite === null ? suites : [...suites, suite]));
  };
  visit(source, []);
  return [...found.values()].filter(({ lines }) => lines.length > 1);
}
