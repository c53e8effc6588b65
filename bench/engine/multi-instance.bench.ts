// What one element of a multi-instance costs in the core, at 10 items and at 10,000: beginning it, and completing it
// while all others wait. Both sizes take turns round by round in one run. The goal is 1.5; completing is far above it,
// because a step copies the records of all that is active, whatever it changes.

import { compileDefinitions, decide, type Command, type InstanceState } from '../../server/engine/index.ts';
import { asId, type Key } from '../../server/shared/ids.ts';
import { instantOf } from '../../server/shared/time.ts';
import { model } from '../../test/support/model-builder.ts';

const SMALL = 10;
const LARGE = 10_000;
const ROUNDS = 5;
const COMPLETIONS = 20;

const xml = model('bench')
  .start()
  .userTask('A', { each: { of: '=items', as: 'item', collect: '=item', into: 'all' } })
  .end()
  .path('start', 'A', 'end')
  .toXml();
const compiled = await compileDefinitions(xml);
const process_ = compiled.ok ? compiled.value[0] : undefined;
if (process_ === undefined) throw new Error('The model does not compile');
const model_ = process_;

let lastKey = 4_300_000_000;
const context = {
  now: instantOf(new Date(0)),
  nextKey: (): Key => {
    lastKey += 1;
    return asId<Key>(String(lastKey));
  },
};

function give(state: InstanceState | null, command: Command): InstanceState {
  const decision = decide(model_, state, command, context);
  if (!decision.ok) throw new Error(decision.error.message);
  return decision.value.state;
}

interface Cost {
  begin: number;
  complete: number;
}

/** Microseconds per element. */
function measure(size: number): Cost {
  const items = Array.from({ length: size }, (_, index) => index);
  const begunAt = performance.now();
  let state = give(null, {
    type: 'start-instance',
    instanceKey: asId<Key>('77'),
    variables: { items },
    parent: null,
  });
  const begin = ((performance.now() - begunAt) * 1_000) / size;
  const tasks = Object.values(state.elements).flatMap(({ waits }) =>
    waits.flatMap((wait) => (wait.kind === 'task' ? [wait.taskKey] : [])),
  );
  const count = Math.min(COMPLETIONS, size - 1);
  const completedAt = performance.now();
  for (const taskKey of tasks.slice(0, count)) state = give(state, { type: 'complete-task', taskKey, variables: {} });
  return { begin, complete: ((performance.now() - completedAt) * 1_000) / count };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

measure(SMALL);
measure(LARGE);
const costs: { readonly small: Cost; readonly large: Cost }[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const small = Array.from({ length: 20 }, () => measure(SMALL));
  const begin = median(small.map((cost) => cost.begin));
  costs.push({ small: { begin, complete: median(small.map((cost) => cost.complete)) }, large: measure(LARGE) });
}
const row = (what: keyof Cost): readonly [number, number] => [
  median(costs.map((cost) => cost.small[what])),
  median(costs.map((cost) => cost.large[what])),
];
for (const what of ['begin', 'complete'] as const) {
  const [small, large] = row(what);
  console.log(
    `${what.padEnd(9)} ${small.toFixed(0)} µs per element of ${SMALL}, ${large.toFixed(0)} µs of ${LARGE}: ratio ${(large / small).toFixed(1)}`,
  );
}
