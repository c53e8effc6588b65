// FEEL against feelin and against plain JavaScript, interleaved in one run, so that a busy machine slows all three.
// Budget: a compiled gateway condition is at least 50 times as fast as feelin's evaluate and at most 5 times as slow as
// the same condition written in JavaScript over the same lookup. Compile times of table cells are printed beside.

import { evaluate } from 'feelin';
import { compileExpression, compileUnaryTests } from '../../server/engine/expressions/feel/index.ts';
import type { FeelScope } from '../../server/engine/expressions/feel/index.ts';

interface Order {
  readonly amount: number;
  readonly priority: string;
  readonly urgent: boolean;
  readonly sender: { readonly level: number };
}

const CONDITION = 'amount > 1000 and priority = "high" or not(urgent) and sender.level >= 3';
const ORDERS: readonly Order[] = Array.from({ length: 64 }, (_, index) => ({
  amount: 900 + index * 10,
  priority: index % 3 === 0 ? 'high' : 'normal',
  urgent: index % 2 === 0,
  sender: { level: index % 5 },
}));

const VARIABLES: readonly Readonly<Record<string, unknown>>[] = ORDERS.map((order) => ({ ...order }));

function own(variables: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** The same condition by hand: typed, with the names looked up as own properties, as the engine must look them up. */
function inJavaScript(variables: Readonly<Record<string, unknown>>): boolean {
  const amount = own(variables, 'amount');
  if (typeof amount === 'number' && amount > 1000 && own(variables, 'priority') === 'high') return true;
  if (own(variables, 'urgent') !== false) return false;
  const sender = own(variables, 'sender');
  if (typeof sender !== 'object' || sender === null || !Object.hasOwn(sender, 'level')) return false;
  const { level } = sender as { readonly level: unknown }; // just looked up
  return typeof level === 'number' && level >= 3;
}

const compiled = compileExpression(CONDITION, { dialect: 'camunda' });
if (!compiled.ok) throw new Error('the condition does not compile');
const expression = compiled.value;

// The orders hold numbers, texts, booleans and objects of these, all of which are FEEL values.
const SCOPES: readonly FeelScope[] = VARIABLES.map((variables) => ({
  find: (name) => (Object.hasOwn(variables, name) ? (variables[name] as number) : undefined),
}));

let counted = 0;
const rounds = {
  feel: (repeat: number) => {
    for (let count = 0; count < repeat; count += 1) {
      for (const scope of SCOPES) if (expression.evaluate(scope).value === true) counted += 1;
    }
  },
  javascript: (repeat: number) => {
    for (let count = 0; count < repeat; count += 1) {
      for (const variables of VARIABLES) if (inJavaScript(variables)) counted += 1;
    }
  },
  feelin: (repeat: number) => {
    for (let count = 0; count < repeat; count += 1) {
      for (const order of ORDERS) if (evaluate(CONDITION, { ...order }, 'camunda').value === true) counted += 1;
    }
  },
};

const REPEATS = { feel: 10_000, javascript: 20_000, feelin: 4 } as const;
type Name = keyof typeof rounds;
const NAMES: readonly Name[] = ['feel', 'javascript', 'feelin'];
const nanos: Record<Name, number[]> = { feel: [], javascript: [], feelin: [] };

for (let round = 0; round < 12; round += 1) {
  for (const name of NAMES) {
    const begin = process.hrtime.bigint();
    rounds[name](REPEATS[name]);
    const spent = Number(process.hrtime.bigint() - begin);
    // The first rounds warm up.
    if (round >= 2) nanos[name].push(spent / (REPEATS[name] * ORDERS.length));
  }
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const [feel, javascript, feelin] = NAMES.map((name) => middle(nanos[name]));
if (feel === undefined || javascript === undefined || feelin === undefined) throw new Error('nothing was measured');

function compileTimes(): { readonly simple: number; readonly rich: number } {
  const time = (texts: readonly string[]): number => {
    const begin = process.hrtime.bigint();
    for (const text of texts) if (!compileUnaryTests(text).ok) throw new Error(text);
    return Number(process.hrtime.bigint() - begin) / 1e6;
  };
  time(Array.from({ length: 500 }, (_, index) => `warm ${index}`.replace('warm', '? >')));
  return {
    simple: time(
      Array.from({ length: 6_000 }, (_, index) => (index % 2 === 0 ? `"v${index}"` : `[${index}..${index + 9}]`)),
    ),
    rich: time(Array.from({ length: 1_000 }, (_, index) => `starts with(?, "v${index}")`)),
  };
}

const compiling = compileTimes();
const row = (label: string, value: string): void => console.log(`${label.padEnd(44)} ${value}`);
row('one evaluation, compiled', `${feel.toFixed(0)} ns`);
row('the same in JavaScript', `${javascript.toFixed(0)} ns`);
row('the same with feelin', `${feelin.toFixed(0)} ns`);
row('faster than feelin (at least 50)', `${(feelin / feel).toFixed(0)} ×`);
row('slower than JavaScript (at most 5)', `${(feel / javascript).toFixed(1)} ×`);
row('compiling 6,000 plain cells', `${compiling.simple.toFixed(0)} ms`);
row('compiling 1,000 cells with a call', `${compiling.rich.toFixed(0)} ms`);
if (counted === 0) throw new Error('no condition was true');
if (feelin / feel < 50 || feel / javascript > 5) {
  console.error('The budget is not met.');
  process.exitCode = 1;
}
