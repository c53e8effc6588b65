// Random sound models from blocks: each block has one entry and one exit, so a model built of them can always be
// finished. Names are numbered in the order of building, so a failing model can be read.

import fc from 'fast-check';
import type { ExecutableProcess } from '../../server/engine/index.ts';
import { model } from '../support/model-builder.ts';
import type { ActivityOptions, EventOptions, ModelBuilder, MultiInstanceOptions } from '../support/model-builder.ts';

type Activity = 'user' | 'job' | 'call' | 'pass' | 'receive' | 'script' | 'decision' | 'listened';
type Catch = 'timer' | 'message' | 'signal' | 'condition' | 'either' | 'all';
type Starter = 'timer' | 'cycle' | 'message' | 'signal' | 'condition' | 'error' | 'escalation';

export type Block =
  | { readonly kind: 'activity'; readonly activity: Activity; readonly hasMappings: boolean }
  | { readonly kind: 'catch'; readonly by: Catch }
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
  | {
      readonly kind: 'sequence' | 'choice' | 'parallel' | 'inclusive' | 'race' | 'discriminator';
      readonly blocks: readonly Block[];
    }
  | { readonly kind: 'loop'; readonly body: Block }
  /** A subprocess; `each` runs it per item, `repeat` as a standard loop. */
  | {
      readonly kind: 'sub';
      readonly body: Block;
      readonly rounds: 'once' | 'each' | 'repeat';
      readonly end: 'none' | 'terminate' | 'error' | 'escalation';
      readonly on: { readonly by: Starter; readonly isInterrupting: boolean; readonly handler: Block } | null;
      readonly isUndone: boolean;
    }
  | { readonly kind: 'transaction'; readonly body: Block }
  | { readonly kind: 'adHoc'; readonly blocks: readonly Block[] };

const activity = fc.constantFrom<Activity>('user', 'job', 'call', 'pass', 'receive', 'script', 'decision', 'listened');

const leaf: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('activity' as const), activity, hasMappings: fc.boolean() }),
  fc.record({
    kind: fc.constant('catch' as const),
    by: fc.constantFrom<Catch>('timer', 'message', 'signal', 'condition', 'either', 'all'),
  }),
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
    fc.record({
      kind: fc.constantFrom(
        'choice' as const,
        'parallel' as const,
        'inclusive' as const,
        'race' as const,
        'discriminator' as const,
        'adHoc' as const,
      ),
      blocks: several(tie('block')),
    }),
    fc.record({
      kind: fc.constant('sub' as const),
      body: tie('block'),
      rounds: fc.constantFrom('once' as const, 'each' as const, 'repeat' as const),
      end: fc.constantFrom('none' as const, 'terminate' as const, 'error' as const, 'escalation' as const),
      on: fc.option(
        fc.record({
          by: fc.constantFrom<Starter>('timer', 'cycle', 'message', 'signal', 'condition', 'error', 'escalation'),
          isInterrupting: fc.boolean(),
          handler: tie('block'),
        }),
      ),
      isUndone: fc.boolean(),
    }),
    tie('block').map((body): Block => ({ kind: 'transaction', body })),
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
      return single(addCatch(building, part.by));
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
    case 'inclusive':
      return buildInclusive(building, part.blocks);
    case 'race':
      return buildRace(building, part.blocks);
    case 'discriminator':
      return buildDiscriminator(building, part.blocks);
    case 'sub':
      return buildSub(building, part);
    case 'transaction':
      return buildTransaction(building, part.body);
    case 'adHoc':
      return single(buildAdHoc(building, part.blocks));
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
    case 'script':
      builder.script(id, '=choice', 'result', options);
      break;
    case 'decision':
      builder.decide(id, 'rule', 'result', options);
      break;
    case 'listened':
      builder.serviceTask(id, { ...options, startListeners: ['before'], endListeners: ['after'] });
      break;
    case 'pass':
      builder.task(id, options);
  }
  return id;
}

const EVENTS: Readonly<Record<Exclude<Starter, 'error' | 'escalation'>, EventOptions>> = {
  timer: { duration: 'PT1H' },
  cycle: { cycle: 'R2/PT1H' },
  message: { message: 'm', key: '="k"' },
  signal: { signal: 's' },
  condition: { condition: '=choice = 2' },
};

function addCatch({ builder, name }: Building, by: Catch): string {
  const id = name('catch');
  const several = [EVENTS.timer, EVENTS.message, EVENTS.signal];
  if (by === 'either' || by === 'all') builder.catching(id, several, { isParallel: by === 'all' });
  else builder.catching(id, EVENTS[by]);
  return id;
}

function buildInclusive(building: Building, blocks: readonly Block[]): Ends {
  const { builder, name } = building;
  const [split, join] = [name('or'), name('orJoin')];
  const parts = blocks.map((inner) => build(building, inner));
  const last = parts.at(-1)?.entry ?? '';
  builder.inclusive(split, { default: `${split}_${last}` }).inclusive(join);
  parts.forEach(({ entry, exit }, index) => {
    builder.flow(split, entry, entry === last ? undefined : `=choice >= ${index}`).path(exit, join);
  });
  return { entry: split, exit: join };
}

/** The first event decides which block is run. */
function buildRace(building: Building, blocks: readonly Block[]): Ends {
  const { builder, name } = building;
  const [gateway, merge] = [name('race'), name('merge')];
  const kinds = ['timer', 'message', 'signal'] as const;
  builder.eventGateway(gateway).exclusive(merge);
  blocks.forEach((inner, index) => {
    const { entry, exit } = build(building, inner);
    const event = addCatch(building, kinds[index] ?? 'timer');
    builder.path(gateway, event, entry).path(exit, merge);
  });
  return { entry: gateway, exit: merge };
}

/** Goes on after the first branch; the others are swallowed. */
function buildDiscriminator(building: Building, blocks: readonly Block[]): Ends {
  const { builder, name } = building;
  const [fork, join] = [name('fork'), name('complex')];
  builder.parallel(fork).complex(join, { when: '=activationCount >= 1' });
  for (const { entry, exit } of blocks.map((inner) => build(building, inner)))
    builder.path(fork, entry).path(exit, join);
  return { entry: fork, exit: join };
}

/** Errors are caught at the boundary; what was done is undone behind it when that is asked for. */
function buildSub(building: Building, part: Extract<Block, { kind: 'sub' }>): Ends {
  const { builder, name } = building;
  const [id, start, end, merge] = [name('sub'), name('start'), name('end'), name('merge')];
  const rounds = {
    once: {},
    each: { each: { of: '=items', as: 'item' } },
    repeat: { loop: { max: 2 } },
  }[part.rounds];
  builder.sub(
    id,
    (inner) => {
      const inside = { builder: inner, name };
      const { entry, exit } = build(inside, part.body);
      addEnd(inner, end, part.end);
      if (part.on !== null) addEventSubProcess(inside, part.on);
      const undone = name('job');
      const undo = name('job');
      if (part.isUndone) inner.serviceTask(undone).serviceTask(undo, { isForCompensation: true }).undo(undone, undo);
      return part.isUndone
        ? inner.start(start).path(start, undone, entry).path(exit, end)
        : inner.start(start).path(start, entry).path(exit, end);
    },
    rounds,
  );
  const [caught, heard] = [name('boundary'), name('boundary')];
  builder
    .boundary(caught, id, { error: null })
    .boundary(heard, id, { escalation: 'UP' }, { isInterrupting: false })
    .exclusive(merge)
    .path(id, merge)
    .path(caught, merge);
  if (!part.isUndone) return { entry: id, exit: merge };
  const undo = name('undo');
  builder.throwing(undo, { compensate: null }).path(merge, undo);
  return { entry: id, exit: undo };
}

function addEnd(builder: ModelBuilder, id: string, end: 'none' | 'terminate' | 'error' | 'escalation'): void {
  if (end === 'none') builder.end(id);
  else if (end === 'terminate') builder.endWith(id, { terminate: true });
  else if (end === 'error') builder.endWith(id, { error: 'NO' });
  else builder.endWith(id, { escalation: 'UP' });
}

function addEventSubProcess({ builder, name }: Building, on: NonNullable<Extract<Block, { kind: 'sub' }>['on']>): void {
  const id = name('esp');
  const isInterrupting = on.by === 'error' || (on.isInterrupting && on.by !== 'cycle');
  const event: EventOptions =
    on.by === 'error' ? { error: 'NO' } : on.by === 'escalation' ? { escalation: 'UP' } : EVENTS[on.by];
  builder.on(
    id,
    event,
    (inner) => {
      const { entry, exit } = build({ builder: inner, name }, on.handler);
      const end = name('end');
      return inner.end(end).path(`${id}_start`, entry).path(exit, end);
    },
    { isInterrupting },
  );
}

/** Is cancelled when `choice` is 2. */
function buildTransaction(building: Building, body: Block): Ends {
  const { builder, name } = building;
  const [id, start, gate, done, stop] = [name('transaction'), name('start'), name('xor'), name('end'), name('cancel')];
  builder.sub(
    id,
    (inner) => {
      const { entry, exit } = build({ builder: inner, name }, body);
      const [work, undo] = [name('job'), name('job')];
      return inner
        .start(start)
        .serviceTask(work)
        .serviceTask(undo, { isForCompensation: true })
        .undo(work, undo)
        .exclusive(gate, { default: `${gate}_${done}` })
        .end(done)
        .endWith(stop, { cancel: true })
        .path(start, work, entry)
        .path(exit, gate, done)
        .flow(gate, stop, '=choice = 2');
    },
    { kind: 'transaction' },
  );
  const [cancelled, merge] = [name('boundary'), name('merge')];
  builder.boundary(cancelled, id, { cancel: true }).exclusive(merge).path(id, merge).path(cancelled, merge);
  return { entry: id, exit: merge };
}

function buildAdHoc(building: Building, blocks: readonly Block[]): string {
  const { builder, name } = building;
  const id = name('adHoc');
  let entries: readonly string[] = [];
  builder.sub(
    id,
    (inner) => {
      const entriesInside = blocks.map((part) => build({ builder: inner, name }, part).entry);
      entries = entriesInside;
      return inner;
    },
    { kind: 'adHocSubProcess', activate: '=todo' },
  );
  // The list is an expression of the model, so that no test variable has to know it.
  builder.replaceIn(id, '=todo', `=[${entries.map((entry) => `"${entry}"`).join(', ')}]`);
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
