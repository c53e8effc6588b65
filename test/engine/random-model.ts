// Random sound models from blocks: each block has one entry and one exit, so a model built of them can always be
// finished. Names are numbered in the order of building, so a failing model can be read.

import fc from 'fast-check';
import type { ExecutableProcess } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import type { ActivityOptions, ModelBuilder, MultiInstanceOptions } from '../support/model-builder.ts';

type Activity = 'user' | 'job' | 'call' | 'pass' | 'receive';

export type Block =
  | { readonly kind: 'activity'; readonly activity: Activity; readonly hasMappings: boolean }
  | { readonly kind: 'catch'; readonly isTimer: boolean }
  | {
      readonly kind: 'each';
      readonly activity: Activity;
      readonly isSequential: boolean;
      readonly until: string | null;
    }
  | {
      readonly kind: 'boundary';
      readonly activity: Activity;
      readonly each: boolean;
      readonly event: 'timer' | 'cycle' | 'message';
      readonly isInterrupting: boolean;
      readonly handler: Block;
    }
  | { readonly kind: 'sequence' | 'choice' | 'parallel'; readonly blocks: readonly Block[] }
  | { readonly kind: 'loop'; readonly body: Block };

const activity = fc.constantFrom<Activity>('user', 'job', 'call', 'pass', 'receive');

const leaf: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('activity' as const), activity, hasMappings: fc.boolean() }),
  fc.record({ kind: fc.constant('catch' as const), isTimer: fc.boolean() }),
  fc.record({
    kind: fc.constant('each' as const),
    activity,
    isSequential: fc.boolean(),
    until: fc.constantFrom(null, '=numberOfCompletedInstances >= 2'),
  }),
);

const several = (inner: fc.Arbitrary<Block>): fc.Arbitrary<readonly Block[]> =>
  fc.array(inner, { minLength: 2, maxLength: 3 });

export const { block } = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    several(tie('block')).map((blocks): Block => ({ kind: 'sequence', blocks })),
    several(tie('block')).map((blocks): Block => ({ kind: 'choice', blocks })),
    several(tie('block')).map((blocks): Block => ({ kind: 'parallel', blocks })),
    tie('block').map((body): Block => ({ kind: 'loop', body })),
    fc.record({
      kind: fc.constant('boundary' as const),
      activity,
      each: fc.boolean(),
      event: fc.constantFrom('timer' as const, 'cycle' as const, 'message' as const),
      isInterrupting: fc.boolean(),
      handler: tie('block'),
    }),
  ),
}));

interface Ends {
  readonly entry: string;
  readonly exit: string;
}

interface Building {
  readonly builder: ModelBuilder;
  readonly name: (prefix: string) => string;
}

export function toModel(root: Block): ModelBuilder {
  let count = 0;
  const builder = model().start().end();
  const name = (prefix: string): string => `${prefix}${(count += 1)}`;
  const { entry, exit } = build({ builder, name }, root);
  return builder.path('start', entry).path(exit, 'end');
}

const EACH: MultiInstanceOptions = { of: '=items', as: 'item', collect: '=result', into: 'results' };

function build(building: Building, part: Block): Ends {
  switch (part.kind) {
    case 'activity':
      return single(addActivity(building, part.activity, part.hasMappings ? MAPPINGS : {}));
    case 'catch':
      return single(addCatch(building, part.isTimer));
    case 'each': {
      const until = part.until === null ? {} : { until: part.until };
      return single(
        addActivity(building, part.activity, { each: { ...EACH, isSequential: part.isSequential, ...until } }),
      );
    }
    case 'sequence':
      return buildSequence(building, part.blocks);
    case 'choice':
      return buildChoice(building, part.blocks);
    case 'parallel':
      return buildParallel(building, part.blocks);
    case 'loop':
      return buildLoop(building, part.body);
    case 'boundary':
      return buildBoundary(building, part);
  }
}

const single = (id: string): Ends => ({ entry: id, exit: id });

const MAPPINGS = {
  inputs: [['=choice', 'picked']],
  outputs: [
    ['=picked', 'last.picked'],
    ['=result', 'last.result'],
  ],
} as const;

function addActivity({ builder, name }: Building, kind: Activity, options: ActivityOptions): string {
  const id = name(kind);
  switch (kind) {
    case 'user':
      builder.userTask(id, options);
      break;
    case 'job':
      builder.serviceTask(id, options);
      break;
    case 'call':
      builder.call(id, { process: 'other', ...options });
      break;
    case 'receive':
      builder.receiveTask(id, { message: 'm', key: '="k"', ...options });
      break;
    case 'pass':
      builder.task(id, options);
  }
  return id;
}

function addCatch({ builder, name }: Building, isTimer: boolean): string {
  const id = name('catch');
  if (isTimer) builder.catchTimer(id, { duration: 'PT1H' });
  else builder.catchMessage(id, { message: 'm', key: '="k"' });
  return id;
}

function buildSequence(building: Building, blocks: readonly Block[]): Ends {
  const parts = blocks.map((inner) => build(building, inner));
  parts.slice(1).forEach((next, index) => building.builder.path(parts[index]?.exit ?? '', next.entry));
  return { entry: parts[0]?.entry ?? '', exit: parts.at(-1)?.exit ?? '' };
}

function buildChoice(building: Building, blocks: readonly Block[]): Ends {
  const { builder, name } = building;
  const [split, merge] = [name('xor'), name('merge')];
  const parts = blocks.map((inner) => build(building, inner));
  const last = parts.at(-1)?.entry ?? '';
  builder.exclusive(split, { default: `${split}_${last}` }).exclusive(merge);
  parts.forEach(({ entry, exit }, index) => {
    builder.flow(split, entry, entry === last ? undefined : `=choice = ${index}`).path(exit, merge);
  });
  return { entry: split, exit: merge };
}

function buildParallel(building: Building, blocks: readonly Block[]): Ends {
  const { builder, name } = building;
  const [fork, join] = [name('fork'), name('join')];
  builder.parallel(fork).parallel(join);
  for (const { entry, exit } of blocks.map((inner) => build(building, inner)))
    builder.path(fork, entry).path(exit, join);
  return { entry: fork, exit: join };
}

/** Contains a user task, because a loop that never waits is refused. */
function buildLoop(building: Building, body: Block): Ends {
  const { builder, name } = building;
  const [again, wait, more] = [name('again'), name('user'), name('more')];
  const { entry, exit } = build(building, body);
  const leave = name('pass');
  builder
    .exclusive(again)
    .userTask(wait)
    .task(leave)
    .exclusive(more, { default: `${more}_${leave}` });
  builder.path(again, wait, entry).path(exit, more, leave).flow(more, again, '=again');
  return { entry: again, exit: leave };
}

/** An interrupting event's path merges with the normal one; a non-interrupting one's ends by itself. */
function buildBoundary(building: Building, part: Extract<Block, { kind: 'boundary' }>): Ends {
  const { builder, name } = building;
  const host = addActivity(building, part.activity, part.each ? { each: EACH } : {});
  const [event, merge] = [name('boundary'), name('merge')];
  const handler = build(building, part.handler);
  const isInterrupting = part.isInterrupting && part.event !== 'cycle';
  if (part.event === 'message') builder.boundaryMessage(event, host, { message: 'm', key: '="k"', isInterrupting });
  else if (part.event === 'cycle') builder.boundaryTimer(event, host, { cycle: 'R2/PT1H', isInterrupting });
  else builder.boundaryTimer(event, host, { duration: 'PT1H', isInterrupting });
  builder.exclusive(merge).path(event, handler.entry).path(host, merge);
  if (isInterrupting) builder.path(handler.exit, merge);
  return { entry: host, exit: merge };
}

export const elementKindsOf = (process: ExecutableProcess): readonly string[] =>
  Object.values(process.elements).map((element) => element.kind);
